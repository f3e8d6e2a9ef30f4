"""Who may see people's rows, and why: the rules of scoping, told in words.

It tells what `companies/scoping.py`, `trainings/scoping.py` and the models' querysets
decide; a test asks those and this the same questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.models import User
from companies.models import Company, Membership, Participant
from trainings.models import (
    Attendance,
    Enrolment,
    EnrolmentQuerySet,
    Provider,
    ProviderStaff,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Some who may see a row: as what, who they are, and why they may.

    `names` is empty where nobody holds the role today.
    """

    role: str
    names: tuple[str, ...]
    why: str


def who_may_see(participant: Participant) -> list[Reader]:
    """List who may see a participant's row today, the person not among them."""
    if participant.erased_at:
        return []
    seats = _on_rosters(Enrolment.objects.filter(participant=participant))
    providers = Provider.objects.filter(pk__in=seats.values("occasion__provider"))
    staff = _staff_names(providers)
    return [
        *_hr_of(participant),
        _leaders_of(participant),
        *(_supplier_of(participant, row, staff[row.pk]) for row in providers),
        _funders(),
    ]


def readers_of(companies: Sequence[Company]) -> dict[int, list[Reader]]:
    """List, for each company by its key, who may see its people.

    Six queries, however many companies, people and suppliers there are.
    """
    hr = _hr_names(companies)
    leaders, with_right = leader_names(), named_right_names()
    suppliers = _suppliers_of(companies)
    return {
        company.pk: [
            _hr_reader(company, hr[company.pk]),
            Reader(
                _("Project leaders"),
                leaders,
                _("They run the programme. Protected identities are kept from them."),
            ),
            Reader(
                _("Project leaders with the named right"),
                with_right,
                _("They see people under protected identity, too."),
            ),
            *suppliers[company.pk],
            _funders(),
        ]
        for company in companies
    }


def leader_names() -> tuple[str, ...]:
    """Name those who are project leaders today."""
    return _names(_leaders())


def named_right_names() -> tuple[str, ...]:
    """Name the leaders who may also see people under protected identity."""
    given = Q(user_permissions__codename="view_protected_identities")
    return _names(_leaders().filter(Q(is_superuser=True) | given).distinct())


def _leaders() -> QuerySet[User]:
    users = User.objects.with_roles().filter(is_active=True)
    is_leader = Q(is_superuser=True) | Q(**{f"holds_{Role.LEADER}": True})
    return users.filter(is_leader).order_by("name", "email")


def _names(users: Iterable[User]) -> tuple[str, ...]:
    return tuple(str(user) for user in users)


def _leaders_of(participant: Participant) -> Reader:
    if not participant.protected:
        return Reader(
            _("Project leaders"), leader_names(), _("They run the programme.")
        )
    return Reader(
        _("Project leaders with the named right"),
        named_right_names(),
        _("Only they may see people under protected identity."),
    )


def _hr_of(participant: Participant) -> Iterator[Reader]:
    # Of somebody restricted, the company is shown no more than the ref.
    if not participant.restricted_at:
        company = participant.company
        yield _hr_reader(company, _hr_names([company])[company.pk])


def _hr_reader(company: Company, names: tuple[str, ...]) -> Reader:
    role = _("HR of %(company)s") % {"company": company.name}
    return Reader(role, names, _("The company employs the people and entered them."))


def _hr_names(companies: Iterable[Company]) -> dict[int, tuple[str, ...]]:
    rows = Membership.objects.filter(company__in=companies).select_related("user")
    names: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in _held_today(rows):
        names[row.company_id] += (str(row.user),)
    return names


def _supplier_of(
    participant: Participant, provider: Provider, names: tuple[str, ...]
) -> Reader:
    if participant.protected or participant.restricted_at:
        why = _("Gives training in which the person has a seat, and sees no name.")
    else:
        why = _("Gives training in which the person has a seat.")
    return Reader(_supplier(provider), names, why)


def _suppliers_of(companies: Iterable[Company]) -> dict[int, list[Reader]]:
    seats = _on_rosters(Enrolment.objects.filter(participant__company__in=companies))
    counts = (
        seats.order_by("occasion__provider__name", "occasion__provider")
        .values_list("participant__company", "occasion__provider")
        .annotate(people=Count("participant", distinct=True))
    )
    known = [row for row in counts if row[1]]
    providers = Provider.objects.in_bulk({provider for _company, provider, _n in known})
    staff = _staff_names(providers)
    readers = defaultdict(list)
    for company, provider, people in known:
        why = ngettext(
            "%(count)d person of the company is on its occasions.",
            "%(count)d people of the company are on its occasions.",
            people,
        ) % {"count": people}
        readers[company].append(
            Reader(_supplier(providers[provider]), staff[provider], why)
        )
    return readers


def _staff_names(providers: Iterable[Provider | int]) -> dict[int, tuple[str, ...]]:
    rows = ProviderStaff.objects.filter(provider__in=providers).select_related("user")
    names: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in _held_today(rows):
        names[row.provider_id] += (str(row.user),)
    return names


def _supplier(provider: Provider) -> str:
    return _("Supplier: %(supplier)s") % {"supplier": provider.name}


def _funders() -> Reader:
    return Reader(
        _("Funder"),
        (),
        _("Sees figures of the programme and its companies, and no person."),
    )


def _on_rosters(seats: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep the seats that the occasion's supplier sees: live, or once attended."""
    attended = Exists(Attendance.objects.filter(enrolment=OuterRef("pk")))
    return seats.filter(Q(declined_at=None, withdrawn_at=None) | Q(attended))


def _held_today(rows: QuerySet) -> QuerySet:
    today = timezone.localdate()
    held = rows.filter(
        Q(ended_on=None) | Q(ended_on__gte=today),
        started_on__lte=today,
        user__is_active=True,
    )
    return held.order_by("user__name", "user__email")
