"""The words of messages: placeholders, refusals, and what becomes a letter."""

import pytest
from django.conf import settings

from accounts.message_templates import (
    FRAME,
    MessageKind,
    MessageWords,
    Placeholder,
    compose_letter,
    faults_of,
    filled,
    message_kinds,
    preview_of,
    standard_words,
    words_in_force,
)
from accounts.models import AuditEntry, MessageTemplate
from accounts.services.templates import (
    TemplateChangedError,
    restore_standard_words,
    save_template,
)
from accounts.tests.factories import make_leader
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

KIND = MessageKind(
    code="offered",
    label="an offer",
    placeholders=(
        Placeholder("course", "the training", {"sv": "Robotar", "en": "Robots"}),
        Placeholder("deadline", "until when", {"sv": "i dag", "en": "today"}),
        Placeholder("sessions", "when", {"sv": "1\n2", "en": "1\n2"}, is_long=True),
    ),
    required=frozenset({"deadline"}),
)
GOOD = MessageWords("A place on {course}", "Answer to {course} by {deadline}.")
SAVED = MessageWords(GOOD.subject, f"{GOOD.text}\n{{sessions}}")


@pytest.fixture
def leader():
    return make_leader()


def save(leader, words=SAVED, seen=None, **changes):
    values = {"kind": "offered", "language": "en", "words": words, "seen": seen}
    return save_template(**values | changes, actor=leader)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_standard_words_of_every_kind_pass_their_own_rules(language):
    for code, kind in message_kinds().items():
        assert faults_of(kind, standard_words(code, language)) == [], code


@pytest.mark.parametrize(
    ("subject", "text", "fault"),
    [
        ("", "{deadline}", "Write a subject: a letter without one is taken for junk."),
        ("S", " \n", "Write a text: the message cannot be empty."),
        ("S" * 151, "{deadline}", "The subject is longer than 150 characters."),
        (
            "S",
            "{deadline}" + "x" * 4991,
            "The text is longer than 5000 characters.",
        ),
        (
            "S",
            "{deadline} {name}",
            "This message knows no {name}. Choose from the list.",
        ),
        (
            "{sessions}",
            "{deadline}",
            "{sessions} has several lines, so it cannot be in the subject.",
        ),
        (
            "S",
            "By {deadline} or {course",
            (
                "A brace stands alone near “{deadline} or {course”. A placeholder is "
                "written as in the list, such as {course}; braces have no other use."
            ),
        ),
        (
            "S",
            "{deadline} {course.pk.__class__}",
            (
                "A brace stands alone near “{deadline} {course.pk.__cl”. A placeholder "
                "is written as in the list, such as {course}; braces have no other use."
            ),
        ),
        (
            "S",
            "{deadline} {{ course }}",
            (
                "A brace stands alone near “{deadline} {{ course }}”. A placeholder is "
                "written as in the list, such as {course}; braces have no other use."
            ),
        ),
    ],
)
def test_words_that_are_refused(subject, text, fault):
    faults = faults_of(KIND, MessageWords(subject, text))

    assert fault in faults


def test_what_a_message_must_name_is_asked_for():
    words = MessageWords("{deadline}", "Answer soon.")

    assert faults_of(KIND, words) == ["The text needs {deadline}: until when."]


@pytest.mark.parametrize("text", ["{page} {news}", "{news}\n{page}\n{news}"])
def test_the_news_stand_once_on_a_line_of_their_own(text):
    faults = faults_of(FRAME, MessageWords("News", text))

    assert faults == ["{news} stands once, and on a line of its own."]


def test_values_are_put_in_once_and_never_read_as_placeholders():
    values = {"course": "{deadline}", "deadline": "today"}

    assert filled(GOOD, values) == MessageWords(
        "A place on {deadline}", "Answer to {deadline} by today."
    )


def test_a_subject_is_one_line_whatever_goes_into_it():
    values = {"course": "A\r\nBcc: b@example.org", "deadline": "x"}

    assert filled(GOOD, values).subject == "A place on A Bcc: b@example.org"


def test_lines_and_paragraphs_fall_away_that_have_nothing_to_say():
    text = "Hello\n\nWhen:\n{sessions}\n\nCourse: {course}\nBy: {deadline}\n\nBye"

    told = filled(MessageWords("S", text), {"deadline": "today"}).text

    assert told == "Hello\n\nBy: today\n\nBye"


def test_what_looks_like_a_template_is_only_text():
    words = MessageWords("S", "{% load x %} {{ settings.SECRET_KEY }}")
    letter = compose_letter([words], page="here", language="en")

    assert "{{ settings.SECRET_KEY }}" in letter.text
    assert settings.SECRET_KEY not in letter.html


def test_values_are_escaped_in_html():
    words = filled(
        MessageWords("S", "About {course}"), {"course": "<script>x</script> & Å"}
    )
    letter = compose_letter([words], page="here", language="en")

    assert "About <script>x</script> & Å" in letter.text
    assert "About &lt;script&gt;x&lt;/script&gt; &amp; Å" in letter.html
    assert "<script" not in letter.html


def test_one_piece_of_news_gives_the_subject():
    letter = compose_letter([MessageWords("S", "T")], page="P", language="en")

    assert letter.subject == "S"
    assert letter.text == (
        "Hello,\n\nT\n\nEverything about your training is on your own page. P\n\n"
        "There you choose, too, which letters you get.\n\n"
        "--\nKompetenslyft\nCo-funded by the European Union\n"
    )
    assert "<h2>" not in letter.html


def test_several_pieces_stand_under_headings():
    parts = [MessageWords("One", "First"), MessageWords("Two", "Second")]
    letter = compose_letter(parts, page="P", language="sv")

    assert letter.subject == "Nyheter om din utbildning"
    assert "One\n\nFirst\n\n\nTwo\n\nSecond" in letter.text
    assert "<h2>One</h2>" in letter.html
    assert '<html lang="sv">' in letter.html


def test_a_letter_uses_the_words_that_a_leader_wrote(leader):
    save(leader, MessageWords("Hi", "Before\n\n{news}\n\nAfter {page}"), kind="letter")
    letter = compose_letter([MessageWords("S", "T")], page="P", language="en")

    assert letter.text.startswith("Before\n\nT\n\nAfter P\n")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_has_a_preview_without_an_empty_place(language):
    for code, kind in message_kinds().items():
        letter = preview_of(kind, standard_words(code, language), language)

        assert "{" not in letter.text + letter.subject, code


def test_saved_words_are_in_force_and_recorded(leader):
    text = "By {deadline} \r\n{sessions}\r\n\r\nBye, {course}\n"
    row = save(leader, MessageWords(" A place \n", text))

    assert words_in_force("offered", "en") == MessageWords(
        "A place", "By {deadline}\n{sessions}\n\nBye, {course}"
    )
    assert words_in_force("offered", "sv") == standard_words("offered", "sv")
    assert row.changed_by == leader
    entry = AuditEntry.objects.get(action="accounts.template_saved")
    assert entry.content.facts == {"message": "offered", "language": "en"}
    assert entry.content.actor == leader


def test_wrong_words_change_nothing(leader):
    with pytest.raises(DomainError, match="Write a subject"):
        save(leader, MessageWords("", "{deadline}"))

    assert not MessageTemplate.objects.exists()
    assert not AuditEntry.objects.filter(action="accounts.template_saved").exists()


@pytest.mark.parametrize("changes", [{"kind": "unknown"}, {"language": "de"}])
def test_what_is_no_message_is_refused(leader, changes):
    with pytest.raises(DomainError, match="There is no such message"):
        save(leader, **changes)


def test_who_saves_over_somebody_elses_words_is_told(leader):
    row = save(leader)

    with pytest.raises(TemplateChangedError, match=f"{leader} saved this message at"):
        save(leader)

    again = save(leader, MessageWords("B", SAVED.text), row.changed_at)
    assert again.subject == "B"


def test_back_to_the_standard_words_with_what_was_written_in_the_history(leader):
    row = save(leader)

    restore_standard_words(
        kind="offered", language="en", seen=row.changed_at, actor=leader
    )

    assert words_in_force("offered", "en") == standard_words("offered", "en")
    steps = MessageTemplate.history.filter(kind="offered").order_by("history_id")
    assert [(one.history_type, one.subject) for one in steps] == [
        ("+", "A place on {course}"),
        ("-", "A place on {course}"),
    ]
    assert steps.last().history_user == leader
    assert AuditEntry.objects.filter(action="accounts.template_restored").count() == 1


def test_standard_words_cannot_be_restored_twice(leader):
    with pytest.raises(DomainError, match="in force already"):
        restore_standard_words(kind="offered", language="en", seen=None, actor=leader)


def test_who_restores_what_somebody_changed_meanwhile_is_told(leader):
    save(leader)

    with pytest.raises(TemplateChangedError):
        restore_standard_words(kind="offered", language="en", seen=None, actor=leader)
