"""A participant is told who may see the own row, and who has looked."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.actions import ACTIONS, CHANGES, READING, sentence_of
from accounts.tests.factories import make_leader
from companies.models import PersonalLink
from companies.tests.factories import MembershipFactory
from trainings.looks import Look
from trainings.own.readers import (
    DONE_TO_YOU,
    TO_YOU,
    by_day,
    own_readers,
    told_to_you,
)
from trainings.tests.factories import (
    EnrolmentFactory,
    ParticipantFactory,
    make_supplier,
)
from trainings.tests.own import anna, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_the_page_tells_who_may_see_and_who_has_looked(own_browser, anna, client):
    hr = MembershipFactory(company=anna.company, user__name="Hanna HR").user
    MembershipFactory(user__name="Utanför HR")
    reader = Client()
    reader.force_login(hr)
    reader.get(anna.get_absolute_url())
    reader.get(ParticipantFactory(company=anna.company).get_absolute_url())

    text = own_browser.get(reverse("own:readers")).text

    assert text.count("Hanna HR") == 2  # May see, and has looked once.
    assert text.count("Opened the page about you") == 1
    assert "of a person" not in text
    assert "Utanför" not in text


def test_links_are_told_with_their_times_and_never_in_full(own_browser, anna):
    digest = PersonalLink.objects.get().digest

    text = own_browser.get(reverse("own:readers")).text

    assert "Last opened" in text
    assert digest not in text


def test_who_may_see_is_told_to_the_reader(anna):
    company = anna.company.name
    supplier = make_supplier()
    provider = supplier.provider_staff.get().provider
    EnrolmentFactory(participant=anna, occasion__provider=provider)
    make_leader(name="Lena Leder")

    assert [(reader.role, reader.why) for reader in own_readers(anna)] == [
        (f"HR of {company}", "It is your employer, and has entered your data."),
        ("Project leaders", "They run the programme that you take part in."),
        (
            f"Supplier: {provider.name}",
            "Gives training that you are or were enrolled in.",
        ),
        ("Funder", "Sees figures of the programme and its companies, and no person."),
    ]


def test_names_are_left_out_only_where_the_role_says_them_all(anna):
    company, role = anna.company, f"HR of {anna.company.name}"
    MembershipFactory(company=company, user__name=role)

    assert own_readers(anna)[0].names == ()

    MembershipFactory(company=company, user__name="Åsa")
    assert own_readers(anna)[0].names == (role, "Åsa")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_reading_has_a_sentence_of_its_own_to_the_reader(language):
    assert set(TO_YOU) == set(READING)
    with override(language):
        assert len({sentence_of(action) for action in READING}) == len(READING)
        assert len({str(words) for words in TO_YOU.values()}) == len(TO_YOU)


def test_whatever_is_done_about_somebody_is_told_to_that_person():
    """What speaks of "a person" or "people" in the trail speaks here of the reader."""
    others = re.compile(
        r"^(?!.*\byour?\b).*\b(person|people|participants?)\b", re.IGNORECASE
    )
    told = {action: told_to_you(action) for action in READING | CHANGES}

    assert {a for a, words in told.items() if others.search(words)} - OF_NOBODY == set()
    assert not set(DONE_TO_YOU) & set(TO_YOU)
    assert set(DONE_TO_YOU) <= set(ACTIONS)


# They name nobody in the trail.
OF_NOBODY = {"kompetenslyft.erased", "kompetenslyft.replayed_erasures"}


# Put together


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def look(at, who="Lena Leder", role="Project leader", what="companies.listed"):
    return Look(utc(at), who, role, what)


def told(looks):
    return [(one.by, one.what, one.count) for one in by_day(looks)]


def test_what_one_did_in_one_way_on_one_day_is_one_line():
    opened = "companies.read"
    looks = [
        look("2026-03-02 15:00", who="Hanna HR", role="HR of X AB"),
        look("2026-03-02 14:00"),
        look("2026-03-02 12:30", what=opened),
        look("2026-03-02 09:15"),
        look("2026-03-02 08:00"),
        look("2026-03-01 12:00"),
    ]

    first, second, *_rest = by_day(looks)

    assert told(looks) == [
        ("Hanna HR, HR of X AB", "Saw you in a list of people", 1),
        ("Lena Leder, Project leader", "Saw you in a list of people", 3),
        ("Lena Leder, Project leader", "Opened the page about you", 1),
        ("Lena Leder, Project leader", "Saw you in a list of people", 1),
    ]
    assert (second.first, second.last) == (
        utc("2026-03-02 08:00"),
        utc("2026-03-02 14:00"),
    )
    assert first.first == first.last


def test_a_day_and_its_times_are_swedish():
    """At 23:30 by universal time it is half past midnight the next day in Sweden."""
    looks = [
        look("2026-03-02 08:00"),
        look("2026-03-01 23:30"),
        look("2026-03-01 22:30"),
    ]

    lines = [
        " ".join(render_to_string("own/_sighting.html", {"sighting": one}).split())
        for one in by_day(looks)
    ]

    assert [one.count for one in by_day(looks)] == [2, 1]
    assert ">2026-03-02 00:30</time>–<time" in lines[0]
    assert ">09:00</time>, 2 times" in lines[0]
    assert ">2026-03-01 23:30</time> </p>" in lines[1]


@pytest.mark.parametrize(
    ("who", "role", "by"),
    [
        ("Lena Leder", "Project leader", "Lena Leder, Project leader"),
        ("Project leader", "Project leader", "Project leader"),
        ("Projektledare", "Projektledare", "Projektledare"),
        ("HR, Arosverken AB", "HR på Arosverken AB", "HR på Arosverken AB"),
        (
            "Leverantör, Lär AB",
            "Utbildningsleverantör: Lär AB",
            "Utbildningsleverantör: Lär AB",
        ),
        (
            "HR, Annat AB",
            "HR på Arosverken AB",
            "HR, Annat AB, HR på Arosverken AB",
        ),
        ("Bo Aros", "HR på Bo Arosverken AB", "Bo Aros, HR på Bo Arosverken AB"),
        ("Maria, Aros AB", "HR på Aros AB", "Maria, HR på Aros AB"),
        ("Leverantör, Lär AB", "Supplier: Lär AB", "Leverantör, Supplier: Lär AB"),
        ("Bo Ek", "HR på Ek", "Bo Ek, HR på Ek"),
        ("Lena Leder", "", "Lena Leder"),
        ("", "You", "You"),
    ],
)
def test_nobody_is_told_twice(who, role, by):
    assert told([look("2026-03-02 08:00", who=who, role=role)])[0][0] == by
