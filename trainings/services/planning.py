"""What project leader and supplier settle together before an occasion opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts.audit import record
from accounts.models import User
from companies.models import Company
from core.errors import DomainError
from trainings import sittings
from trainings.enums import OccasionStatus, Side
from trainings.models import (
    AccessibilityCard,
    Occasion,
    PlanAgreement,
    PlanComment,
    Quota,
    Session,
)
from trainings.selectors.planning import (
    BASICS,
    CARD,
    OccasionPlan,
    card_of,
    digest_of_basics,
    digest_of_card,
    plan_of,
    side_of,
)
from trainings.services.occasions import lock
from trainings.services.texts import refuse_invalid, refuse_numbers

_COPIED = ("course", "provider", "capacity", "delivery", "place", "outline")
_REFS_TRIED = 5


class PlanChangedError(DomainError):
    """Somebody has saved something else since the page was shown. Nothing is saved."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has changed this meanwhile. Nothing of yours is saved yet.")
        )


@transaction.atomic
def change_plan(
    *,
    occasion: Occasion,
    values: Mapping[str, Any],
    actor: User | None,
    seen: str | None = None,
) -> Occasion:
    """Save content, place, delivery, seats and the day of decision of a planned run.

    `seen` is the digest (`digest_of_basics`) of what the page showed. Raises
    PlanChangedError if somebody has saved something else since, DomainError with
    every sentence if the values do not go together.
    """
    occasion = lock(occasion)
    refuse_planning(occasion, actor)
    _refuse_opened(occasion)
    if seen is not None and seen != digest_of_basics(occasion):
        raise PlanChangedError
    changed = [name for name in BASICS if getattr(occasion, name) != values[name]]
    if not changed:
        return occasion
    for name in changed:
        setattr(occasion, name, values[name])
    refuse_numbers(occasion.outline, occasion.place)
    _judge_decision(occasion)
    refuse_invalid(occasion)
    occasion._history_user = actor  # type: ignore[attr-defined]
    occasion.save(update_fields=[*changed, "updated_at"])
    record(actor, "trainings.plan_changed", occasion, fields=changed)
    return occasion


@transaction.atomic
def save_card(
    *,
    occasion: Occasion,
    values: Mapping[str, Any],
    actor: User | None,
    seen: str | None = None,
) -> AccessibilityCard:
    """Keep what is accessible at the occasion, and by when to ask for more.

    The supplier keeps it while the occasion is planned, the project leader until it
    is over. `seen` is the digest (`digest_of_card`) of what the page showed. Raises
    PlanChangedError and DomainError as `change_plan` does.
    """
    occasion = lock(occasion)
    refuse_planning(occasion, actor)
    card = card_of(occasion)
    if seen is not None and seen != digest_of_card(card):
        raise PlanChangedError
    card = card or AccessibilityCard(occasion=occasion)
    for name in CARD:
        setattr(card, name, values[name])
    refuse_numbers(card.more, card.breaks, card.language)
    refuse_invalid(card)
    if sentence := late_card(card.ask_by, plan_of(occasion).first_day):
        raise DomainError(sentence)
    card.save()
    record(actor, "trainings.card_saved", occasion)
    return card


def late_card(ask_by: dt.date, first_day: dt.date | None) -> str:
    """Return why the day to ask comes too late for the first session, or nothing."""
    if first_day is None or ask_by < first_day:
        return ""
    return _("The first session is on %(day)s. Let people ask before that day.") % {
        "day": first_day.isoformat()
    }


@transaction.atomic
def comment_on_plan(*, occasion: Occasion, text: str, actor: User) -> PlanComment:
    """Write to the other side about a planned occasion; never about persons."""
    occasion = lock(occasion)
    refuse_planning(occasion, actor)
    _refuse_opened(occasion)
    text = text.strip()
    if not text:
        raise DomainError(_("Write something first."))
    refuse_numbers(text)
    comment = PlanComment(occasion=occasion, text=text, written_by=actor)
    refuse_invalid(comment)
    comment.save()
    record(actor, "trainings.plan_commented", occasion)
    return comment


@transaction.atomic
def agree_to_plan(*, occasion: Occasion, digest: str, actor: User) -> PlanAgreement:
    """Agree for the actor's side to the plan whose digest the page showed.

    Raises DomainError if the plan is another one by now, or agreed to already.
    """
    occasion = lock(occasion)
    refuse_planning(occasion, actor)
    _refuse_opened(occasion)
    if digest != plan_of(occasion).digest:
        raise DomainError(
            _("Somebody has changed the plan meanwhile. Read it again, then agree.")
        )
    agreement = PlanAgreement(
        occasion=occasion,
        side=side_of(actor, occasion) or "",
        digest=digest,
        agreed_by=actor,
    )
    refuse_invalid(agreement)
    agreement.save()
    record(actor, "trainings.plan_agreed", occasion, side=agreement.side)
    return agreement


@transaction.atomic
def copy_occasion(*, occasion: Occasion, first_day: dt.date, actor: User) -> Occasion:
    """Plan the same run anew: its first session on the given day, nobody on it.

    Sessions keep their clock times and the days between them; quotas, the day of
    decision and the day to ask for adaptations move with them. Quotas of companies
    that will have left are not copied. Raises DomainError.
    """
    # Before the occasion, as lists and needs do: a quota holds its company, too.
    held = set(_lock_companies(occasion))
    occasion = lock(occasion)
    if not held.issuperset(_companies_of(occasion)):
        raise DomainError(_("Somebody changes the quotas just now. Try again."))
    plan = plan_of(occasion)
    if plan.first_day is None:
        raise DomainError(_("The occasion has no session to count the days from."))
    if first_day <= timezone.localdate():
        raise DomainError(_("Choose a day that is still to come."))
    if first_day.year not in sittings.YEARS:
        raise DomainError(_("Is the year right?"))
    moved = first_day - plan.first_day
    copy = _new_row(occasion, moved, actor)
    _copy_sessions(plan, copy, moved, actor)
    _copy_quotas(occasion, copy, moved)
    _copy_card(plan, copy, moved)
    record(actor, "trainings.occasion_copied", copy, occasion=occasion.ref)
    return copy


def refuse_planning(occasion: Occasion, actor: User | None) -> None:
    """Refuse whoever may not change the plan of a locked occasion now.

    Both sides while it is planned, then the project leader until it is over.
    """
    side = side_of(actor, occasion) if actor else Side.LEADER
    if side is None:
        raise DomainError(
            _("Only project leaders and the training supplier plan an occasion.")
        )
    if occasion.is_over:
        raise DomainError(_("The occasion is over; its plan no longer changes."))
    if occasion.status != OccasionStatus.PLANNED and side != Side.LEADER:
        raise DomainError(
            _("The occasion has been opened. Ask the project leader to change it.")
        )


def _refuse_opened(occasion: Occasion) -> None:
    if occasion.status != OccasionStatus.PLANNED:
        raise DomainError(_("The occasion has been opened; its plan is settled."))


def _judge_decision(occasion: Occasion) -> None:
    least, day = occasion.least_participants, occasion.decide_on
    if (least is None) != (day is None):
        raise DomainError(
            _("Give both the fewest participants and the day of go or no-go, or none.")
        )
    first = plan_of(occasion).first_day
    if day and first and day >= first:
        raise DomainError(
            _("The first session is on %(day)s. Decide before that day.")
            % {"day": first.isoformat()}
        )


def _new_row(occasion: Occasion, moved: dt.timedelta, actor: User) -> Occasion:
    values = {name: getattr(occasion, name) for name in _COPIED}
    values["least_participants"] = occasion.least_participants
    values["decide_on"] = _later(occasion.decide_on, moved)
    for _try in range(_REFS_TRIED):
        # Somebody else may take the next number at the same moment.
        with suppress(IntegrityError), transaction.atomic():
            return _made(values, actor)
    return _made(values, actor)


def _made(values: Mapping[str, Any], actor: User) -> Occasion:
    occasion = Occasion(**values)
    occasion._history_user = actor  # type: ignore[attr-defined]
    occasion.save()
    return occasion


def _copy_sessions(
    plan: OccasionPlan, copy: Occasion, moved: dt.timedelta, actor: User
) -> None:
    new, faults = [], []
    for one in plan.sessions:
        starts, ends = map(timezone.localtime, (one.starts_at, one.ends_at))
        try:
            sitting = sittings.Sitting(
                sittings.at(starts.date() + moved, starts.time()),
                sittings.at(ends.date() + moved, ends.time()),
                one.minutes,
            )
        except ValueError as fault:
            faults.append(f"{starts.date() + moved}: {fault}")
            continue
        if sentence := sittings.length_fault(sitting):
            faults.append(f"{starts.date() + moved}: {sentence}")
        new.append(
            Session(
                occasion=copy,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                minutes=sitting.minutes,
            )
        )
    if faults:
        raise DomainError("\n".join(faults))
    bulk_create_with_history(new, Session, default_user=actor)


def _companies_of(occasion: Occasion) -> QuerySet[Quota, int]:
    return occasion.quotas.order_by().values_list("company", flat=True)


def _lock_companies(occasion: Occasion) -> QuerySet[Company, int]:
    companies = Company.objects.filter(pk__in=_companies_of(occasion))
    rows = companies.order_by("pk").select_for_update()
    return rows.values_list("pk", flat=True)


def _copy_quotas(occasion: Occasion, copy: Occasion, moved: dt.timedelta) -> None:
    for quota in occasion.quotas.all():
        release_on = quota.release_on + moved
        stays = Company.objects.in_programme(release_on, release_on)
        if stays.filter(pk=quota.company_id).exists():
            Quota.objects.create(
                occasion=copy,
                company_id=quota.company_id,
                seats=quota.seats,
                release_on=release_on,
            )


def _copy_card(plan: OccasionPlan, copy: Occasion, moved: dt.timedelta) -> None:
    if plan.card is None:
        return
    values = {name: getattr(plan.card, name) for name in CARD}
    values["ask_by"] = _later(plan.card.ask_by, moved)
    AccessibilityCard.objects.create(occasion=copy, **values)


def _later(day: dt.date | None, moved: dt.timedelta) -> dt.date | None:
    return None if day is None else day + moved
