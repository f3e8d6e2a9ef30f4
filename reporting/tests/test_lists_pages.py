"""The pages on which lists are chosen, kept, sent and fetched."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import AuditEntry, AuditMention, OutboxMessage, User
from accounts.tests.clients import ProvedClient
from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.errors import DomainError
from reporting.enums import HowOften, Span
from reporting.models import ListChoice, ListExport
from reporting.tasks import build_list, send_due_lists
from reporting.tests.listing import lines_of, make_choice, make_list

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def browser(client, hr):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(hr.user)
    return client


def page(name, *args):
    return reverse(f"lists:{name}", args=args)


def errors(response):
    return response.context["form"].errors.get_json_data()


def test_hr_chooses_columns_and_fetches_the_file(browser, hr):
    anna = ParticipantFactory(company=hr.company)

    answer = browser.post(
        page("list", "people"), {"columns": ["ref", "gender"], "file_format": "csv"}
    )

    export = ListExport.objects.get()
    assert answer.headers["Location"] == page("export", export.pk)
    build_list(str(export.pk))
    file = browser.get(page("export-download", export.pk))
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Cache-Control"] == "private, no-store"
    text = b"".join(file).decode("utf-8-sig")
    assert text == f"Reference;Gender\r\n{anna.ref};woman\r\n"
    fetched = AuditEntry.objects.get(action="reporting.list_fetched")
    assert fetched.payload.actor == hr.user
    assert [m.ref for m in AuditMention.objects.filter(entry=fetched)] == [anna.ref]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"columns": []}, "columns", "Choose at least one column."),
        (
            {"columns": ["salary"]},
            "columns",
            "Select a valid choice. salary is not one of the available choices.",
        ),
        (
            {"starts_on": "2026-03-01"},
            "ends_on",
            "Give both days, or leave both empty.",
        ),
        (
            {"starts_on": "2026-03-02", "ends_on": "2026-03-01"},
            "ends_on",
            "A period cannot end before it starts.",
        ),
        ({"starts_on": "yesterday"}, "starts_on", "Enter a valid date."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(browser, typed, field, sentence):
    usual = {"columns": ["ref"], "file_format": "xlsx"}

    answer = browser.post(page("list", "attendance"), usual | typed)

    assert [error["message"] for error in errors(answer)[field]] == [sentence]
    assert not ListExport.objects.exists()


def test_nobody_else_fetches_it_not_even_a_leader(browser, hr):
    export = make_list(hr.user)
    colleague = MembershipFactory(company=hr.company).user

    for user in (colleague, make_leader()):
        other = ProvedClient()
        other.force_login(user)
        for name in ("export", "export-status", "export-download"):
            assert other.get(page(name, export.pk)).status_code == 404


def test_who_is_hr_no_more_fetches_nothing_made_before(browser, hr):
    export = make_list(hr.user)
    hr.ended_on = hr.started_on
    hr.save()

    assert browser.get(page("export-download", export.pk)).status_code == 404


def test_who_sees_less_than_then_fetches_nothing_made_then(browser, hr):
    second = MembershipFactory(user=hr.user)
    of_both = make_list(hr.user)
    second.ended_on = second.started_on
    second.save()

    of_one = make_list(hr.user)

    assert browser.get(page("export-download", of_both.pk)).status_code == 404
    assert browser.get(page("export-download", of_one.pk)).status_code == 200


def test_a_leaders_file_is_not_fetched_by_who_is_hr_now():
    leader = make_leader()
    everybody = make_list(leader)
    leader.role_grants.all().delete()
    MembershipFactory(user=leader)
    client = ProvedClient()
    client.force_login(leader)

    assert client.get(page("export-download", everybody.pk)).status_code == 404


def test_a_file_with_protected_people_needs_the_right_when_it_is_fetched():
    leader = make_leader()
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    export = make_list(User.objects.get(pk=leader.pk))
    leader.user_permissions.clear()
    client = ProvedClient()
    client.force_login(leader)

    assert client.get(page("export-download", export.pk)).status_code == 404


def test_a_kept_list_that_cannot_be_made_keeps_no_other_waiting(hr):
    gone, stays = make_choice(hr.user, name="A"), make_choice(hr.user, name="B")
    weekly = {"how_often": HowOften.WEEK, "due_on": dt.date(2026, 1, 1)}
    ListChoice.objects.filter(pk=gone.pk).update(columns=["gone"], **weekly)
    ListChoice.objects.filter(pk=stays.pk).update(**weekly)

    send_due_lists()
    send_due_lists()

    assert [export.choice for export in ListExport.objects.all()] == [stays]
    assert not ListChoice.objects.filter(due_on__lte=dt.date(2026, 1, 1)).exists()


def test_a_list_that_is_not_for_hr_is_not_there(browser):
    for name in ("accommodations", "companies", "no-such-list"):
        assert browser.get(page("list", name)).status_code == 404


def test_a_list_is_kept_and_used_again(browser, hr):
    typed = {"name": "Till chefen", "columns": ["ref"], "file_format": "csv"}

    browser.post(page("choice-new", "people"), typed | {"how_often": "never"})

    choice = ListChoice.objects.get()
    assert (choice.owner, choice.columns, choice.due_on) == (hr.user, ["ref"], None)
    answer = browser.post(page("choice-use", choice.pk))
    assert answer.headers["Location"] == ListExport.objects.get().get_absolute_url()
    assert "Till chefen" in browser.get(page("lists")).content.decode()


def test_two_kept_lists_of_one_name_are_refused_with_a_sentence(browser, hr):
    make_choice(hr.user, name="Min lista")
    typed = {"name": "Min lista", "columns": ["ref"], "file_format": "csv"}

    answer = browser.post(page("choice-new", "people"), typed | {"how_often": "never"})

    (fault,) = errors(answer)["name"]
    assert fault["message"] == "You have kept another list by this name."


def test_a_kept_list_is_changed_and_forgotten_by_its_owner_alone(browser, hr):
    mine, theirs = make_choice(hr.user), make_choice(MembershipFactory().user)

    for name in ("choice", "choice-use", "choice-forget"):
        assert browser.post(page(name, theirs.pk)).status_code == 404
    browser.post(page("choice-forget", mine.pk))

    assert list(ListChoice.objects.all()) == [theirs]


@pytest.mark.parametrize(
    ("often", "after", "day"),
    [
        (HowOften.WEEK, MONDAY, dt.date(2026, 11, 30)),
        (HowOften.WEEK, dt.date(2026, 11, 29), dt.date(2026, 11, 30)),
        (HowOften.MONTH, MONDAY, dt.date(2026, 12, 1)),
        (HowOften.MONTH, dt.date(2026, 12, 1), dt.date(2027, 1, 1)),
        (HowOften.MONTH, dt.date(2027, 1, 31), dt.date(2027, 2, 1)),
        (HowOften.NEVER, MONDAY, None),
    ],
)
def test_the_next_file_comes_on(often, after, day):
    assert ListChoice(how_often=often).next_day(after=after) == day


@pytest.mark.parametrize(
    ("span", "today", "days"),
    [
        (Span.ALL, MONDAY, None),
        (Span.MONTH, MONDAY, (dt.date(2026, 10, 1), dt.date(2026, 10, 31))),
        (
            Span.MONTH,
            dt.date(2026, 1, 1),
            (dt.date(2025, 12, 1), dt.date(2025, 12, 31)),
        ),
        (Span.QUARTER, MONDAY, (dt.date(2026, 7, 1), dt.date(2026, 9, 30))),
        (
            Span.QUARTER,
            dt.date(2026, 3, 31),
            (dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
        ),
    ],
)
def test_the_days_of_a_file_are(span, today, days):
    assert ListChoice(span=span).days(today=today) == days


def due(choice):
    ListChoice.objects.filter(pk=choice.pk).update(due_on=dt.date(2026, 1, 1))


def test_a_file_that_comes_by_itself_holds_what_its_reader_may_see(hr):
    ParticipantFactory(company=hr.company)
    colleague = MembershipFactory(company=hr.company)
    second = MembershipFactory(user=colleague.user)
    theirs = ParticipantFactory(company=second.company)
    weekly = {"how_often": HowOften.WEEK, "readers": [colleague.user]}
    choice = make_choice(hr.user, columns=["ref"], **weekly)
    due(choice)

    send_due_lists()
    for export in ListExport.objects.all():
        build_list(str(export.pk))

    of = {export.requested_by: export for export in ListExport.objects.all()}
    assert len(lines_of(of[hr.user])) == 2
    assert [theirs.ref] in lines_of(of[colleague.user])
    assert len(lines_of(of[colleague.user])) == 3
    letters = OutboxMessage.objects.filter(kind="list_ready")
    assert {letter.recipient for letter in letters} == {
        hr.user.email,
        colleague.user.email,
    }


def test_whoever_may_see_nothing_on_the_day_gets_nothing(hr):
    colleague = MembershipFactory(company=hr.company)
    weekly = {"how_often": HowOften.WEEK, "readers": [colleague.user]}
    choice = make_choice(hr.user, **weekly)
    due(choice)
    colleague.ended_on = colleague.started_on
    colleague.save()

    send_due_lists()

    assert [export.requested_by for export in ListExport.objects.all()] == [hr.user]


def test_a_day_comes_once(hr):
    due(make_choice(hr.user, how_often=HowOften.WEEK))

    send_due_lists()
    build_list(str(ListExport.objects.get().pk))
    send_due_lists()

    assert ListExport.objects.count() == 1


def test_a_list_is_sent_only_to_who_may_see_it(hr):
    stranger = MembershipFactory().user

    with pytest.raises(DomainError) as refusal:
        make_choice(make_leader(), "accommodations", ["kind"], readers=[stranger])

    sentence = f"{stranger} may not see any row of this list."
    assert str(refusal.value) == sentence
    assert not ListChoice.objects.exists()


def test_colleagues_to_choose_are_of_the_same_company(browser, hr):
    colleague = MembershipFactory(company=hr.company).user
    MembershipFactory()
    MembershipFactory(company=hr.company, ended_on=dt.date(2026, 1, 1))

    form = browser.get(page("choice-new", "people")).context["form"]

    assert list(form.fields["readers"].queryset) == [colleague]
