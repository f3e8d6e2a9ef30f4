"""Who fetches the copy of all that is held, and what that leaves."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.models import Participant
from companies.services.links import make_personal_link
from companies.services.restriction import restrict_person
from tests.copies import NOTE, anna, read_copy

__all__ = ["anna"]
pytestmark = pytest.mark.django_db


def test_a_leader_fetches_it_with_one_click_and_leaves_a_trace(client, anna, settings):
    leader = make_leader()
    client.force_login(leader)
    url = reverse("privacy:access-copy", args=[anna.ref])
    page = client.get(anna.get_absolute_url()).content.decode()
    assert f'action="{url}"' in page

    response = client.post(url)

    data, _page = read_copy(b"".join(response))
    assert data["made_for"] == "project_leader"
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

    data, _page = read_copy(b"".join(response))
    assert data["person"][0]["restricted_at"]


def test_a_participant_fetches_the_own_one(client, anna):
    token = make_personal_link(participant=anna, actor=None)
    client.post(reverse("own:open", args=[token]))

    response = client.post(reverse("privacy:own-copy"))

    data, _page = read_copy(b"".join(response))
    assert (data["made_for"], data["participant"]) == ("participant", anna.ref)
    assert data["accommodations"][0]["note"] == NOTE
    assert data["person"][0]["personal_number"] == "19850709-****"
    entry = AuditEntry.objects.get(action="kompetenslyft.access_copy_made")
    assert (entry.payload.actor, people_of(entry)) == (None, [anna.ref])


def test_without_a_session_there_is_no_copy(client, anna):
    assert client.post(reverse("privacy:own-copy")).status_code == 404
    client.force_login(make_leader())
    assert client.post(reverse("privacy:own-copy")).status_code == 404
