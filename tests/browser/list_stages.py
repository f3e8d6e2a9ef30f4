"""What must exist before somebody looks at lists that become files."""

from django.utils import timezone

from accounts.models import User
from companies.tests.factories import MembershipFactory, ParticipantFactory
from reporting.enums import HowOften
from reporting.models import ListExport
from reporting.tests.listing import make_choice, make_list
from tests.browser.stages import company_of


def lists_of_all_kinds(user: User) -> None:
    make_choice(user, how_often=HowOften.WEEK)
    a_finished_list(user)
    a_list_on_its_way(user)
    a_failed_list(user)


def a_kept_list(user: User) -> tuple[object]:
    colleague = MembershipFactory(company=company_of(user)).user
    return (make_choice(user, readers=[colleague]).pk,)


def the_attendance(_user: User) -> tuple[str]:
    return ("attendance",)


def a_finished_list(user: User) -> tuple[object]:
    ParticipantFactory(company=company_of(user))
    return (make_list(user).pk,)


def a_list_on_its_way(user: User) -> tuple[object]:
    return (_export(user, order="1", progress=40).pk,)


def a_failed_list(user: User) -> tuple[object]:
    failure = "Tre försök misslyckades."
    return (_export(user, order="2", failed_at=timezone.now(), failure=failure).pk,)


def a_list_that_is_gone(user: User) -> tuple[object]:
    return (_export(user, order="3", finished_at=timezone.now()).pk,)


def _export(user: User, **state) -> ListExport:
    return ListExport.objects.create(
        list_id="people",
        columns=["ref"],
        file_format="xlsx",
        requested_by=user,
        **state,
    )
