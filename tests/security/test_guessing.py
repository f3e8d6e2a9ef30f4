"""Guessing names of rows tells nothing: what is not mine is as what is not."""

import re

import pytest
from django.urls import reverse

from accounts.tests.factories import make_funder
from companies.tests.factories import MembershipFactory
from tests.security.rows import Rows

pytestmark = pytest.mark.django_db

ONE_OFF = re.compile(
    r'nonce-[^\']+|nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"'
)


def seen(response, address):
    """Return all that somebody who guesses gets to see, but for the address itself."""
    page = ONE_OFF.sub("", response.content.decode()).replace(address, "")
    headers = {
        name: ONE_OFF.sub("", value)
        for name, value in response.headers.items()
        if name != "Content-Length"
    }
    return response.status_code, headers, page


@pytest.mark.parametrize(
    ("view", "mine", "nobodys"),
    [
        ("companies:participant", "person", "p-00000000"),
        ("companies:participant-change", "person", "p-00000000"),
        ("trainings:upload", "batch", 10**9),
        ("trainings:upload-status", "batch", 10**9),
        ("trainings:upload-errors", "batch", 10**9),
        ("reporting:export", "export", 10**9),
        ("reporting:export-download", "export", 10**9),
    ],
)
@pytest.mark.parametrize("role", ["other_hr", "funder"])
def test_a_row_of_others_answers_as_a_row_that_is_not(
    client, view, mine, nobodys, role
):
    rows = Rows()
    user = MembershipFactory().user if role == "other_hr" else make_funder()
    client.force_login(user)
    row = getattr(rows, mine)
    if isinstance(row.pk, int) is False and isinstance(nobodys, int):
        nobodys = "00000000-0000-4000-8000-000000000000"
    there = reverse(view, args=[getattr(row, "ref", None) or row.pk])
    nowhere = reverse(view, args=[nobodys])

    answers = [seen(client.get(address), address) for address in (there, nowhere)]

    assert answers[0] == answers[1]
    assert answers[0][0] == 404
