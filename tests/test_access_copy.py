"""A participant gets a copy of all that is held, and nobody else's."""

import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.audit import record
from accounts.tests.factories import make_leader
from companies.models import ImportRow, Participant
from companies.tests.factories import ParticipantFactory
from kompetenslyft.privacy.access_copy import write_access_copy
from tests.copies import NOTE, anna, copy_of
from tests.people import DETAILS, NUMBER
from trainings.models import AccommodationNote
from trainings.own.readers import DONE_TO_YOU, TO_YOU

__all__ = ["anna"]
pytestmark = pytest.mark.django_db


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_copy_has_every_section(anna):
    data, _page = copy_of(anna, for_participant=True)

    assert list(data) == [
        "format_version",
        "language",
        "made_at",
        "made_for",
        "programme",
        "controller",
        "company",
        "participant",
        "person",
        "origins",
        "history",
        "enrolments",
        "attendance",
        "certifications",
        "disputes",
        "time_corrections",
        "accommodations",
        "networks",
        "meetings",
        "corrections",
        "letters",
        "news",
        "letter_choices",
        "certificates",
        "scans",
        "documents",
        "statistics",
        "evaluations",
        "links",
        "codes",
        "kiosk_codes",
        "feeds",
        "lists",
        "readers",
    ]
    own, absorbed = data["person"]
    assert {name: own[name] for name in DETAILS} == DETAILS
    assert own["birth_date"] == "1985-07-09"
    assert absorbed["job_title"] == "Pannmurare"


def test_only_the_copy_that_a_leader_hands_over_has_the_number(anna):
    by_link, page_by_link = copy_of(anna, for_participant=True)
    by_leader, page_by_leader = copy_of(anna, for_participant=False)

    assert by_link["person"][0]["personal_number"] == "19850709-****"
    assert by_leader["person"][0]["personal_number"] == NUMBER
    assert (NUMBER in page_by_link, NUMBER in page_by_leader) == (False, True)
    for written in (json.dumps(by_link), page_by_link):
        assert NUMBER[-4:] not in written  # As it stands in a list, too.
    assert by_leader["lists"][0]["said"]["personal_number"] == "850709-9805"


def test_each_section_says_what_happened(anna):
    data, _page = copy_of(anna, for_participant=True)

    (time,) = data["attendance"]
    assert (time["minutes"], time["session"]) == (240, "2026-03-02T08:00:00+01:00")
    (seat,) = data["enrolments"]
    assert seat["confirmed_at"] == "2026-01-12T09:00:00+01:00"
    (request,) = data["accommodations"]
    assert (request["kind"], request["note"]) == ("captions", NOTE)
    assert [row["minutes"] for row in data["meetings"]] == [120]
    assert len(data["networks"]) == len(data["links"]) == 1
    assert data["corrections"][0]["text"] == "Jag heter Berg numera"
    (letter,) = data["letters"]
    assert letter["recipient"] == "annabritta@example.org"
    (listed,) = data["lists"]
    assert (listed["file"], listed["line"]) == ("lista.csv", 2)
    assert listed["said"] == {
        "personal_number": "19850709-****",
        "given_name": "Annabritta",
        "family_name": "Bergendotter",
        "job_title": "Murare",
    }


KEYS = {
    "person": [
        *("company", "personal_number", "ref", "protected", "no_number_reason"),
        *("given_name", "family_name", "gender", "birth_date"),
        *("email", "email_confirmed_at", "mobile", "mobile_confirmed_at"),
        *("job_title", "role_code", "staff_group", "created_at", "updated_at"),
        "restricted_at",
    ],
    "origins": ["what", "purpose", "source", "at", "who"],
    "history": ["at", "who", "field", "before", "after"],
    "enrolments": [
        *("occasion", "course", "ref", "nominated_at", "waitlisted_at", "offered_at"),
        *("offer_expires_at", "confirmed_at", "declined_at", "withdrawn_at"),
        *("withdrawal_reason", "in_somebodys_place"),
    ],
    "attendance": [
        *("occasion", "course", "session", "recorded_by", "minutes", "recorded_at"),
        *("certified_at", "certified_channel", "disputed_at", "dispute_closed_at"),
    ],
    "accommodations": [
        *("occasion", "course", "ref", "kind", "asked_by", "requested_at"),
        *("answer_due_at", "arranged_at", "declined_at", "withdrawn_at", "outcome"),
        *("outcome_at", "reminded_at", "escalated_at", "answered_by", "note", "answer"),
    ],
    "networks": ["network", "joined_on", "left_on"],
    "meetings": ["network", "meeting", "starts_at", "minutes"],
    "corrections": [
        *("ref", "field", "asked_at", "corrected_at", "declined_at", "answer", "text")
    ],
    "letters": ["kind", "recipient", "queued_at", "sent_at"],
    "links": [
        *("made_at", "sent_at", "expires_at", "opened_at", "revoked_at", "made_by")
    ],
    "feeds": ["made_at", "language", "last_read_on", "revoked_at"],
    "lists": ["file", "uploaded_at", "uploaded_by", "line", "outcome", "said"],
    "readers": ["at", "who", "what"],
}


def test_the_keys_are_english_and_stay_as_they_are(anna):
    data, _page = copy_of(anna, for_participant=True)

    assert {part: list(data[part][0]) for part in KEYS} == KEYS


def test_values_are_codes_or_words_in_the_language_of_thecopy_of(anna):
    with override("en"):
        data, _page = copy_of(anna, for_participant=True)

    assert (data["format_version"], data["language"]) == (2, "sv")
    assert data["person"][0]["gender"] == "woman"
    assert data["corrections"][0]["field"] == "name"
    assert data["lists"][0]["outcome"] == "changed"
    told = {row["what"]: row["source"] for row in data["origins"]}
    assert told["Förnamn"] == "ifyllt i formuläret"


def test_the_readme_tells_what_keys_and_codes_mean(anna):
    target = io.BytesIO()
    Participant.objects.filter(pk=anna.pk).update(ref="p-<&>")
    anna.refresh_from_db()
    with override("en"):
        write_access_copy(anna, target, for_participant=True)
    with zipfile.ZipFile(target) as copy:
        lines = copy.read("README.txt").decode().splitlines()

    assert lines[0].endswith(": p-<&>")
    for line in (
        "    woman = kvinna",
        "  job_title: Befattning",
        "    personal_number = Personnummer",
        "accommodations: Anpassningar som du har bett om",
        "    captions = textning",
    ):
        assert line in lines
    told = {line.split(":")[0].strip() for line in lines if ":" in line}
    assert {key for keys in KEYS.values() for key in keys} <= told
    assert set(KEYS) <= told


def test_the_history_has_before_and_after(anna):
    data, _page = copy_of(anna, for_participant=True)

    changes = [(row["field"], row["before"], row["after"]) for row in data["history"]]
    assert changes == [
        ("job_title", "Pannmurare", "Murare"),
        ("job_title", "Murare", "Pannmurare"),
    ]


def test_who_has_looked_is_in_it(anna):
    data, _page = copy_of(anna, for_participant=True)

    what = [row["what"] for row in data["readers"]]
    assert what.count("companies.read") == 1
    assert what.count("companies.listed") == 1
    assert all(row["at"] for row in data["readers"])


def test_the_page_speaks_to_its_reader_of_who_has_looked(anna):
    """In words, and of the person who reads it: not of "a person"."""
    record(None, "companies.link_opened", anna, by="participant")
    record(make_leader(name="Lena Leder"), "companies.participant_changed", anna)

    data, page = copy_of(anna, for_participant=True)
    done = [(row["what"], row["who"]) for row in data["readers"]]
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in page.split("<tr>")]
    said = [(row[2], row[1]) for row in cells if len(row) == 3]

    assert done[:2] == [
        ("companies.participant_changed", "Lena Leder"),
        ("companies.link_opened", "Du"),
    ]
    with override("sv"):
        assert said[-len(done) :][:2] == [
            (str(DONE_TO_YOU["companies.participant_changed"]), "Lena Leder"),
            (str(DONE_TO_YOU["companies.link_opened"]), "Du"),
        ]
        assert str(TO_YOU["companies.read"]) in {what for what, _who in said}
    assert not re.search(r"<td>[^<]*\b(en person|persons)\b", page)


def test_letters_are_told_in_words_on_the_page_and_by_code_in_the_data(anna):
    data, page = copy_of(anna, for_participant=True)

    assert [row["kind"] for row in data["letters"]] == ["correction_answered"]
    assert "<td>Svar på en rättelse</td>" in page
    assert "correction_answered" not in page


def test_where_it_came_from_is_in_it(anna):
    data, _page = copy_of(anna, for_participant=True)

    sources = {row["what"]: row["who"] for row in data["origins"]}
    assert len(sources) >= 8
    assert all(sources.values())


def test_the_leaders_copy_is_without_what_was_written_in_confidence(anna):
    data, page = copy_of(anna, for_participant=False)

    assert "note" not in data["accommodations"][0]
    assert NOTE not in page
    assert NOTE not in json.dumps(data, ensure_ascii=False)


def test_a_note_from_an_earlier_address_stays_out(anna):
    Participant.objects.filter(pk=anna.pk).update(email="ny@example.org")
    history = anna.history.first()
    history.pk, history.email = None, "ny@example.org"
    history.history_date = timezone.now()
    history.save()
    anna.refresh_from_db()

    data, _page = copy_of(anna, for_participant=True)

    assert data["accommodations"] == []
    assert AccommodationNote.objects.get().text == NOTE


def test_the_key_of_the_person_is_never_in_it(anna):
    data, page = copy_of(anna, for_participant=True)
    keys = {str(row.person_key) for row in Participant.objects.all()}
    keys |= {key.replace("-", "") for key in keys}

    text = json.dumps(data) + page
    assert not any(key in text for key in keys)
    assert "person_key" not in text


def test_nobody_else_is_in_it(anna):
    other = ParticipantFactory(company=anna.company, given_name="Zebediasson")

    data, page = copy_of(anna, for_participant=True)

    text = json.dumps(data, ensure_ascii=False) + page
    assert "Zebediasson" not in text
    assert other.ref not in text
    assert ImportRow.objects.count() == 2  # Of which one is of another person.
    assert len(data["lists"]) == 1


def test_the_page_is_swedish_whole_and_asks_nothing_of_others(anna):
    _data, page = copy_of(anna, for_participant=True)
    elements = _Elements()
    elements.feed(page)
    tags = {tag for tag, _attributes in elements.found}

    assert dict(elements.found)["html"] == {"lang": "sv"}
    assert not tags & {"script", "link", "img", "iframe", "a"}
    assert not re.search(r"url\(|@import", page)
    assert [tag for tag, _attributes in elements.found].count("h1") == 1


def test_what_people_wrote_is_text_and_not_markup(anna):
    Participant.objects.filter(pk=anna.pk).update(job_title="<script>x</script>=1+1")
    anna.refresh_from_db()

    data, page = copy_of(anna, for_participant=True)

    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;=1+1" in page
    assert data["person"][0]["job_title"] == "<script>x</script>=1+1"


# Who gets it
