"""Calendar addresses in what is held on a person, and in what goes."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from companies.models import CalendarFeed
from companies.services.feeds import end_feed, make_feed
from companies.tests.factories import ParticipantFactory
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.held import sections
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.privacy.retention import erase_expired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_the_access_copy_has_every_address_and_no_digest():
    person = ParticipantFactory()
    make_feed(owner=person, language="sv")
    end_feed(owner=person)
    make_feed(owner=person, language="en")
    make_feed(owner=ParticipantFactory(), language="sv")
    CalendarFeed.objects.filter(language="en").update(last_read_on=dt.date(2026, 3, 2))

    (held,) = (one for one in sections(person, with_notes=True) if one.key == "feeds")

    assert [set(row) for row in held.rows] == [
        {"made_at", "language", "last_read_on", "revoked_at"}
    ] * 2
    assert [(row["language"], row["last_read_on"]) for row in held.rows] == [
        ("sv", None),
        ("en", dt.date(2026, 3, 2)),
    ]


def test_erasing_a_person_takes_the_addresses_away():
    person, other = ParticipantFactory(), ParticipantFactory()
    make_feed(owner=person, language="sv")
    make_feed(owner=other, language="sv")

    assert consequences(person).goes[Kind.FEEDS] == 1
    erase_person(participant=person, basis="asked", actor=None)

    assert [feed.participant for feed in CalendarFeed.objects.all()] == [other]


def test_ended_addresses_go_after_their_weeks():
    person = ParticipantFactory()
    for _time in range(2):
        make_feed(owner=person, language="sv")
    end_feed(owner=person)
    make_feed(owner=person, language="sv")
    long_ago = timezone.now() - dt.timedelta(
        weeks=settings.FINISHED_KEPT_WEEKS, hours=1
    )
    oldest = CalendarFeed.objects.order_by("pk")[0]
    CalendarFeed.objects.filter(pk=oldest.pk).update(revoked_at=long_ago)

    expired = erase_expired()

    assert expired.counts[Kind.FEEDS] == 1
    assert CalendarFeed.objects.count() == 2
