"""Pages of reports for the funder: the way there, the reading room, verification."""

import datetime as dt
import hashlib
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import make_funder, make_leader
from core.errors import DomainError
from core.hashed_uploads import HashedFile
from reporting.issuing.rows import TimeRow, draw
from reporting.models import IssuedReport, ReportQuestion, ReportSample
from reporting.services.issued import withdraw_report
from reporting.services.reading_room import (
    answer_question,
    ask_question,
    draw_sample,
    release_sample,
)
from reporting.tests.issuing import a_programme, draft, issued, quarter
from reporting.tests.reading_room import make_draft, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OCCASIONS = ("totals", "", "occasions")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "issued"


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def funder():
    return make_funder()


def page(name, *args):
    return reverse(f"reporting:{name}", args=args)


def body(response):
    return b"".join(response.streaming_content)


def test_a_leader_drafts_another_reviews_and_the_report_is_issued(client, leader):
    a_programme()
    report = draft(actor=leader)
    step = [page("report-step", report.ref, name) for name in ("review", "issue")]
    client.force_login(leader)
    own = client.post(step[0], {"sha256": report.sha256})
    client.force_login(make_leader())

    reviewed = client.post(step[0], {"sha256": report.sha256})
    client.force_login(leader)
    done = client.post(step[1])

    assert "A second leader reviews" in own.text
    assert reviewed.url == done.url == report.get_absolute_url()
    assert "issued and current" in client.get(done.url).text


def test_the_period_offers_a_report_and_asks_why_it_is_made_anew(client, leader):
    a_programme()
    client.force_login(leader)
    period = quarter()
    new = page("report-new", period.starts_on, period.ends_on)

    first = client.post(new)
    IssuedReport.objects.all().delete()
    make_report(period, leader)
    asked = client.post(new)

    assert f'href="{new}"' in client.get(period.get_absolute_url()).text
    assert first.status_code == 302
    assert "This field is required." in asked.text
    assert IssuedReport.objects.count() == 1


def test_the_funder_sees_issued_reports_and_no_draft(client, leader, funder):
    report = make_report(quarter(), leader)
    drafted = make_draft(quarter(), leader)
    client.force_login(funder)

    listed = client.get(page("reports")).text

    assert report.ref in listed
    assert drafted.ref not in listed
    assert client.get(drafted.get_absolute_url()).status_code == 404
    assert client.get(
        page("report-file", drafted.ref, "funder", "csv")
    ).status_code == (404)


def test_a_file_is_fetched_by_whom_it_is_for_and_each_time_is_noted(
    client, leader, funder
):
    report = make_report(quarter(), leader)
    client.force_login(funder)

    own = client.get(page("report-file", report.ref, "funder", "json"))
    others = [
        client.get(page("report-file", report.ref, *file)).status_code
        for file in (("leader", "json"), ("leader", "rows"), ("funder", "rows"))
    ]

    assert body(own) == f"{report.ref} json funder".encode()
    assert own.headers["Cache-Control"] == "private, no-store"
    assert others == [404, 404, 404]
    entry = AuditEntry.objects.get(action="reporting.report_fetched")
    assert entry.payload.facts == {"file": "json", "copy": "funder"}


def test_a_file_that_is_not_as_it_was_is_given_to_nobody(client, leader, folder):
    report = make_report(quarter(), leader)
    path = report.files.get(kind="csv", audience="funder").file.path
    with open(path, "ab") as file:  # noqa: PTH123
        file.write(b"!")
    client.force_login(leader)

    answer = client.get(page("report-file", report.ref, "funder", "csv"))

    assert answer.status_code == 404


def test_of_a_withdrawn_report_the_funder_reads_why_and_fetches_nothing(
    client, leader, funder
):
    report = make_report(quarter(), leader)
    withdraw_report(report=report, reason="Ett företag saknas.", actor=leader)
    client.force_login(funder)

    read = client.get(report.get_absolute_url()).text
    answer = client.get(page("report-file", report.ref, "funder", "csv"))

    assert "Ett företag saknas." in read
    assert answer.status_code == 404


def test_what_has_changed_is_told_to_each_as_far_as_they_may_know(
    client, leader, funder
):
    make_report(quarter(), leader)
    report = make_report(quarter(), leader)
    texts = {}
    for user in (leader, funder):
        client.force_login(user)
        texts[user] = client.get(page("report-changes", report.ref)).text

    assert "e-00000001" in texts[leader]
    assert "e-00000001" not in texts[funder]
    assert "People erased" in texts[leader]
    assert "People were erased" in texts[funder]


@pytest.mark.parametrize("made", ["current", "superseded", "withdrawn", "unknown"])
def test_anybody_verifies_a_file(client, leader, made):
    report = make_report(quarter(), leader)
    content = f"{report.ref} csv funder".encode()
    words = "Issued, and" if made != "current" else "and current"
    if made == "superseded":
        words = make_report(quarter(), leader).ref
    if made == "withdrawn":
        withdraw_report(report=report, reason="Fel.", actor=leader)
        words = "withdrawn"
    if made == "unknown":
        content, words = b"something else", "Unknown"

    dropped = client.post(
        page("verify"), {"file": SimpleUploadedFile("r.csv", content)}
    )
    typed = client.post(
        page("verify"), {"sha256": hashlib.sha256(content).hexdigest().upper()}
    )

    assert words in dropped.text
    assert words in typed.text
    assert "no-store" in dropped.headers["Cache-Control"]


def test_what_is_dropped_is_never_kept(client, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    large = SimpleUploadedFile("large.bin", b"x" * (3 * 2**20))

    answer = client.post(page("verify"), {"file": large})

    assert hashlib.sha256(b"x" * (3 * 2**20)).hexdigest() in answer.text
    assert list(tmp_path.iterdir()) == []
    assert HashedFile("a", 1, "").read() == b""


def test_a_file_that_is_too_large_is_not_read(client, settings):
    settings.VERIFY_MAX_MB = 1
    large = SimpleUploadedFile("large.bin", b"x" * (2 * 2**20))

    answer = client.post(page("verify"), {"file": large})

    assert answer.status_code == 413
    assert "at most 1 MB" in answer.text


def test_verifying_asks_for_one_of_the_two_and_a_whole_checksum(client):
    nothing = client.post(page("verify"), {})
    half = client.post(page("verify"), {"sha256": "abc"})

    assert "Choose a file, or type its checksum." in nothing.text
    assert "64 digits" in half.text


def test_verifying_needs_the_forms_token_and_is_not_endless(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "report_verified": "2/m/ip"
    }
    strict, free = Client(enforce_csrf_checks=True), Client()
    form = {"sha256": "0" * 64}

    refused = strict.post(page("verify"), form)
    answers = [free.post(page("verify"), form).status_code for _ in range(3)]

    assert refused.status_code == 403
    assert answers == [200, 200, 429]


def test_the_command_verifies_many_files(leader, tmp_path, capsys):
    report = make_report(quarter(), leader)
    genuine, other = tmp_path / "genuine", tmp_path / "other"
    genuine.write_bytes(f"{report.ref} json funder".encode())
    other.write_bytes(b"other")

    call_command("verify_report", genuine)
    with pytest.raises(CommandError, match="1 file is not"):
        call_command("verify_report", genuine, other)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{genuine}: issued and current, {report.issued_at:%Y-%m-%d}"
    assert lines[2] == f"{other}: unknown"


def test_a_question_goes_to_leaders_and_its_answer_to_the_funder(leader, funder):
    report = make_report(quarter(), leader)

    question = ask_question(
        report=report, place=OCCASIONS, text="Vilka två?", actor=funder
    )
    answer_question(question=question, text="Se bilagan.", actor=leader)

    posts = [(post.text, post.is_of_funder) for post in question.posts.all()]
    assert posts == [("Vilka två?", True), ("Se bilagan.", False)]
    letters = OutboxMessage.objects.order_by("queued_at")
    assert [(letter.kind, letter.recipient) for letter in letters] == [
        *(
            ("report_question", user.email)
            for user in sorted({leader, report.reviewed_by}, key=lambda user: user.pk)
        ),
        ("report_answer", funder.email),
    ]


def test_a_question_is_about_a_printed_figure_and_has_no_number(leader, funder):
    report = make_report(quarter(), leader)
    wrong = [
        (("totals", "", "persons.woman"), "Vem?", "does not print"),
        (("totals", "", "nothing"), "Vad?", "does not print"),
        (OCCASIONS, "19850709-9876", "personal number"),
        (OCCASIONS, "  ", "Write something"),
    ]

    for place, text, told in wrong:
        with pytest.raises(DomainError, match=told):
            ask_question(report=report, place=place, text=text, actor=funder)

    assert not ReportQuestion.objects.exists()


def test_the_funder_chooses_a_printed_figure_and_reads_the_thread(
    client, leader, funder
):
    report = make_report(quarter(), leader)
    client.force_login(funder)
    new = page("report-question-new", report.ref)
    choices = client.get(new).context["form"].fields["cell"].choices
    labels = [label for _group, cells in choices[1:] for _value, label in cells]

    asked = client.post(new, {"cell": "0", "text": "Hur räknas det?"})
    thread = client.get(asked.url).text

    assert not any("•" in label for label in labels)
    assert "Hur räknas det?" in thread


def test_a_sample_is_drawn_again_from_its_seed(leader):
    a_programme()
    report = issued()

    sample = draw_sample(report=report, size=3, seed="2026", actor=leader)
    again = draw_sample(report=report, size=3, seed="2026", actor=make_leader())

    everything = [f"e-{place}" for place in range(6)]
    assert again == sample
    assert (sample.population, len(sample.rows)) == (6, 3)
    rows = [TimeRow(ref, "s-1", 60, "certified") for ref in everything]
    drawn = draw(iter(rows), population=6, size=3, seed="2026")
    assert sorted(row.enrolment for row in drawn) == sorted(
        random.Random("2026").sample(everything, 3)
    )


def test_a_sample_is_of_certified_rows_of_what_is_issued(leader):
    report = make_report(quarter(), leader)
    drafted = make_draft(quarter(), leader)

    with pytest.raises(DomainError, match="2 certified rows"):
        draw_sample(report=report, size=3, actor=leader)
    with pytest.raises(DomainError, match="issued report"):
        draw_sample(report=drafted, size=1, actor=leader)

    sample = draw_sample(report=report, size=2, actor=leader)
    assert [row[0] for row in sample.rows] == ["e-00000001", "e-00000003"]


def test_the_funder_reads_a_sample_once_it_is_handed_over(client, leader, funder):
    report = make_report(quarter(), leader)
    sample = draw_sample(report=report, size=1, seed="5", actor=leader)
    client.force_login(funder)
    before = client.get(sample.get_absolute_url())

    release_sample(sample=sample, actor=leader)
    after = client.get(sample.get_absolute_url())

    assert before.status_code == 404
    assert sample.rows[0][0] in after.text
    assert AuditEntry.objects.filter(action="reporting.sample_read").count() == 1
    assert ReportSample.objects.get().released_at.date() >= dt.date(2026, 1, 1)


def test_the_list_of_reports_costs_the_same_for_many_as_for_one(
    client, leader, funder, django_assert_num_queries
):
    client.force_login(funder)
    make_report(quarter(), leader)
    client.get(page("reports"))

    for _ in range(3):
        make_report(quarter(), leader)

    with django_assert_num_queries(5):  # Session, user, roles; reports, successors.
        client.get(page("reports"))
