"""Single undertakings and the de minimis aid they were granted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Company
from core.errors import DomainError
from reporting.aid_words import freer_in_words, room_in_words
from reporting.enums import AidOrigin
from reporting.models import AidAward, AidGroup, AidGroupMember, DeMinimisRule
from reporting.selectors.state_aid import aid_of, ledger_of


class SameAidError(DomainError):
    """Aid is as aid that is entered already: perhaps it was sent twice."""


@transaction.atomic
def make_group(
    *, name: str, fiscal_month: int, companies: Collection[Company], actor: User
) -> AidGroup:
    """Make a single undertaking of companies that belong to no other one."""
    group = AidGroup()
    _name(group, name, fiscal_month, actor)
    _put_members(group, companies, actor)
    record(actor, "reporting.aid_group_made", group)
    return group


@transaction.atomic
def change_group(
    *,
    group: AidGroup,
    name: str,
    fiscal_month: int,
    companies: Collection[Company],
    actor: User,
) -> AidGroup:
    """Name a group anew, or say anew which companies are in it; its awards stay."""
    group = lock_group(group)
    _name(group, name, fiscal_month, actor)
    _put_members(group, companies, actor)
    record(actor, "reporting.aid_group_changed", group)
    return group


@transaction.atomic
def enter_award(
    *,
    group: AidGroup,
    company: Company | None,
    granted_on: dt.date,
    euros: Decimal,
    rule: DeMinimisRule,
    authority: str,
    origin: str,
    actor: User,
    is_another: bool = False,
) -> AidAward:
    """Enter aid in a group's ledger, under a regulation in force on its day.

    Raises SameAidError where it is as one that counts already, unless it is said to be
    another.

    Aid of ours that the ceiling does not leave room for is refused, on its day and on
    every later one on which aid was granted already: too much by a cent, and all of it
    loses its ground. What somebody else has granted is a fact, and is entered.
    """
    group = lock_group(group)
    award = AidAward(
        group=group,
        company=company,
        granted_on=granted_on,
        euros=euros,
        rule=rule,
        authority=authority.strip(),
        origin=AidOrigin(origin),
        entered_by=actor,
    )
    _refuse(award)
    if award.origin == AidOrigin.OWN:
        _refuse_too_much(award)
    if not is_another:
        _refuse_same(award)
    award._history_user = actor  # type: ignore[attr-defined]
    award.save()
    facts = {"company": company.org_number} if company else {}
    record(actor, "reporting.aid_award_entered", award, **facts)
    return award


@transaction.atomic
def revoke_award(*, award: AidAward, actor: User) -> AidAward:
    """Say that aid was taken back, or entered by mistake: it no longer counts."""
    lock_group(award.group)
    award = AidAward.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.revoked_at is None:
        award.revoked_at = timezone.now()
        award._history_user = actor  # type: ignore[attr-defined]
        award.save(update_fields=["revoked_at", "updated_at"])
        record(actor, "reporting.aid_award_revoked", award)
    return award


def lock_group(group: AidGroup) -> AidGroup:
    """Reread the group so that its ledger holds until commit."""
    return AidGroup.objects.select_for_update().get(pk=group.pk)


def _name(group: AidGroup, name: str, fiscal_month: int, actor: User) -> None:
    wanted = name.strip()
    if not wanted:
        raise DomainError(_("Give the group a name."))
    if AidGroup.objects.exclude(pk=group.pk).filter(name=wanted).exists():
        raise DomainError(_("There is a group of this name already."))
    group.name, group.fiscal_month = wanted, fiscal_month
    group._history_user = actor  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:  # Two took the name at the same time.
        raise DomainError(_("There is a group of this name already.")) from error


def _put_members(group: AidGroup, companies: Collection[Company], actor: User) -> None:
    wanted = {company.pk: company for company in companies}
    if not wanted:
        raise DomainError(_("Choose at least one company."))
    # Held, so that no two groups take one company at the same time.
    list(Company.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    taken = AidGroupMember.objects.filter(company__in=wanted).select_related(
        "company", "group"
    )
    kept = set()
    for member in taken:
        if member.group_id != group.pk:
            raise DomainError(
                _("%(company)s belongs to the group %(group)s already.")
                % {"company": member.company.name, "group": member.group.name}
            )
        kept.add(member.company_id)
    for member in group.members.exclude(company__in=wanted):
        member._history_user = actor  # type: ignore[attr-defined]
        member.delete()
    for pk, company in wanted.items():
        if pk not in kept:
            member = AidGroupMember(group=group, company=company)
            member._history_user = actor  # type: ignore[attr-defined]
            member.save()


def _refuse(award: AidAward) -> None:
    company, day = award.company, award.granted_on
    if company and not award.group.members.filter(company=company).exists():
        raise DomainError(
            _("%(company)s does not belong to this group.") % {"company": company.name}
        )
    if day > timezone.localdate():
        raise DomainError(_("Aid is entered when it has been granted, not before."))
    if award.euros <= 0:
        raise DomainError(_("Aid is more than zero."))
    if not award.authority:
        raise DomainError(_("Say who granted the aid."))
    if not award.rule.is_in_force(day):
        raise DomainError(
            _("%(regulation)s is not in force on %(day)s. Choose the one that is.")
            % {"regulation": award.rule.name, "day": day.isoformat()}
        )


def _refuse_same(award: AidAward) -> None:
    same = award.group.awards.counting().filter(
        company=award.company,
        granted_on=award.granted_on,
        euros=award.euros,
        authority=award.authority,
        rule=award.rule,
    )
    if same.exists():
        raise SameAidError(
            _(
                "The same aid is entered already. If this is another award, tick the "
                "box and enter it."
            )
        )


def _refuse_too_much(award: AidAward) -> None:
    ledger = ledger_of(award.group)
    room = ledger.first_too_full(aid_of(award))
    if room is None:
        return
    raise DomainError(
        " ".join(
            [
                _("The aid is more than the ceiling leaves, so all of it is refused."),
                room_in_words(room),
                freer_in_words(room, ledger.freer_after(room.day)),
            ]
        ).strip()
    )
