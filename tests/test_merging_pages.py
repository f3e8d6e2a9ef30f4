"""Two rows that may be one person, on the pages."""

import pytest
from django.urls import reverse

from accounts.tests.factories import make_leader
from companies.models import Merge, NotADuplicate, Participant
from companies.tests.factories import MembershipFactory, ParticipantFactory
from tests.doubles import NUMBER, hr, merge, twice, with_another_number

__all__ = ["hr", "twice"]
pytestmark = pytest.mark.django_db


def url(name, *rows):
    return reverse(f"companies:{name}", args=[row.ref for row in rows])


def test_hr_finds_the_pair_compares_and_merges(client, twice, hr):
    client.force_login(hr.user)
    old, new = twice
    Participant.objects.filter(pk=old.pk).update(family_name="bergh")

    assert old.ref in client.get(reverse("companies:duplicates")).text
    fields = client.get(url("merge", old, new)).context["form"].fields
    answers = dict.fromkeys(fields, "second")
    response = client.post(url("merge", old, new), answers)

    assert response.url == old.get_absolute_url()
    assert Participant.objects.get(pk=old.pk).personal_number == NUMBER


@pytest.mark.parametrize("protected", [False, True])
def test_the_page_says_by_name_which_row_stays(client, twice, hr, protected):
    """Whoever may compare the rows may see who it is, and tells them by the refs."""
    client.cookies["language"] = "en"
    client.force_login(hr.user)
    old, new = twice
    Participant.objects.filter(pk=old.pk).update(protected=protected)
    Participant.objects.filter(pk=old.pk).update(given_name="Eva", family_name="Ek")
    Participant.objects.filter(pk=new.pk).update(given_name="Ewa", family_name="Ek")

    page = " ".join(client.get(url("merge", old, new)).text.split())

    assert f"Eva Ek ({old.ref}) stays, and Ewa Ek ({new.ref}) goes into that" in page


def test_a_merge_is_listed_by_both_names(client, twice, hr):
    client.force_login(hr.user)
    Participant.objects.filter(pk=twice[1].pk).update(family_name="Bergqvist")
    twice[1].refresh_from_db()
    merge(twice, hr)

    page = client.get(reverse("companies:duplicates")).text

    assert f"Bergqvist, {twice[1].given_name} " in page
    assert twice[1].ref in page


def test_a_leader_without_the_right_is_shown_no_pair_under_protection(client, twice):
    client.force_login(make_leader())
    Participant.objects.filter(pk=twice[0].pk).update(protected=True)

    assert client.get(url("merge", *twice)).status_code == 404


def test_the_page_never_shows_a_number(client, twice, hr):
    client.force_login(hr.user)

    comparing = client.get(url("merge", *twice)).text
    refusing = client.get(url("merge", *with_another_number(twice, hr))).text

    for page in (comparing, refusing):
        assert "9805" not in page
        assert "9876" not in page
    assert "19850709-****" in refusing
    assert "19811218-****" in refusing


def test_the_page_says_what_to_do_about_two_numbers(client, twice, hr):
    client.cookies["language"] = "en"
    client.force_login(hr.user)
    kept, absorbed = with_another_number(twice, hr)

    page = client.get(url("merge", kept, absorbed))
    posted = client.post(url("merge", kept, absorbed), {"family_name": "second"})

    for answer in (page, posted):
        assert answer.text.count("different personal numbers") == 1
        assert kept.get_absolute_url() in answer.text
        assert "Merge the rows" not in answer.text
        assert "No, these are two people" in answer.text
    assert not Merge.objects.exists()


def test_a_choice_left_out_is_asked_for_and_nothing_is_merged(client, twice, hr):
    client.force_login(hr.user)

    response = client.post(url("merge", *twice), {})

    assert response.status_code == 200
    assert "family_name" in response.context["form"].errors
    assert not Merge.objects.exists()


def test_hr_says_that_they_are_two_people(client, twice, hr):
    client.force_login(hr.user)

    client.post(url("not-a-duplicate", *twice))

    judged = NotADuplicate.objects.get()
    assert (judged.first, judged.second, judged.judged_by) == (*twice, hr.user)


def test_another_company_finds_neither_the_pair_nor_the_merge(client, twice, hr):
    client.force_login(MembershipFactory().user)

    assert client.get(url("merge", *twice)).status_code == 404
    assert client.post(url("merge", *twice), {}).status_code == 404
    assert client.post(url("not-a-duplicate", *twice)).status_code == 404
    done = merge(twice, hr)
    undo = reverse("companies:merge-undo", args=[done.pk])
    assert client.post(undo).status_code == 404
    assert not NotADuplicate.objects.exists()


def test_a_pair_across_two_companies_is_not_found_even_by_a_leader(client, twice):
    client.force_login(make_leader())

    assert client.get(url("merge", twice[0], ParticipantFactory())).status_code == 404


def test_hr_takes_a_merge_apart_on_the_page(client, twice, hr):
    done = merge(twice, hr)
    client.force_login(hr.user)

    client.post(reverse("companies:merge-undo", args=[done.pk]))

    assert Participant.objects.get(pk=twice[1].pk).merged_into is None
