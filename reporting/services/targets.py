"""Targets: set, changed, removed, and counted once a day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Company, Programme
from core.errors import DomainError
from reporting.enums import TargetFigure
from reporting.figures.targets import Aim, Progress
from reporting.models import Target, TargetReading
from reporting.models.targets import WHOLE
from reporting.selectors.targets import aims, key_of, progress_of

MOST = 2_147_483_647  # What the column holds on both engines.


@transaction.atomic
def set_target(
    *,
    figure: str,
    company: Company | None,
    starts_on: dt.date,
    ends_on: dt.date,
    value: int,
    actor: User,
) -> Target:
    """Set what a figure is to reach in days within the programme.

    `value` is in the figure's unit: persons, minutes or per mille. Without a company it
    is of the whole programme. Raises DomainError with a sentence.
    """
    target = Target(figure=figure, company=company)
    _put(target, starts_on, ends_on, value, actor)
    facts = {"company": company.org_number} if company else {}
    record(actor, "reporting.target_set", target, **facts)
    return target


@transaction.atomic
def change_target(
    *, target: Target, starts_on: dt.date, ends_on: dt.date, value: int, actor: User
) -> Target:
    """Give a target other days or another value; saved as it was, nothing is written.

    Its figure and its company stay: another one is another target.
    """
    target = _locked(target)
    before = target.starts_on, target.ends_on, target.value
    if before != (starts_on, ends_on, value):
        _put(target, starts_on, ends_on, value, actor)
        record(actor, "reporting.target_changed", target)
    return target


@transaction.atomic
def remove_target(*, target: Target, actor: User) -> None:
    """Remove a target; its history stays."""
    target = _locked(target)
    record(actor, "reporting.target_removed", target)
    target._history_user = actor  # type: ignore[attr-defined]
    target.delete()


def read_targets(*, today: dt.date | None = None) -> int:
    """Count what was reached of every target in force, and keep it; return how many.

    Readings of what is no longer a target in force go.
    """
    today = today or timezone.localdate()
    rows = Target.objects.in_force(today).select_related("company")
    listed = aims(rows, Programme.objects.first())
    in_force = [aim for aim in listed if aim.starts_on <= today <= aim.ends_on]
    counted = progress_of(in_force, today=today)
    with transaction.atomic():
        for progress in counted:
            _keep(progress)
        keys = {key_of(aim) for aim in in_force}
        for reading in TargetReading.objects.all():
            own = (reading.figure, reading.company_id)
            if (*own, reading.starts_on, reading.ends_on) not in keys:
                reading.delete()
    return len(counted)


def _put(
    target: Target, starts_on: dt.date, ends_on: dt.date, value: int, actor: User
) -> None:
    target.starts_on, target.ends_on, target.value = starts_on, ends_on, value
    target.set_at, target.set_by = timezone.now(), actor
    _refuse(target)
    target._history_user = actor  # type: ignore[attr-defined]
    target.save()


def _locked(target: Target) -> Target:
    _lock_programme()
    rows = Target.objects.select_for_update(of=("self",))
    found = rows.filter(pk=target.pk).first()
    if found is None:
        raise DomainError(_("The target has been removed meanwhile."))
    return found


def _lock_programme() -> Programme | None:
    """Whoever sets or changes a target holds the programme first, one at a time."""
    return Programme.objects.select_for_update().first()


def _programme() -> Programme:
    programme = _lock_programme()
    if programme is None:
        raise DomainError(
            _("There is no programme yet, so there is nothing to aim at.")
        )
    return programme


def _refuse(target: Target) -> None:
    _refuse_days(target)
    _refuse_value(target)
    same = Target.objects.filter(
        figure=target.figure,
        company=target.company,
        starts_on=target.starts_on,
        ends_on=target.ends_on,
    )
    if same.exclude(pk=target.pk).exists():
        raise DomainError(
            _("There is a target for this figure and these days already. Change it.")
        )


def _refuse_days(target: Target) -> None:
    programme = _programme()
    if target.starts_on > target.ends_on:
        raise DomainError(_("A period cannot end before it starts."))
    if target.starts_on < programme.starts_on or target.ends_on > programme.ends_on:
        raise DomainError(
            _("The programme runs from %(first)s to %(last)s. Choose days within it.")
            % {"first": programme.starts_on, "last": programme.ends_on}
        )
    company = target.company
    if company is None:
        return
    partners = Company.objects.in_programme(target.starts_on, target.ends_on)
    if not partners.filter(pk=company.pk).exists():
        raise DomainError(
            _("%(company)s is not in the programme on these days.")
            % {"company": company.name}
        )


def _refuse_value(target: Target) -> None:
    if target.value < 1:
        raise DomainError(_("A target is more than zero."))
    if TargetFigure(target.figure).is_share and target.value > WHOLE:
        raise DomainError(_("A share is at most 100 percent."))
    if target.value > MOST:
        raise DomainError(_("A target is at most %(most)d.") % {"most": MOST})


def _keep(progress: Progress) -> None:
    aim: Aim = progress.aim
    part, whole = (
        (None, 1) if progress.actual is None else progress.actual.as_integer_ratio()
    )
    TargetReading.objects.update_or_create(
        figure=aim.figure,
        company=aim.company,
        starts_on=aim.starts_on,
        ends_on=aim.ends_on,
        defaults={
            "part": part,
            "whole": whole,
            "through": progress.through,
            "read_at": timezone.now(),
        },
    )
