"""What companies need, what is planned for it, and how much of it has a seat.

*Planned* counts people of a need on occasions that are not cancelled; *unmet* is the
headcount less what is planned, never below 0; *met* are confirmed live seats of the
company's people on those occasions, at most the headcount. What a need says of a role
is for who plans: whoever the company sends counts.

A seat meets one need. Where an occasion is planned for several needs of a company, its
seats there go to each as far as it is planned for, in the order of priority, day wanted
by and ref; what is left then goes round once more in the same order. A need that was
withdrawn comes last.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from core.querysets import subtotal
from trainings.enums import OccasionStatus
from trainings.models import (
    Course,
    Enrolment,
    Need,
    NeedQuerySet,
    Occasion,
    OccasionQuerySet,
    PlannedNeed,
    Session,
)

_NO_DAY = dt.date(9999, 12, 31)

SeatsTaken = Mapping[tuple[int, int], int]  # By occasion and company.


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """How many people a need is for, how many are planned for and have a seat."""

    headcount: int
    planned: int
    met: int

    @property
    def unmet(self) -> int:
        return max(0, self.headcount - self.planned)


@dataclass(frozen=True, slots=True)
class Plan:
    """That an occasion is planned for a need.

    `seats` are all confirmed seats of the company's people there, whichever need they
    meet; `starts_at` is None without sessions. `is_readable` says whether the reader
    may open the occasion.
    """

    row: PlannedNeed
    seats: int
    starts_at: dt.datetime | None
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class PlanSums:
    """What an occasion is planned for, with no company named; withdrawn needs not."""

    headcount: int
    companies: int
    seats: int


@dataclass(frozen=True, slots=True)
class PlannedFor:
    """The needs behind an occasion as a certain reader may see them.

    `sums` is None for HR, whom they would tell of other companies.
    """

    plans: Sequence[Plan]
    sums: PlanSums | None


# Themes


def themes_in_use() -> list[str]:
    """List the themes of courses and needs, each once, by Unicode code point."""
    return sorted(_spellings().values())


def theme_as_used(theme: str, *, but: Need | None = None) -> str:
    """Return a theme trimmed, in the spelling in use if only its case differs.

    Courses set the spelling, then the oldest need; `but` is a need that is about to be
    spelled anew.
    """
    tidy = " ".join(theme.split())
    return _spellings(but).get(tidy.casefold(), tidy)


def with_theme(needs: NeedQuerySet, theme: str) -> NeedQuerySet:
    """Keep the needs of a theme, however packages may have spelled it."""
    written = Need.objects.order_by().values_list("theme", flat=True).distinct()
    same = [other for other in written if other.casefold() == theme.casefold()]
    return needs.filter(theme__in=same)


def _spellings(but: Need | None = None) -> dict[str, str]:
    """Return each theme as it is spelled, by itself without case; one query."""
    courses = Course.objects.order_by().annotate(first=Value(0))
    needs = Need.objects.exclude(pk=but.pk) if but else Need.objects.all()
    oldest = needs.order_by().values("theme").annotate(first=Min("pk"))
    written = courses.values_list("first", "theme").union(
        oldest.values_list("first", "theme")
    )
    found: dict[str, str] = {}
    for _first, theme in sorted(written):
        found.setdefault(theme.casefold(), theme)
    return found


# Needs with their figures


def needs_by_urgency(needs: NeedQuerySet) -> NeedQuerySet:
    """Annotate `wanted_on`: a need without a day sorts after all others."""
    last = Value(_NO_DAY)
    return needs.annotate(wanted_on=Coalesce("wanted_by", last))


def figures_of(needs: Collection[Need]) -> dict[int, NeedFigures]:
    """Return the figures of each need by its primary key, in two queries."""
    plans = PlannedNeed.objects.filter(need__in=[need.pk for need in needs])
    return figures_among(needs, plans)


def planned_headcount(need: Need) -> int:
    """Return how many people of a need are planned for."""
    plans = need.planned.exclude(occasion__status=OccasionStatus.CANCELLED)
    return plans.aggregate(sum=Coalesce(Sum("headcount"), 0))["sum"]


def needs_of_partners(day: dt.date) -> NeedQuerySet:
    """Return the needs that are not withdrawn of companies that have not left."""
    stays = Q(company__left_on=None) | Q(company__left_on__gte=day)
    rows = needs_by_urgency(Need.objects.current().filter(stays))
    return rows.select_related("company").order_by("priority", "wanted_on", "ref")


def needs_left(theme: str) -> list[tuple[Need, NeedFigures]]:
    """List the needs of a theme of which somebody is not planned for, urgent first."""
    needs = list(with_theme(needs_of_partners(timezone.localdate()), theme))
    figures = figures_of(needs)
    return [(need, figures[need.pk]) for need in needs if figures[need.pk].unmet]


def plans_of(need: Need, user: User) -> list[Plan]:
    """List the occasions planned for a need by first session, cancelled ones too."""
    rows = _with_first_session(need.planned.all())
    rows = rows.order_by(F("first_at").asc(nulls_last=True), "occasion__ref")
    readable = set(Occasion.objects.visible_to(user).values_list("pk", flat=True))
    taken = _seats_taken(need.planned.order_by().values("occasion"))
    return [
        Plan(
            row,
            taken.get((row.occasion_id, need.company_id), 0),
            row.first_at,
            row.occasion_id in readable,
        )
        for row in rows
    ]


# Occasions


def planned_for(occasion: Occasion, user: User) -> PlannedFor:
    """Return the needs behind an occasion: all for project leaders, own ones for HR.

    Project leaders and the supplier's staff get sums besides. One query where nothing
    is planned, else two or three.
    """
    rows = list(
        occasion.planned_needs.select_related("need__company").order_by(
            "need__company__name", "need__priority", "need__ref"
        )
    )
    if not rows:
        return PlannedFor([], None)
    own = Need.objects.visible_to(user).filter(planned__occasion=occasion)
    seen = set(own.order_by().values_list("pk", flat=True))
    taken = _seats_taken([occasion.pk])

    def seats(company: int) -> int:
        return taken.get((occasion.pk, company), 0)

    sums = None
    if user.is_project_leader or getattr(occasion, "is_run_by_user", False):
        current = [row for row in rows if row.need.withdrawn_at is None]
        companies = {row.need.company_id for row in current}
        sums = PlanSums(
            headcount=sum(row.headcount for row in current),
            companies=len(companies),
            seats=sum(seats(company) for company in companies),
        )
    shown = [row for row in rows if row.need_id in seen]
    return PlannedFor(
        [Plan(row, seats(row.need.company_id), None) for row in shown], sums
    )


def planned_occasions() -> OccasionQuerySet:
    """Return occasions that are still planned, with `planned_people`.

    Needs that were withdrawn are not among those.
    """
    counted = PlannedNeed.objects.filter(need__withdrawn_at=None)
    rows = Occasion.objects.filter(status=OccasionStatus.PLANNED)
    return rows.annotate(
        planned_people=subtotal(counted, Sum("headcount"), per="occasion")
    )


# What they rest on


def figures_among(
    needs: Iterable[Need], plans: QuerySet[PlannedNeed]
) -> dict[int, NeedFigures]:
    """Return the figures of needs all of whose plans are among `plans`."""
    live = plans.exclude(occasion__status=OccasionStatus.CANCELLED)
    occasions = live.order_by().values("occasion")
    # With other needs of the same occasions: a seat that meets one meets no other.
    together = list(
        PlannedNeed.objects.filter(occasion__in=occasions).select_related("need")
    )
    planned: Counter[int] = Counter()
    for plan in together:
        planned[plan.need_id] += plan.headcount
    met = _deal(together, _seats_taken(occasions))
    return {
        need.pk: NeedFigures(need.headcount, planned[need.pk], met[need.pk])
        for need in needs
    }


def _seats_taken(occasions: QuerySet | Collection[int]) -> SeatsTaken:
    seats = Enrolment.objects.confirmed().filter(occasion__in=occasions).order_by()
    counts = seats.values_list("occasion", "participant__company").annotate(Count("pk"))
    return {(occasion, company): count for occasion, company, count in counts}


def _deal(plans: Iterable[PlannedNeed], taken: SeatsTaken) -> Counter[int]:
    """Give each seat to one need, as the top of this file says."""
    in_order = sorted(plans, key=_urgency)
    left, met = dict(taken), Counter[int]()
    for is_first_round in (True, False):
        for plan in in_order:
            seats = plan.occasion_id, plan.need.company_id
            wanted = plan.need.headcount - met[plan.need_id]
            if is_first_round:
                wanted = min(wanted, plan.headcount)
            given = max(0, min(wanted, left.get(seats, 0)))
            met[plan.need_id] += given
            left[seats] = left.get(seats, 0) - given
    return met


def _urgency(plan: PlannedNeed) -> tuple:
    need = plan.need
    is_withdrawn = need.withdrawn_at is not None
    wanted_on = need.wanted_by or _NO_DAY
    return is_withdrawn, need.priority, wanted_on, need.ref, plan.occasion_id


def _with_first_session(plans: QuerySet[PlannedNeed]) -> QuerySet:
    first = Session.objects.filter(occasion=OuterRef("occasion")).order_by("starts_at")
    rows = plans.select_related("occasion__course")
    return rows.annotate(first_at=Subquery(first.values("starts_at")[:1]))
