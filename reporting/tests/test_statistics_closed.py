"""Files under seal: who fetches them, when they go, and what a restriction does."""

import datetime as dt
import hashlib

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.models import Participant, Programme
from core.errors import DomainError
from reporting.models import StatisticsPackage, StatisticsRow
from reporting.selectors.statistics import State, Why
from reporting.services.statistics_files import (
    forget_packages,
    forget_sent_rows,
    packages_past,
)
from reporting.tasks import ring_for_statistics
from reporting.tests.statistics import (
    ANNA,
    FEBRUARY,
    JANUARY,
    corrected,
    entitle,
    folder,
    leader,
    ledger,
    made,
    numbered,
    programme,
    send,
    sent,
    trained,
    unpacked,
)

__all__ = ["folder", "leader", "programme"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def anna(programme):
    person = numbered()
    trained(person, "2026-01-12 08:00")
    trained(person, "2026-02-12 08:00")
    return person


def address(package, name="statistics-download", *args):
    return reverse(f"reporting:{name}", args=[package.pk, *args])


def protect(person):
    person.protected = True
    person.save()


def hidden_file(anna, leader):
    """Make January's file with Anna in it, who is under protected identity."""
    protect(anna)
    return made(JANUARY, entitle(leader))


def test_files_and_rows_are_sealed_at_rest(anna, leader, folder):
    package = made(JANUARY, leader)

    (file,) = folder.glob("*")
    row = StatisticsRow.objects.get()
    assert not file.read_bytes().startswith(b"PK")
    assert ANNA.encode() not in bytes(row.sealed)
    assert (row.values["number"], row.place, row.person_ref) == (ANNA, 1, anna.ref)
    assert len(bytes(row.digest)) == len(bytes(row.salt)) == 32
    assert unpacked(package).namelist()[0] == "Januari2026_Projekt2019-99999.xlsx"


def test_each_download_is_written_down_with_those_in_it(client, anna, leader):
    package = made(JANUARY, leader)
    client.force_login(leader)

    whole = b"".join(client.get(address(package)))
    table = client.get(address(package, "statistics-file", 2))

    assert hashlib.sha256(whole).hexdigest() == package.sha256
    assert ANNA in table.content.decode("utf-8-sig")
    fetched = AuditEntry.objects.filter(action="reporting.statistics_fetched")
    assert [people_of(entry) for entry in fetched] == [[anna.ref]] * 2
    assert client.get(address(package, "statistics-file", 3)).status_code == 404


def test_protected_people_close_it_to_leaders_without_the_right(client, anna, leader):
    package = hidden_file(anna, leader)
    client.force_login(make_leader())

    refused = client.get(address(package))
    page = client.get(package.get_absolute_url())
    client.force_login(leader)
    allowed = client.get(address(package))

    (message,) = get_messages(refused.wsgi_request)
    assert "protected identit" in str(message)
    assert refused.url == package.get_absolute_url()
    assert "protected identit" in page.content.decode()
    assert address(package) not in page.content.decode()
    assert b"".join(allowed).startswith(b"PK")


def test_protected_since_it_is_closed_to_everybody_and_is_not_sent(
    client, anna, leader
):
    package = made(JANUARY, leader)
    protect(anna)
    client.force_login(entitle(leader))

    refused = client.get(address(package))
    with pytest.raises(DomainError, match="placed under protected identity since"):
        sent(package, leader)
    ring_for_statistics()

    package.refresh_from_db()
    assert refused.url == package.get_absolute_url()
    assert (str(package.file), package.sent_at) == ("", None)


def test_what_changed_is_hidden_of_people_under_protected_identity(
    client, anna, leader
):
    send(leader, JANUARY)
    protect(anna)
    client.force_login(leader)
    url = reverse("reporting:statistics-month", args=[JANUARY])

    hidden = client.get(url).content.decode()
    client.force_login(entitle(leader))
    shown = client.get(url).content.decode()

    assert anna.ref not in hidden
    assert "a person under protected identity" in hidden
    assert anna.ref in shown


def test_a_restricted_person_closes_the_file_and_is_left_out_of_the_next(
    client, anna, leader
):
    package, _february = send(leader, JANUARY, FEBRUARY)
    Participant.objects.filter(pk=anna.pk).update(restricted_at=timezone.now())
    client.force_login(leader)

    refused = client.get(address(package))
    ring_for_statistics()

    package.refresh_from_db()
    assert refused.url == package.get_absolute_url()
    assert str(package.file) == ""
    assert [change.why for change in ledger().changes[JANUARY]] == [Why.RESTRICTED]
    again = corrected(leader)
    assert [(part.people, part.left_out) for part in again.parts.all()] == [
        (0, 1),
        (0, 1),
    ]
    sent(again, leader)
    assert ledger().again == []


def test_files_go_after_some_days_and_what_was_not_sent_with_them(
    anna, leader, settings, folder
):
    settings.STATISTICS_FILE_DAYS = 35
    (january,) = send(leader, JANUARY)
    february = made(FEBRUARY, leader)
    past = timezone.now() - dt.timedelta(days=36)
    StatisticsPackage.objects.update(finished_at=past)

    assert forget_packages(packages_past()) == 2

    february.refresh_from_db()
    assert january.parts.get().rows.count() == 1
    assert february.parts.get().rows.count() == 0
    assert february.forgotten_at
    with pytest.raises(DomainError):
        sent(february, leader)
    assert made(FEBRUARY, leader) != february


def test_what_was_sent_is_forgotten_in_the_end_and_its_months_are_closed(
    anna, leader, settings
):
    settings.STATISTICS_KEPT_DAYS = 30
    send(leader, JANUARY, FEBRUARY)
    today = timezone.localdate()
    ends_on = Programme.objects.filter(pk=1)
    ends_on.update(ends_on=today - dt.timedelta(days=30))
    assert forget_sent_rows() == 0

    ends_on.update(ends_on=today - dt.timedelta(days=31))

    assert forget_sent_rows() == 2
    assert ledger().line(JANUARY).state == State.CLOSED
    trained(anna, "2026-01-20 08:00")
    assert ledger().again == []


def test_what_was_sent_is_kept_no_longer_than_its_people(anna, leader):
    send(leader, JANUARY)
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    Programme.objects.update(retain_until=yesterday)

    assert forget_sent_rows() == 1


def test_a_file_is_never_kept_longer_than_what_tells_who_is_in_it(
    anna, leader, folder, django_capture_on_commit_callbacks
):
    package = hidden_file(anna, leader)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Programme.objects.update(retain_until=yesterday)

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_sent_rows() == 1

    package.refresh_from_db()
    assert (str(package.file), list(folder.glob("*"))) == ("", [])
    assert package.forgotten_at


def test_rows_of_a_file_that_another_replaced_go_with_it(anna, leader):
    first, _second = send(leader, JANUARY, FEBRUARY)
    trained(anna, "2026-01-20 08:00")
    again = sent(corrected(leader), leader)

    forget_packages(StatisticsPackage.objects.exclude(file=""))

    rows = StatisticsRow.objects.values_list("part__package", flat=True)
    assert set(rows) == {again.pk}
    first.refresh_from_db()
    assert (first.forgotten_at, ledger().again) == (None, [])


def test_a_wrong_month_is_not_found_and_a_bad_one_is_told(client, leader):
    client.force_login(leader)

    ahead = reverse("reporting:statistics-month", args=[dt.date(2031, 1, 1)])
    refused = client.post(reverse("reporting:statistics-new", args=[JANUARY]))
    asked = client.post(reverse("reporting:statistics-columns"), {"month": "2026-13"})
    nothing = client.post(reverse("reporting:statistics-corrections-new"))

    assert client.get(ahead).status_code == 404
    assert client.get("/reports/statistics/2026-13/").status_code == 404
    assert client.post("/reports/statistics/9999-12/file/").status_code == 404
    (message,) = get_messages(refused.wsgi_request)
    assert "nothing to send" in str(message)
    assert "Enter a month, such as 2026-03." in asked.content.decode()
    (message,) = get_messages(nothing.wsgi_request)
    assert "Nothing has changed" in str(message)


def test_a_day_that_is_none_is_asked_for_again(client, anna, leader):
    package = made(JANUARY, leader)
    client.force_login(leader)

    for day in ("", "2026-02-30", "2099-01-01"):
        answer = client.post(address(package, "statistics-sent"), {"sent_on": day})
        assert answer.status_code == 200

    package.refresh_from_db()
    assert package.sent_at is None


def test_an_unfinished_package_is_neither_fetched_nor_sent(client, anna, leader):
    package = StatisticsPackage.objects.create(first_month=JANUARY, requested_by=leader)
    client.force_login(leader)
    day = {"sent_on": timezone.localdate().isoformat()}

    sent_page = client.post(address(package, "statistics-sent"), day)

    assert client.get(address(package)).status_code == 404
    assert sent_page.status_code == 200
    package.refresh_from_db()
    assert package.sent_at is None
