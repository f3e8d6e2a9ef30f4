"""Project leaders search the audit trail, and leave a trace of it themselves."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.actions import ACTIONS, sentence_of
from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal
from accounts.selectors import TrailSearch, chain_state, trail, trail_lines
from accounts.services.heads import verify_and_tell
from accounts.services.sealing import seal_entries
from accounts.services.trail import forget_people
from accounts.tests.factories import UserFactory, make_funder, make_leader
from accounts.tests.trail import as_dba, execute, people_of

pytestmark = pytest.mark.django_db

PAGE = reverse("trail:entries")
ANNA, BO = "p-0000000A", "p-0000000B"


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def leader():
    return make_leader(email="lea@example.org", name="Lea Lind")


@pytest.fixture
def browser(client, leader):
    client.force_login(leader)
    return client


@pytest.fixture
def hr():
    return UserFactory(email="hr@example.org", name="Hanna Rask")


def found(**search):
    entries = trail(TrailSearch(**search)).order_by("pk")
    return [entry.action for entry in entries]


def shown(response):
    return [line.what for line in response.context["lines"]]


# Searching


def test_a_person_is_found_by_ref_in_any_case(hr):
    record(hr, "companies.listed", people=[ANNA, BO])
    record(hr, "companies.read", people=[BO])

    assert found(about=ANNA) == found(about="P-0000000a") == ["companies.listed"]
    assert found(about=BO) == ["companies.listed", "companies.read"]
    assert found(about="p-0000000C") == []


def test_another_row_is_found_by_its_ref(hr):
    record(None, "accounts.saved_user", hr)
    record(None, "accounts.saved_user", make_leader())

    assert found(about=str(hr.pk)) == ["accounts.saved_user"]


def test_who_did_it_is_found_by_a_part_of_name_or_address(hr, leader):
    record(hr, "companies.read", people=[ANNA])
    record(leader, "companies.listed", people=[ANNA])
    record(None, "kompetenslyft.dumped_programme")

    assert found(who="rask") == found(who="HR@example") == ["companies.read"]
    assert found(who="example.org") == ["companies.read", "companies.listed"]


def test_an_action_is_found(hr):
    record(hr, "companies.read", people=[ANNA])
    record(hr, "companies.listed", people=[ANNA])

    assert found(action="companies.listed") == ["companies.listed"]


def test_days_are_local_and_both_are_inside(hr):
    """Midnight in Stockholm is 23:00 in UTC in March."""
    for moment in ("2026-03-01 22:59", "2026-03-01 23:00", "2026-03-02 22:59"):
        entry = record(hr, f"accounts.at_{moment[-5:]}_{moment[8:10]}")
        at = dt.datetime.fromisoformat(f"{moment}+00:00")
        with as_dba():
            type(entry.payload).objects.filter(pk=entry.pk).update(at=at)
    second = dt.date(2026, 3, 2)

    assert found(first=second) == ["accounts.at_23:00_01", "accounts.at_22:59_02"]
    assert found(last=second - dt.timedelta(days=1)) == ["accounts.at_22:59_01"]
    assert found(first=second, last=second) == found(first=second)


# What an entry says


def test_an_entry_is_told_in_words(hr):
    record(hr, "companies.read", hr, people=[ANNA], rows=3, refs=["a", "b"], none=[])
    seal_entries()

    (line,) = trail_lines(trail(TrailSearch()))

    assert (line.who, line.what) == ("Hanna Rask", "Read the page of a person")
    assert (line.kind, line.row) == ("User", f"Hanna Rask ({hr.pk})")
    assert line.seal == 1
    assert (line.people, line.more_people) == ([ANNA], 0)
    assert line.facts == {"Rows": "3", "Shown rows": "a, b"}


def test_of_many_people_the_first_are_named(hr):
    record(hr, "companies.listed", people=[f"p-{n:08}" for n in range(50)])

    (line,) = trail_lines(trail(TrailSearch()))

    assert list(line.people) == [f"p-{n:08}" for n in range(5)]
    assert line.more_people == 45


def test_an_erased_entry_keeps_its_action(hr):
    record(hr, "companies.read", people=[ANNA])
    forget_people([ANNA], basis="retention")

    line = trail_lines(trail(TrailSearch(action="companies.read")))[0]

    assert (line.is_erased, line.at, line.who, line.people) == (True, None, "", [])


def test_a_kind_that_is_gone_is_told_by_its_own_name(hr):
    entry = record(hr, "companies.read")
    with as_dba():
        execute(
            "UPDATE accounts_auditpayload SET subject_type = 'gone.row'"
            " WHERE entry_id = %s",
            entry.pk,
        )

    (line,) = trail_lines(trail(TrailSearch()))
    assert line.kind == "gone.row"


def test_an_action_without_a_sentence_is_told_by_its_own_name():
    assert sentence_of("companies.new_thing") == "companies.new_thing"
    assert all(sentence_of(action)[0].isupper() for action in ACTIONS)


# Where the chain stands


def test_the_state_of_an_empty_trail():
    state = chain_state()

    assert (state.seal, state.unsealed, state.verified) == (None, 0, None)


def test_the_state_tells_the_last_seal_and_what_was_found():
    record(None, "accounts.tried")
    seal_entries()
    record(None, "accounts.tried")
    verify_and_tell()

    state = chain_state()

    assert state.seal == AuditSeal.objects.get()
    assert state.unsealed == 2  # The verification itself is one.
    assert list(state.verified.faults) == []


def test_a_fault_is_shown_to_the_leader(browser):
    entry = record(None, "accounts.tried")
    with as_dba():
        execute("UPDATE accounts_auditentry SET action = 'x' WHERE id = %s", entry.pk)
    verify_and_tell()

    text = browser.get(PAGE).text

    assert "The trail is not as it was written." in text
    assert f"The content of entry {entry.pk} was changed." in text


# The page


@pytest.mark.parametrize("make", [UserFactory, make_funder])
def test_the_page_is_there_for_leaders_only(client, make):
    client.force_login(make())

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"about": ANNA}).status_code == 404
    assert client.post(reverse("trail:verify")).status_code == 404


def test_what_is_looked_for_is_posted_and_stands_in_no_address(browser, hr):
    record(hr, "companies.read", people=[ANNA])
    record(hr, "companies.listed", people=[BO])

    answer = browser.post(PAGE, {"about": ANNA, "who": "Rask"})

    assert (answer.status_code, answer.url) == (302, PAGE)
    response = browser.get(PAGE)
    assert shown(response) == ["Read the page of a person"]
    assert response.context["form"].data["who"] == "Rask"

    browser.post(PAGE, {"clear": "1", "about": ANNA})
    assert "Listed people" in shown(browser.get(PAGE))


def test_a_link_from_a_persons_page_asks_for_that_person(browser, hr):
    record(hr, "companies.read", people=[ANNA])
    record(hr, "companies.listed", people=[BO])

    response = browser.get(PAGE, {"about": ANNA})

    assert shown(response) == ["Read the page of a person"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first": "igår"}, "first"),
        ({"first": "0001-01-01"}, "first"),
        ({"last": "9999-12-31"}, "last"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "last"),
        ({"action": "no.such"}, "action"),
        ({"about": "p" * 61}, "about"),
        ({"about": "p-\0"}, "about"),
        ({"who": "\0"}, "who"),
    ],
)
def test_a_search_that_makes_no_sense_is_answered_with_a_sentence(
    browser, typed, field
):
    record(None, "accounts.tried")

    response = browser.post(PAGE, typed)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert shown(response) == []


def test_an_address_that_makes_no_sense_shows_the_trail_from_its_start(browser):
    record(None, "companies.read")

    for query in ("after=x", "before=-1", f"after={'9' * 40}", "after=²"):
        assert browser.get(f"{PAGE}?{query}").status_code == 200
    assert browser.get(f"{PAGE}?after=999999999999").status_code == 302


def test_a_long_trail_is_read_in_steps(browser):
    for number in range(60):
        record(None, "accounts.tried", people=[ANNA], number=number)
    browser.post(PAGE, {"about": ANNA})

    first = browser.get(PAGE)
    second = browser.get(f"{PAGE}{first.context['page'].next_url}")

    numbers = [
        [
            line.facts["number"]
            for line in page.context["lines"]
            if "number" in line.facts
        ]
        for page in (first, second)
    ]
    # Reading the first page is itself the newest entry about the person.
    assert numbers[0][0] == "59"
    assert numbers[0] + numbers[1] == [str(n) for n in range(59, -1, -1)]


def test_what_was_typed_is_written_down_only_where_it_is_a_row(browser, hr):
    record(hr, "companies.changed", hr)
    for typed in ("Annabritta Bergendotter", "19850709-9805", str(hr.pk)):
        browser.post(PAGE, {"about": typed})
        browser.get(PAGE)

    entries = AuditEntry.objects.filter(action="accounts.trail_read").order_by("pk")
    assert [entry.payload.facts.get("about") for entry in entries] == [
        None,
        None,
        str(hr.pk),
    ]


def test_reading_the_trail_is_written_down(browser, leader, hr):
    record(hr, "companies.read", people=[ANNA])
    browser.post(
        PAGE,
        {
            "about": ANNA,
            "who": "Hanna",
            "action": "companies.read",
            "first": "2026-03-01",
        },
    )
    browser.get(PAGE)

    entry = AuditEntry.objects.get(action="accounts.trail_read")
    assert entry.payload.actor == leader
    assert people_of(entry) == [ANNA]
    assert entry.payload.facts == {
        "actors": [str(hr.pk)],
        "sought": "companies.read",
        "first": "2026-03-01",
        "entries": 1,
    }


def test_the_page_costs_the_same_for_one_entry_and_for_fifty(
    browser, django_assert_num_queries
):
    record(None, "accounts.tried", people=[ANNA])

    def count():
        # Session, user with roles, menu; entries, their people, count; last seal,
        # unsealed, last verification; the entry of the reading in two rows.
        with django_assert_num_queries(11):
            browser.get(PAGE)

    browser.get(PAGE)
    count()
    for _ in range(50):
        record(make_leader(), "accounts.tried", people=[ANNA, BO])
    count()


def test_a_leader_asks_for_a_verification(browser, monkeypatch):
    answer = browser.post(reverse("trail:verify"), follow=True)

    assert "The trail is being verified." in answer.text
