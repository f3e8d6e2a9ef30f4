"""Seats of an occasion that are kept for companies until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Company
from core.errors import DomainError
from trainings.models import Occasion, Quota
from trainings.selectors.seats import first_start, seat_balance
from trainings.services.occasions import lock
from trainings.services.offers import settle_line


@dataclass(frozen=True, slots=True)
class Share:
    """Seats kept for a company; common from `release_on`."""

    seats: int
    release_on: dt.date


@transaction.atomic
def set_quotas(
    *,
    occasion: Occasion,
    shares: Mapping[Company, Share],
    actor: User | None,
    at: dt.datetime | None = None,
) -> None:
    """Let the quotas of an occasion be these and no others; offer what became free.

    A share of a company that has taken as many seats already keeps nothing, and is
    fine. Raises DomainError when the occasion is over, when the shares not yet common
    are more than its seats, when others have taken seats that a share would keep, and
    for a new release day that has come already or is after the first session.
    """
    # Before the occasion, as lists and needs do: a quota holds its company, too.
    companies = Company.objects.select_for_update().order_by("pk")
    list(companies.filter(pk__in=[company.pk for company in shares]))
    occasion = lock(occasion)
    if occasion.is_over:
        raise DomainError(_("The occasion is over; its list no longer changes."))
    today = timezone.localdate(at)
    before = {quota.company: quota for quota in _quotas(occasion)}
    _refuse_too_many(occasion, shares, today)
    _refuse_days(occasion, before, shares, today)
    changed = {
        company: share
        for company, share in shares.items()
        if company not in before or not _is(before[company], share)
    }
    gone = [quota for company, quota in before.items() if company not in shares]
    if not changed and not gone:
        return
    was = _told({c: Share(q.seats, q.release_on) for c, q in before.items()})
    Quota.objects.filter(pk__in=[quota.pk for quota in gone]).delete()
    for company, share in changed.items():
        quota = before.get(company) or Quota(occasion=occasion, company=company)
        quota.seats, quota.release_on = share.seats, share.release_on
        quota.save()
    _refuse_what_is_taken(occasion, today)
    record(
        actor, "trainings.quotas_set", occasion, quotas_before=was, quotas=_told(shares)
    )
    settle_line(occasion, at)


def _quotas(occasion: Occasion) -> list[Quota]:
    return list(occasion.quotas.select_related("company"))


def _is(quota: Quota, share: Share) -> bool:
    return (quota.seats, quota.release_on) == (share.seats, share.release_on)


def _refuse_too_many(
    occasion: Occasion, shares: Mapping[Company, Share], today: dt.date
) -> None:
    if any(share.seats < 1 for share in shares.values()):
        raise DomainError(_("A quota is for at least one seat."))
    total = sum(share.seats for share in shares.values() if share.release_on > today)
    if total > occasion.capacity:
        raise DomainError(
            _("The quotas are %(total)d seats, and the occasion has %(capacity)d.")
            % {"total": total, "capacity": occasion.capacity}
        )


def _refuse_days(
    occasion: Occasion,
    before: Mapping[Company, Quota],
    shares: Mapping[Company, Share],
    today: dt.date,
) -> None:
    begins = first_start(occasion)
    for company, share in shares.items():
        was = before.get(company)
        if was and _is(was, share):
            continue
        names = {"company": company.name, "day": share.release_on.isoformat()}
        if share.release_on <= today:
            raise DomainError(
                _("%(company)s: the seats would be common already on %(day)s.") % names
            )
        if begins and share.release_on > timezone.localdate(begins):
            names["day"] = timezone.localdate(begins).isoformat()
            raise DomainError(
                _("%(company)s: release the seats by %(day)s, the first session.")
                % names
            )


def _refuse_what_is_taken(occasion: Occasion, today: dt.date) -> None:
    """Refuse to keep seats that others hold; the transaction takes it back."""
    balance = seat_balance(occasion, today)
    kept = sum(balance.kept.values())
    if kept > max(balance.free, 0):
        raise DomainError(
            _(
                "The quotas would keep %(kept)d unused seats, but only %(free)d are "
                "free. Others have taken or been offered the rest."
            )
            % {"kept": kept, "free": max(balance.free, 0)}
        )


def _told(shares: Mapping[Company, Share]) -> list[str]:
    """Return company, seats and day of each, as the trail keeps them."""
    return sorted(
        f"{company.ref} {share.seats} {share.release_on.isoformat()}"
        for company, share in shares.items()
    )
