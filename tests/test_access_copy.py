"""A participant gets a copy of all that is held, and nobody else's."""

import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.models import ImportRow, Participant
from companies.services.links import make_personal_link
from companies.services.restriction import restrict_person
from companies.tests.factories import ParticipantFactory, ProgrammeFactory
from kompetenslyft.privacy.access_copy import write_access_copy
from tests.people import DETAILS, NUMBER, make_anna
from trainings.models import AccommodationNote

pytestmark = pytest.mark.django_db

NOTE = "Jag vill sitta nära dörren"


@pytest.fixture
def anna(tmp_path):
    ProgrammeFactory()
    return make_anna(tmp_path)


def _copy(participant, *, for_participant):
    target = io.BytesIO()
    write_access_copy(participant, target, for_participant=for_participant)
    return _read(target.getvalue())


def _read(content):
    with zipfile.ZipFile(io.BytesIO(content)) as copy:
        assert copy.namelist() == ["data.json", "utdrag.html"]
        page = copy.read("utdrag.html").decode()
        return json.loads(copy.read("data.json")), page


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_copy_has_every_section(anna):
    data, _page = _copy(anna, for_participant=True)

    assert list(data) == [
        "format_version",
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
        "accommodations",
        "networks",
        "meetings",
        "corrections",
        "letters",
        "links",
        "lists",
        "readers",
    ]
    own, absorbed = data["person"]
    assert {name: own[name] for name in DETAILS} == DETAILS
    assert own["birth_date"] == "1985-07-09"
    assert absorbed["job_title"] == "Pannmurare"


def test_only_the_copy_that_a_leader_hands_over_has_the_number(anna):
    by_link, page_by_link = _copy(anna, for_participant=True)
    by_leader, page_by_leader = _copy(anna, for_participant=False)

    assert by_link["person"][0]["personal_number"] == "19850709-****"
    assert by_leader["person"][0]["personal_number"] == NUMBER
    assert (NUMBER in page_by_link, NUMBER in page_by_leader) == (False, True)


def test_each_section_says_what_happened(anna):
    data, _page = _copy(anna, for_participant=True)

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
    assert listed["said"]["Befattning"] == "Murare"


def test_the_history_has_before_and_after(anna):
    data, _page = _copy(anna, for_participant=True)

    changes = [(row["field"], row["before"], row["after"]) for row in data["history"]]
    assert changes == [
        ("job_title", "Pannmurare", "Murare"),
        ("job_title", "Murare", "Pannmurare"),
    ]


def test_who_has_looked_is_in_it(anna):
    data, _page = _copy(anna, for_participant=True)

    what = [row["what"] for row in data["readers"]]
    assert what.count("companies.read") == 1
    assert what.count("companies.listed") == 1
    assert all(row["at"] for row in data["readers"])


def test_where_it_came_from_is_in_it(anna):
    data, _page = _copy(anna, for_participant=True)

    sources = {row["what"]: row["who"] for row in data["origins"]}
    assert len(sources) >= 8
    assert all(sources.values())


def test_the_leaders_copy_is_without_what_was_written_in_confidence(anna):
    data, page = _copy(anna, for_participant=False)

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

    data, _page = _copy(anna, for_participant=True)

    assert data["accommodations"] == []
    assert AccommodationNote.objects.get().text == NOTE


def test_the_key_of_the_person_is_never_in_it(anna):
    data, page = _copy(anna, for_participant=True)
    keys = {str(row.person_key) for row in Participant.objects.all()}
    keys |= {key.replace("-", "") for key in keys}

    text = json.dumps(data) + page
    assert not any(key in text for key in keys)
    assert "person_key" not in text


def test_nobody_else_is_in_it(anna):
    other = ParticipantFactory(company=anna.company, given_name="Zebediasson")

    data, page = _copy(anna, for_participant=True)

    text = json.dumps(data, ensure_ascii=False) + page
    assert "Zebediasson" not in text
    assert other.ref not in text
    assert ImportRow.objects.count() == 2  # Of which one is of another person.
    assert len(data["lists"]) == 1


def test_the_page_is_swedish_whole_and_asks_nothing_of_others(anna):
    _data, page = _copy(anna, for_participant=True)
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

    data, page = _copy(anna, for_participant=True)

    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;=1+1" in page
    assert data["person"][0]["job_title"] == "<script>x</script>=1+1"


# Who gets it


def test_a_leader_fetches_it_with_one_click_and_leaves_a_trace(client, anna, settings):
    leader = make_leader()
    client.force_login(leader)
    url = reverse("privacy:access-copy", args=[anna.ref])
    page = client.get(anna.get_absolute_url()).content.decode()
    assert f'action="{url}"' in page

    response = client.post(url)

    data, _page = _read(b"".join(response))
    assert data["made_for"] == "project leader"
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == (
        f'attachment; filename="utdrag-{anna.ref}.zip"'
    )
    assert response["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(action="kompetenslyft.access_copy_made")
    assert (entry.payload.actor, people_of(entry)) == (leader, [anna.ref])
    kept = list(settings.VAR.rglob("*.zip"))
    assert kept == []


def test_a_link_to_it_does_nothing(client, anna):
    client.force_login(make_leader())

    assert (
        client.get(reverse("privacy:access-copy", args=[anna.ref])).status_code == 405
    )


def test_a_leader_without_the_right_gets_none_of_a_protected_identity(client, anna):
    Participant.objects.filter(pk=anna.pk).update(protected=True)
    client.force_login(make_leader())

    url = reverse("privacy:access-copy", args=[anna.ref])

    assert client.post(url).status_code == 404


def test_a_restricted_person_may_still_have_a_copy(client, anna):
    leader = make_leader()
    restrict_person(participant=anna, basis="claims", actor=leader)
    client.force_login(leader)

    response = client.post(reverse("privacy:access-copy", args=[anna.ref]))

    data, _page = _read(b"".join(response))
    assert data["person"][0]["restricted_at"]


def test_a_participant_fetches_the_own_one(client, anna):
    token = make_personal_link(participant=anna, actor=None)
    client.post(reverse("own:open", args=[token]))

    response = client.post(reverse("privacy:own-copy"))

    data, _page = _read(b"".join(response))
    assert (data["made_for"], data["participant"]) == ("participant", anna.ref)
    assert data["accommodations"][0]["note"] == NOTE
    assert data["person"][0]["personal_number"] == "19850709-****"
    entry = AuditEntry.objects.get(action="kompetenslyft.access_copy_made")
    assert (entry.payload.actor, people_of(entry)) == (None, [anna.ref])


def test_without_a_session_there_is_no_copy(client, anna):
    assert client.post(reverse("privacy:own-copy")).status_code == 404
    client.force_login(make_leader())
    assert client.post(reverse("privacy:own-copy")).status_code == 404
