"""The log of evidence: what is taken, refused, fetched, removed and forgotten."""

import datetime as dt
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from core.errors import DomainError
from core.tests.data.scans import opening, pdf, picture
from reporting.models import Evidence, ReportingPeriod
from reporting.selectors.evidence import content_of, find_figure, name_of
from reporting.services.evidence import (
    add_evidence,
    forget_unnamed_evidence,
    remove_evidence,
)
from reporting.tests.evidence import PDF, first_quarter, make_evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SAID = {"table": "totals", "figure": "persons.total", "what": "The lists."}
PLACE = "Archive 2026/17, box 4"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT / "evidence"


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def period():
    return first_quarter()


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    def done(act, *arguments, **named):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*arguments, **named)

    return done


def upload(content, name="protokoll.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


def files(folder):
    return sorted(folder.glob("*")) if folder.exists() else []


def is_gone(entry):
    entry.refresh_from_db()
    return not entry.file and entry.sealed_key is None


# Adding


def test_a_document_is_sealed_and_read_again_as_it_came(period, leader, folder):
    content = pdf()

    entry = add_evidence(
        period=period, actor=leader, file=upload(content), shows_people=True, **SAID
    )

    assert content_of(Evidence.objects.get()) == content
    (sealed,) = files(folder)
    assert content not in sealed.read_bytes()
    assert (entry.media_type, entry.pages, entry.size) == (
        "application/pdf",
        1,
        len(content),
    )
    assert entry.shows_people
    acts = AuditEntry.objects.filter(action="reporting.evidence_added")
    assert acts.get().content.facts == {"days": "2026-01-01 – 2026-03-31"}


def test_a_place_is_enough_and_shows_nobody(period, leader, folder):
    entry = add_evidence(
        period=period, actor=leader, place=f" {PLACE} ", shows_people=True, **SAID
    )

    assert (entry.place, entry.has_document, entry.shows_people) == (
        PLACE,
        False,
        False,
    )
    assert files(folder) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"place": " "}, "Attach a document, or say where it is kept."),
        ({"place": PLACE, "what": " "}, "Say what the evidence shows."),
        ({"place": PLACE, "figure": "guess"}, "There is no such figure."),
        ({"place": PLACE, "table": "guess"}, "There is no such figure."),
        ({"place": PLACE, "what": "Om 19850709-9805"}, "seems to hold a personal"),
        ({"place": "19850709-9805"}, "seems to hold a personal"),
        ({"file": upload(b"PK\x03\x04 list")}, "This is a spreadsheet"),
        ({"file": upload(b"<html>")}, "This is a web page"),
        ({"file": upload(b"")}, "The file is empty."),
        ({"file": upload(opening("JavaScript"))}, "holds a program"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    period, leader, folder, said, sentence
):
    with pytest.raises(DomainError, match=sentence):
        add_evidence(period=period, actor=leader, **SAID | said)

    assert not Evidence.objects.exists()
    assert files(folder) == []


def test_the_same_file_is_tied_to_a_figure_once(period, leader, commit):
    content = picture("PNG")
    add_evidence(period=period, actor=leader, file=upload(content), **SAID)

    with pytest.raises(DomainError, match="tied to the figure already"):
        add_evidence(period=period, actor=leader, file=upload(content), **SAID)
    add_evidence(
        period=period,
        actor=leader,
        file=upload(content),
        **SAID | {"figure": "hours.total"},
    )
    entry = Evidence.objects.get(figure="persons.total")
    commit(remove_evidence, entry=entry, reason="Wrong page.", actor=leader)
    add_evidence(period=period, actor=leader, file=upload(content), **SAID)

    assert Evidence.objects.count() == 3


def test_only_leaders_keep_the_log(period, leader):
    with pytest.raises(DomainError, match="Only project leaders"):
        add_evidence(period=period, actor=UserFactory(), place=PLACE, **SAID)


def test_every_figure_of_the_registry_and_of_equal_treatment_can_be_chosen():
    table, figure = find_figure("completion_by_gender", "completion")

    assert (str(table.name), str(figure.name)) == (
        "Completion and drop-out, by gender",
        "Completed, of those who attended",
    )


def test_a_figure_that_is_no_more_is_called_by_its_ids(period, leader):
    entry = make_evidence(period, leader, table="old", figure="one")

    assert name_of(entry) == "old, one"


# Removing and forgetting


def test_removing_deletes_the_file_and_leaves_who_and_why(
    period, leader, folder, commit
):
    entry = make_evidence(period, leader)

    commit(remove_evidence, entry=entry, reason="Wrong quarter.", actor=leader)
    commit(remove_evidence, entry=entry, reason="Once more.", actor=leader)

    assert is_gone(entry)
    assert (entry.removed_by, entry.removal_reason) == (leader, "Wrong quarter.")
    assert files(folder) == []
    assert AuditEntry.objects.filter(action="reporting.evidence_removed").count() == 1


def test_without_a_reason_nothing_is_removed(period, leader):
    entry = make_evidence(period, leader)

    with pytest.raises(DomainError, match="Say why the entry"):
        remove_evidence(entry=entry, reason=" ", actor=leader)

    assert not is_gone(entry)


def test_a_file_that_no_entry_names_is_deleted_after_an_hour(
    period, leader, folder, settings
):
    entry = make_evidence(period, leader)
    left = folder / "left"
    left.write_bytes(b"by a kill")
    long_ago = (timezone.now() - dt.timedelta(hours=2)).timestamp()
    for path in files(folder):
        os.utime(path, (long_ago, long_ago))

    assert forget_unnamed_evidence() == 1

    assert [path.name for path in files(folder)] == [entry.file.name.split("/")[1]]


# Pages


def page(name, *more):
    days = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
    return reverse(f"reporting:{name}", args=[*days, *more])


@pytest.fixture
def browser(client, leader, period):
    client.force_login(leader)
    return client


def said(**changes):
    return {
        "figure": "totals/persons.total",
        "what": "The lists.",
        "place": PLACE,
        "shows_people": "",
    } | changes


def test_evidence_is_added_on_the_page_and_listed(browser, leader):
    response = browser.post(page("evidence-new"), said(), follow=True)

    assert response.redirect_chain == [(page("evidence"), 302)]
    assert "The evidence is in the log." in response.text
    assert PLACE in response.text
    assert str(leader) in response.text


def test_a_document_asks_whether_people_can_be_told_on_it(browser):
    refused = browser.post(page("evidence-new"), said(file=upload(pdf())))
    browser.post(page("evidence-new"), said(file=upload(pdf()), shows_people="yes"))

    assert "Say whether people can be told on the document." in refused.text
    assert Evidence.objects.get().shows_people


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place": ""}, "Attach a document, or say where it is kept."),
        ({"figure": "totals/guess"}, "There is no such figure."),
        ({"figure": ""}, "This field is required."),
        ({"what": "x" * 501}, "at most 500 characters"),
        ({"place": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_bad_input_gets_a_sentence(browser, changes, sentence):
    response = browser.post(page("evidence-new"), said(**changes))

    assert response.status_code == 200
    assert sentence in response.text
    assert not Evidence.objects.exists()


def test_fetching_a_document_is_written_down(browser, leader, period):
    entry = make_evidence(period, leader)

    response = browser.get(page("evidence-file", entry.ref))

    assert response.content == PDF
    assert response["Content-Disposition"] == f'attachment; filename="{entry.ref}.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert AuditEntry.objects.filter(action="reporting.evidence_read").count() == 1


def test_a_removed_entry_says_who_and_why_and_its_file_is_not_found(
    browser, leader, period
):
    entry = make_evidence(period, leader)

    response = browser.post(
        page("evidence-remove", entry.ref), {"reason": "Wrong quarter."}, follow=True
    )

    assert "Wrong quarter." in response.text
    assert browser.get(page("evidence-file", entry.ref)).status_code == 404
    assert browser.get(page("evidence-remove", entry.ref)).status_code == 404


def test_an_entry_is_found_below_its_own_period_only(browser, leader, period):
    entry = make_evidence(period, leader)
    half = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    ReportingPeriod.objects.create(starts_on=half[0], ends_on=half[1])

    for name in ("evidence-file", "evidence-remove"):
        address = reverse(f"reporting:{name}", args=[*half, entry.ref])
        assert browser.get(address).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(
    browser, leader, period, folder
):
    entry = make_evidence(period, leader)
    for path in files(folder):
        path.unlink()

    assert browser.get(page("evidence-file", entry.ref)).status_code == 404
