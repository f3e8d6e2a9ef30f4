"""What companies need: stated, changed, withdrawn, and planned for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from companies.identity import InvalidNumberError, holds_a_number, parse_role_code
from companies.models import Company
from core.errors import DomainError
from trainings.enums import OccasionStatus
from trainings.models import Course, Need, Occasion, PlannedNeed, Provider
from trainings.selectors import (
    figures_of,
    planned_headcount,
    planned_occasions,
    theme_as_used,
)
from trainings.services.occasions import lock
from trainings.services.seats import to_the_minute

HIGHEST, LOWEST = 1, 3  # Priorities, as pages offer them; packages may hold others.
_FIELDS = ("theme", "role_code", "headcount", "priority", "wanted_by")
_LONGEST_THEME = 60
_TRIES = 5
MOST_SEATS = 1_000


@transaction.atomic
def state_need(
    *,
    company: Company,
    theme: str,
    headcount: int,
    priority: int,
    actor: User,
    role_code: str = "",
    wanted_by: dt.date | None = None,
) -> Need:
    """Write down what a company needs, under the theme's spelling in use."""
    company = _lock_companies([company.pk])[company.pk]
    refuse_departed(company)
    need = Need(
        company=company,
        theme=checked_theme(theme),
        role_code=checked_role(role_code),
        headcount=checked_headcount(headcount),
        priority=_checked_priority(priority),
        wanted_by=checked_day(wanted_by),
    )
    need._history_user = actor  # type: ignore[attr-defined]
    need.save()
    record(
        actor,
        "trainings.need_stated",
        need,
        company=company.org_number,
        headcount=headcount,
    )
    return need


@transaction.atomic
def change_need(
    *,
    need: Need,
    theme: str,
    headcount: int,
    priority: int,
    actor: User,
    role_code: str = "",
    wanted_by: dt.date | None = None,
) -> Need:
    """Say anew what is needed; of nobody less than are planned for already.

    A day that has passed may stay as it is. Saved as it was, nothing is written.
    """
    need = lock_needs([need.pk])[need.pk]
    refuse_withdrawn(need)
    planned = planned_headcount(need)
    if headcount < planned:
        raise DomainError(too_few_for_plans(planned))
    before = {field: getattr(need, field) for field in _FIELDS}
    need.theme = checked_theme(theme, of=need)
    need.role_code = checked_role(role_code)
    need.headcount = checked_headcount(headcount)
    need.priority = _checked_priority(priority)
    if wanted_by != need.wanted_by:
        need.wanted_by = checked_day(wanted_by)
    changed = [field for field in _FIELDS if getattr(need, field) != before[field]]
    if changed:
        need._history_user = actor  # type: ignore[attr-defined]
        need.save(update_fields=[*changed, "updated_at"])
        record(actor, "trainings.need_changed", need, fields=changed)
    return need


@transaction.atomic
def withdraw_need(*, need: Need, actor: User, at: dt.datetime | None = None) -> Need:
    """Say that the company has it no longer. The row and its plans stay.

    An occasion that was planned for it has those seats to plan for others.
    """
    need = lock_needs([need.pk])[need.pk]
    refuse_withdrawn(need)
    need.withdrawn_at = to_the_minute(at)
    need._history_user = actor  # type: ignore[attr-defined]
    need.save(update_fields=["withdrawn_at", "updated_at"])
    record(actor, "trainings.need_withdrawn", need)
    return need


@transaction.atomic
def plan_for_needs(
    *, occasion: Occasion, headcounts: Mapping[Need, int], actor: User
) -> Occasion:
    """Plan an occasion for so many more people of each need, all or none.

    Refused: more than a need has left, more people than the occasion has seats (a need
    planned for without a seat would be hidden from demand), a need that was withdrawn,
    a company that has left, an occasion that is not planned any more.
    """
    needs = _needs_to_plan(headcounts)
    occasion = lock(occasion)
    if occasion.status != OccasionStatus.PLANNED:
        raise DomainError(
            _("%(occasion)s is not planned any more; needs can no longer be added.")
            % {"occasion": occasion.ref}
        )
    before = planned_occasions().get(pk=occasion.pk).planned_people
    _refuse_too_many(before + sum(needs.values()), seats=occasion.capacity)
    _plan(occasion, needs, actor)
    return occasion


@transaction.atomic
def plan_new_occasion(
    *,
    headcounts: Mapping[Need, int],
    course: Course,
    delivery: str,
    actor: User,
    capacity: int | None = None,
    place: str = "",
    provider: Provider | None = None,
) -> Occasion:
    """Plan a new occasion for needs, all or none; refused as `plan_for_needs` is.

    Without `capacity` it gets a seat for everybody whom it is planned for.
    """
    needs = _needs_to_plan(headcounts)
    people = sum(needs.values())
    seats = people if capacity is None else capacity
    _refuse_too_many(people, seats=seats)
    if seats > MOST_SEATS:
        raise DomainError(
            _("An occasion has at most %(most)d seats.") % {"most": MOST_SEATS}
        )
    occasion = Occasion(
        course=course,
        provider=provider,
        capacity=seats,
        delivery=delivery,
        place=place,
    )
    occasion._history_user = actor  # type: ignore[attr-defined]
    _save_under_the_next_ref(occasion)
    _plan(lock(occasion), needs, actor)
    return occasion


@transaction.atomic
def take_off_plan(*, planned: PlannedNeed, actor: User) -> None:
    """Take a need off an occasion it is planned for, until the occasion is over."""
    lock_needs([planned.need_id])
    occasion = lock(planned.occasion)
    if occasion.is_over:
        raise DomainError(
            _("The occasion is over; what it was planned for no longer changes.")
        )
    rows = PlannedNeed.objects.select_for_update(of=("self",)).select_related("need")
    row = rows.filter(pk=planned.pk).first()
    if row is None:
        raise DomainError(_("The need is off this occasion already."))
    row.delete()
    record(
        actor,
        "trainings.need_unplanned",
        occasion,
        needs=[row.need.ref],
        planned=row.headcount,
    )


def too_few_for_plans(planned: int) -> str:
    """Say that a headcount is below what is planned already."""
    sentence = ngettext(
        "%(planned)d person is planned for already. The need cannot be for fewer.",
        "%(planned)d people are planned for already. The need cannot be for fewer.",
        planned,
    )
    return sentence % {"planned": planned}


def lock_needs(pks: Iterable[int]) -> dict[int, Need]:
    """Reread needs so that nobody plans, changes or withdraws them until commit.

    After their companies and before an occasion, by primary key.
    """
    rows = Need.objects.select_for_update(of=("self",)).select_related("company")
    return {need.pk: need for need in rows.filter(pk__in=set(pks)).order_by("pk")}


def refuse_departed(company: Company) -> None:
    if company.left_on and company.left_on < timezone.localdate():
        raise DomainError(
            _("%(company)s left the programme on %(day)s.")
            % {"company": company.name, "day": company.left_on.isoformat()}
        )


def refuse_withdrawn(need: Need) -> None:
    if need.withdrawn_at:
        raise DomainError(_("%(need)s: this need was withdrawn.") % {"need": need})


def checked_theme(theme: str, *, of: Need | None = None) -> str:
    used = theme_as_used(theme, but=of)
    if not used:
        raise DomainError(_("Say what the need is about."))
    if len(used) > _LONGEST_THEME:
        longest = {"most": _LONGEST_THEME}
        raise DomainError(_("A theme has at most %(most)d characters.") % longest)
    if holds_a_number(used):
        raise DomainError(_("A theme is about no person. Take the number out."))
    return used


def checked_role(code: str) -> str:
    try:
        return parse_role_code(code) if code else ""
    except InvalidNumberError as refusal:
        raise DomainError(str(refusal)) from refusal


def checked_headcount(headcount: int) -> int:
    if headcount < 1:
        raise DomainError(_("A need is for at least one person."))
    return headcount


def checked_day(day: dt.date | None) -> dt.date | None:
    if day and day < timezone.localdate():
        raise DomainError(_("The day by which it is wanted has passed."))
    return day


def _needs_to_plan(headcounts: Mapping[Need, int]) -> dict[Need, int]:
    """Lock companies and needs, and refuse what cannot be planned of them."""
    if not headcounts:
        raise DomainError(_("Choose at least one need."))
    companies = _lock_companies({need.company_id for need in headcounts})
    for company in companies.values():
        refuse_departed(company)
    needs = lock_needs(need.pk for need in headcounts)
    wanted = {needs[need.pk]: count for need, count in headcounts.items()}
    figures = figures_of(wanted)
    for need, count in wanted.items():
        refuse_withdrawn(need)
        checked_headcount(count)
        left = figures[need.pk].unmet
        if count > left:
            raise DomainError(
                _("%(left)d of %(need)s are left to plan for, not %(count)d.")
                % {"left": left, "need": need, "count": count}
            )
    return wanted


def _plan(occasion: Occasion, needs: Mapping[Need, int], actor: User) -> None:
    """Write the plans of an occasion that is locked, after its needs are."""
    there = {row.need_id: row for row in occasion.planned_needs.all()}
    for need, count in needs.items():
        row = there.get(need.pk) or PlannedNeed(occasion=occasion, need=need)
        row.headcount = (row.headcount or 0) + count
        row.save()
    record(
        actor,
        "trainings.needs_planned",
        occasion,
        needs=[need.ref for need in needs],
        planned=sum(needs.values()),
    )


def _refuse_too_many(people: int, *, seats: int) -> None:
    if people > seats:
        sentence = ngettext(
            "The occasion has %(seats)d seat, and would be planned for %(people)d "
            "people. Give it more seats, or plan for fewer.",
            "The occasion has %(seats)d seats, and would be planned for %(people)d "
            "people. Give it more seats, or plan for fewer.",
            seats,
        )
        raise DomainError(sentence % {"seats": seats, "people": people})


def _save_under_the_next_ref(occasion: Occasion) -> None:
    """Save a new occasion; somebody else may take the same readable ref meanwhile."""
    refs = Occasion._meta.get_field("ref")
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                occasion.save(force_insert=True)
        except IntegrityError:
            if not left:
                raise
            occasion.pk, occasion.ref = None, refs.get_default()
        else:
            return


def _lock_companies(pks: Iterable[int]) -> dict[int, Company]:
    rows = Company.objects.select_for_update().filter(pk__in=set(pks)).order_by("pk")
    return {company.pk: company for company in rows}


def _checked_priority(priority: int) -> int:
    if not HIGHEST <= priority <= LOWEST:
        raise DomainError(_("A priority is 1, 2 or 3; 1 is the highest."))
    return priority
