"""Steps through a list, on people because `core` has no table of its own."""

import pytest
from django.http import QueryDict

from companies.models import Participant
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core import paging
from core.paging import paginate

pytestmark = pytest.mark.django_db

BY_NAME = ["family_name", "given_name"]
SWEDISH = ["Ahl", "Berg", "Vik", "Zenit", "Ås", "Äng", "Ödman"]


@pytest.fixture
def people():
    company = CompanyFactory()
    for name in reversed(SWEDISH):
        ParticipantFactory(company=company, family_name=name)
    return Participant.objects.all()


def names(page):
    return [row.family_name for row in page.rows]


def walk(people, step, query="", **options):
    """Follow one kind of address from page to page and return the names of each."""
    pages = []
    while True:
        page = paginate(people, QueryDict(query), order=BY_NAME, size=3, **options)
        pages.append(names(page))
        if not (url := getattr(page, step)):
            return pages
        query = url.removeprefix("?")


def test_the_next_pages_show_every_row_once_in_swedish_order(people):
    assert walk(people, "next_url") == [
        ["Ahl", "Berg", "Vik"],
        ["Zenit", "Ås", "Äng"],
        ["Ödman"],
    ]


def test_a_falling_order_is_the_same_list_from_the_other_end(people):
    assert walk(people, "next_url", descending=True) == [
        ["Ödman", "Äng", "Ås"],
        ["Zenit", "Vik", "Berg"],
        ["Ahl"],
    ]


def test_the_previous_pages_lead_from_the_last_to_the_first(people):
    assert walk(people, "previous_url", "last=1") == [
        ["Ås", "Äng", "Ödman"],
        ["Berg", "Vik", "Zenit"],
        ["Ahl"],
    ]


def test_previous_pages_of_a_falling_order(people):
    assert walk(people, "previous_url", "last=1", descending=True) == [
        ["Vik", "Berg", "Ahl"],
        ["Äng", "Ås", "Zenit"],
        ["Ödman"],
    ]


def test_people_of_one_name_are_neither_skipped_nor_shown_twice():
    company = CompanyFactory()
    ParticipantFactory.create_batch(7, company=company, family_name="Berg")

    query, seen = "", []
    while True:
        page = paginate(
            Participant.objects.all(), QueryDict(query), order=BY_NAME, size=2
        )
        seen += [row.pk for row in page.rows]
        if not page.next_url:
            break
        query = page.next_url.removeprefix("?")

    assert seen == sorted(Participant.objects.values_list("pk", flat=True))


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after_it(people):
    first = paginate(people, QueryDict(), order=BY_NAME, size=3)
    last = paginate(people, QueryDict("last=1"), order=BY_NAME, size=3)

    assert (first.first_url, first.previous_url) == ("", "")
    assert first.last_url == "?last=1"
    assert (last.next_url, last.last_url) == ("", "")
    assert last.first_url == "?"


def test_addresses_keep_what_else_the_reader_chose_and_name_nobody(people):
    page = paginate(people, QueryDict("sort=-name&after=p-1"), order=BY_NAME, size=3)
    assert page.rows == []

    page = paginate(people, QueryDict("sort=-name"), order=BY_NAME, size=3)
    ref = page.rows[-1].ref

    assert page.next_url == f"?sort=-name&after={ref}"


def test_a_ref_that_is_not_among_the_rows_shows_nothing(people):
    stranger = ParticipantFactory(family_name="Berg")
    own = people.exclude(pk=stranger.pk)

    page = paginate(own, QueryDict(f"after={stranger.ref}"), order=BY_NAME, size=3)

    assert page.rows == []
    assert page.first_url == "?"


def test_the_rows_are_counted_only_so_far(people, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 5)

    page = paginate(people, QueryDict(), order=BY_NAME, size=3)

    assert (page.count, page.is_counted) == (5, False)


@pytest.mark.parametrize("query", ["", "last=1", "after", "before"])
def test_a_page_costs_two_queries_however_many_rows(
    people, query, django_assert_num_queries
):
    ref = people.order_by("pk")[3].ref
    asked = QueryDict(f"{query}={ref}" if query in {"after", "before"} else query)

    with django_assert_num_queries(2):
        paginate(people, asked, order=["company__name", *BY_NAME], size=3)
