"""Every page, in both languages, wide and narrow, with and without JavaScript.

A new page is a new line in PAGES.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
)

pytestmark = pytest.mark.browser

ROLES: dict[str, Callable[[], User | None]] = {
    "stranger": lambda: None,
    "nobody": UserFactory,
    "leader": make_leader,
    "hr": lambda: MembershipFactory().user,
    "funder": make_funder,
}


Needs = Callable[[User | None], tuple | None]


def nothing(user: User | None) -> None:
    """Only the user exists."""


def a_programme_under_way(user: User | None) -> None:
    ProgrammeFactory()
    OccasionFactory()
    unrecorded = EnrolmentFactory()
    SessionFactory(occasion=unrecorded.occasion)
    EnrolmentFactory(confirmed_at=None)
    membership = user.memberships.first() if user else None
    company = membership.company if membership else CompanyFactory()
    WorkforceSnapshotFactory(company=company)
    AttendanceFactory(enrolment__participant__company=company)


def a_colleague(user: User | None) -> tuple[str]:
    company = user.memberships.get().company
    return (EnrolmentFactory(participant__company=company).participant.ref,)


def a_company(user: User | None) -> tuple[int]:
    """With a row in every table inside its admin page."""
    company = WorkforceSnapshotFactory().company
    MembershipFactory(company=company)
    return (company.pk,)


def an_open_occasion(user: User | None) -> tuple[str]:
    seat = EnrolmentFactory()
    SessionFactory(occasion=seat.occasion)
    return (seat.occasion.ref,)


def an_occasion(user: User | None) -> tuple[int]:
    return (SessionFactory().occasion.pk,)


def a_changed_workforce(user: User | None) -> tuple[int]:
    snapshot = WorkforceSnapshotFactory()
    snapshot.women += 1
    snapshot.save()
    return (snapshot.pk,)


@dataclass(frozen=True)
class Case:
    """A page, who looks at it, and what must exist before.

    `view` is a name or a path. `needs` makes rows, and may return the arguments of
    the address.
    """

    view: str
    role: str
    needs: Needs = nothing
    args: tuple[str, ...] = ()
    status: int = 200

    def __str__(self) -> str:
        return f"{self.view} as {self.role}, {self.needs.__name__}"

    def prepare(self) -> tuple[User | None, str]:
        """Make the user and the rows; return the user and the address."""
        user = ROLES[self.role]()
        made = self.needs(user) or ()
        if self.view.startswith("/"):
            return user, self.view
        return user, reverse(self.view, args=self.args or made)


PAGES = [
    Case("home", "leader"),
    Case("home", "leader", a_programme_under_way),
    Case("home", "hr"),
    Case("home", "hr", a_programme_under_way),
    Case("home", "funder", a_programme_under_way),
    Case("home", "nobody"),
    Case("cookies", "stranger"),
    Case("cookies", "leader"),
    Case("/no-such-page/", "stranger", status=404),
    Case("/no-such-page/", "leader", a_programme_under_way, status=404),
    Case("admin:index", "hr", status=403),
    Case("account_login", "stranger"),
    Case("account_signup", "stranger"),
    Case("account_inactive", "stranger"),
    Case("account_email_verification_sent", "stranger"),
    Case("account_confirm_email", "stranger", args=("gone",)),
    Case("account_reset_password", "stranger"),
    Case("account_reset_password_done", "stranger"),
    Case("account_reset_password_from_key", "stranger", args=("1", "gone")),
    Case("account_reset_password_from_key_done", "stranger"),
    Case("account_logout", "hr"),
    Case("account_email", "hr"),
    Case("account_change_password", "hr"),
    Case("account_reauthenticate", "hr"),
    Case("admin:login", "stranger"),
    Case("admin:index", "leader"),
    Case("admin:companies_company_changelist", "leader", a_programme_under_way),
    Case("admin:companies_company_add", "leader"),
    Case("admin:companies_company_change", "leader", a_company),
    Case("admin:companies_workforcesnapshot_history", "leader", a_changed_workforce),
    Case("admin:trainings_occasion_change", "leader", an_occasion),
    Case("admin:accounts_user_changelist", "leader"),
    Case("admin:accounts_user_add", "leader"),
    Case("companies:participants", "hr"),
    Case("companies:participants", "hr", a_programme_under_way),
    Case("companies:participants", "leader", a_programme_under_way),
    Case("companies:participant-new", "hr"),
    Case("companies:participant", "hr", a_colleague),
    Case("companies:participant-change", "hr", a_colleague),
    Case("trainings:uploads", "hr"),
    Case("trainings:upload-new", "hr"),
    Case("trainings:occasions", "hr", a_programme_under_way),
    Case("trainings:occasion", "hr", an_open_occasion),
    Case("trainings:nominate", "hr", an_open_occasion),
    Case("trainings:occasions", "leader", a_programme_under_way),
    Case("trainings:occasion", "leader", an_open_occasion),
    Case("trainings:attendance", "leader", an_open_occasion),
    Case("reporting:periods", "leader"),
    Case("reporting:periods", "funder"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_is_accessible_and_keeps_to_the_policy(
    open_window, sign_in, case, language
):
    user, address = case.prepare()
    window = open_window(language)
    if user:
        sign_in(window, user)

    response = window.go(address)

    assert response.status == case.status
    check_page(window)
    for width in WIDTHS[1:]:
        window.resize(width)
        check_page(window)


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_is_whole_without_javascript(open_window, sign_in, case):
    user, address = case.prepare()
    window = open_window(script=False)
    if user:
        sign_in(window, user)

    response = window.go(address)

    assert response.status == case.status
    assert window.page.locator("h1").count() == 1
    for width in WIDTHS:
        window.resize(width)
        check_width(window)
