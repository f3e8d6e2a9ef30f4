"""Who may open what: every address of the portal, asked by every role.

The table is written by hand, so that a reviewer reads the promise itself. An address
that is not in it fails the test, on the day it is made.
"""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.enums import RowOutcome
from companies.models import ImportRow, ParticipantImport
from companies.tests.factories import MembershipFactory, ParticipantFactory
from reporting.models import ReportExport, ReportingPeriod
from trainings.tests.factories import EnrolmentFactory, SessionFactory

pytestmark = pytest.mark.django_db

OK, MOVED, NOT_FOUND = 200, 302, 404

# The rows asked for belong to the company of `hr`; the occasion is open to all HR,
# one workbook is released. A trace of a page that exists is never 403.
ROLES = ("nobody", "former_hr", "other_hr", "hr", "leader", "funder")
NONE_BUT_HR = (NOT_FOUND, NOT_FOUND, NOT_FOUND, OK, OK, NOT_FOUND)
EVERY_HR = (NOT_FOUND, NOT_FOUND, OK, OK, OK, NOT_FOUND)
LEADER = (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, OK, NOT_FOUND)
LEADER_ACTS = (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, MOVED, NOT_FOUND)
NONE_BUT_HR_ACTS = (NOT_FOUND, NOT_FOUND, NOT_FOUND, MOVED, MOVED, NOT_FOUND)
REPORTS = (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, OK, OK)
EVERYBODY = (OK,) * len(ROLES)

GET = {
    "home": EVERYBODY,
    "cookies": EVERYBODY,
    "health": EVERYBODY,
    "companies:participants": EVERY_HR,
    "companies:participant-new": EVERY_HR,
    "companies:participant": NONE_BUT_HR,
    "companies:participant-change": NONE_BUT_HR,
    "trainings:occasions": EVERY_HR,
    "trainings:occasion": EVERY_HR,
    "trainings:nominate": EVERY_HR,
    "trainings:withdraw": NONE_BUT_HR,
    "trainings:occasion-step": LEADER,
    "trainings:attendance": LEADER,
    "trainings:uploads": EVERY_HR,
    "trainings:upload-new": EVERY_HR,
    "trainings:upload-template": EVERY_HR,
    "trainings:upload": NONE_BUT_HR,
    "trainings:upload-status": NONE_BUT_HR,
    "trainings:upload-row": NONE_BUT_HR,
    "trainings:upload-errors": NONE_BUT_HR,
    "reporting:periods": REPORTS,
    "reporting:period": LEADER,
    "reporting:export": REPORTS,
    "reporting:export-status": LEADER,
    "reporting:export-release": LEADER,
    "reporting:export-download": REPORTS,
}
POST = {
    "trainings:confirm": LEADER_ACTS,
    "trainings:withdraw": NONE_BUT_HR_ACTS,
    "trainings:occasion-step": LEADER_ACTS,
    "trainings:upload-confirm": NONE_BUT_HR_ACTS,
    "trainings:upload-discard": NONE_BUT_HR_ACTS,
    "trainings:upload-take-back": NONE_BUT_HR_ACTS,
    "reporting:export-new": LEADER_ACTS,
    "reporting:export-release": LEADER_ACTS,
    "set-language": (MOVED,) * len(ROLES),
}
OPEN_TO_STRANGERS = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "cookies",
    "health",
    "set-language",
}


def views(resolver=None, namespace=""):
    """Walk the URL table; the admin, which has rights of its own, is left out."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if str(pattern.pattern).startswith("admin/"):
            continue
        if not hasattr(pattern, "url_patterns"):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from views(pattern, inner)


class World:
    """One row of each kind, all of one company, and a user of each role."""

    def __init__(self):
        hr = MembershipFactory()
        self.users = {
            "nobody": UserFactory(),
            "former_hr": MembershipFactory(
                company=hr.company, ended_on=dt.date(2026, 1, 31)
            ).user,
            "other_hr": MembershipFactory().user,
            "hr": hr.user,
            "leader": make_leader(),
            "funder": make_funder(),
        }
        self.person = ParticipantFactory(company=hr.company)
        self.seat = EnrolmentFactory(participant=self.person)
        SessionFactory(occasion=self.seat.occasion)
        self.batch = self._batch(hr)
        self.export = self._export()

    def _batch(self, hr):
        now = timezone.now()
        batch = ParticipantImport.objects.create(
            company=hr.company,
            requested_by=hr.user,
            file_name="lista.csv",
            sha256="0" * 64,
            read_at=now,
            finished_at=now,
        )
        row = ImportRow(
            batch=batch,
            line=2,
            outcome=RowOutcome.FAULTY,
            errors=[["Personnummer", "number-form", {}]],
        )
        row.content = {"typed": {"personal_number": "anka"}, "values": {}}
        row.save()
        return batch

    def _export(self):
        period = ReportingPeriod.objects.create(
            starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
        )
        now = timezone.now()
        return ReportExport.objects.create(
            period=period,
            requested_by=self.users["leader"],
            finished_at=now,
            released_at=now,
            file=ContentFile(b"leader", "leader.xlsx"),
            funder_file=ContentFile(b"funder", "funder.xlsx"),
        )

    def url(self, name):
        occasion, batch, export = self.seat.occasion.ref, self.batch.pk, self.export
        period = [export.period.starts_on, export.period.ends_on]
        arguments = {
            "companies:participant": [self.person.ref],
            "companies:participant-change": [self.person.ref],
            "trainings:occasion": [occasion],
            "trainings:nominate": [occasion],
            "trainings:confirm": [occasion],
            "trainings:attendance": [occasion],
            "trainings:withdraw": [occasion, self.seat.ref],
            "trainings:occasion-step": [occasion, "cancel"],
            "trainings:upload": [batch],
            "trainings:upload-status": [batch],
            "trainings:upload-row": [batch, 2],
            "trainings:upload-errors": [batch],
            "trainings:upload-confirm": [batch],
            "trainings:upload-discard": [batch],
            "trainings:upload-take-back": [batch],
            "reporting:period": period,
            "reporting:export-new": period,
            "reporting:export": [export.pk],
            "reporting:export-status": [export.pk],
            "reporting:export-release": [export.pk],
            "reporting:export-download": [export.pk],
        }
        return reverse(name, args=arguments.get(name))

    def answers(self, client, method, name):
        """Ask as each role in turn; nothing that one of them does is left behind."""
        url = self.url(name)
        for role in ROLES:
            with transaction.atomic():
                client.force_login(self.users[role])
                response = getattr(client, method)(url)
                if response.streaming:
                    b"".join(response)  # Read to its end, a file is closed.
                yield response.status_code
                transaction.set_rollback(True)


@pytest.fixture
def world():
    return World()


def test_every_address_is_in_the_table():
    own = {name for name, _view in views() if not name.startswith("account_")}

    assert own == set(GET) | set(POST)


@pytest.mark.parametrize("name", GET)
def test_who_may_look(name, client, world):
    found = tuple(world.answers(client, "get", name))

    assert dict(zip(ROLES, found, strict=True)) == dict(
        zip(ROLES, GET[name], strict=True)
    )


@pytest.mark.parametrize("name", POST)
def test_who_may_act(name, client, world):
    found = tuple(world.answers(client, "post", name))

    assert dict(zip(ROLES, found, strict=True)) == dict(
        zip(ROLES, POST[name], strict=True)
    )


@pytest.mark.parametrize("name", [n for n in GET if NOT_FOUND in GET[n]])
def test_who_may_not_look_may_not_post_either(name, client, world):
    answers = dict(zip(ROLES, world.answers(client, "post", name), strict=True))

    for role, may_look in zip(ROLES, GET[name], strict=True):
        if may_look == NOT_FOUND:
            assert answers[role] in {NOT_FOUND, 405}, role


@pytest.mark.parametrize("name", sorted((set(GET) | set(POST)) - OPEN_TO_STRANGERS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in(name, method, client, world):
    url = world.url(name)

    response = getattr(client, method)(url)

    assert response.status_code == MOVED
    assert response.url == f"{reverse('account_login')}?next={url}"


def test_the_pages_open_to_strangers_are_these():
    open_pages = {
        name for name, view in views() if not getattr(view, "login_required", True)
    }

    assert open_pages == OPEN_TO_STRANGERS


def test_a_former_colleague_sees_nobody(client, world):
    client.force_login(world.users["former_hr"])

    assert client.get(reverse("companies:participants")).status_code == NOT_FOUND


def test_a_former_colleague_who_is_hr_elsewhere_sees_only_that_company(client, world):
    former = world.users["former_hr"]
    own = ParticipantFactory(company=MembershipFactory(user=former).company)
    client.force_login(former)

    response = client.get(reverse("companies:participants"))

    assert response.context["page"].rows == [own]


def test_the_funder_gets_no_workbook_before_its_release(client, world):
    world.export.released_at = None
    world.export.save()
    client.force_login(world.users["funder"])

    for name in ("reporting:export", "reporting:export-download"):
        assert client.get(world.url(name)).status_code == NOT_FOUND
