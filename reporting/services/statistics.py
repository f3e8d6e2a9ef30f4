"""The months for Statistics Sweden: asked for in order, marked as sent, sent again.

Whoever asks or marks holds the programme's row until commit, so two leaders are never
at it together. Making the files is `reporting.services.statistics_files`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.utils import bulk_create_with_history

from accounts.audit import record
from accounts.models import User
from accounts.services.heads import post_to_leaders
from companies.models import Programme
from core.errors import DomainError
from reporting.enums import ColumnContent
from reporting.models import (
    StatisticsColumn,
    StatisticsMonth,
    StatisticsPackage,
    StatisticsPart,
)
from reporting.selectors.statistics import (
    Ledger,
    MonthCheck,
    closed_packages,
    read_ledger,
)
from reporting.statistics.columns import ColumnMaps, FileColumn
from reporting.statistics.dates import MonthDates, is_in_programme

CHANGED = "statistics_changed"
_RIGHT = "companies.view_protected_identities"
_NEEDED = (ColumnContent.NUMBER, ColumnContent.STARTED_ON, ColumnContent.HOURS)


@transaction.atomic
def ask_for_month(*, month: dt.date, actor: User) -> tuple[StatisticsPackage, bool]:
    """Return the package of a month on its way, and whether it is new.

    Raises DomainError where the month may not be made: `why_not_made`.
    """
    ledger = _locked_ledger()
    if reason := why_not_made(ledger, month):
        raise DomainError(reason)
    refuse_hidden([ledger.checks[month]], actor)
    return _asked([month], actor, is_correction=False)


@transaction.atomic
def ask_for_corrections(*, actor: User) -> tuple[StatisticsPackage, bool]:
    """Return the package of all months that are to be sent again, and if it is new.

    Raises DomainError where there are none, or a check finds errors.
    """
    ledger = _locked_ledger()
    if not ledger.again:
        raise DomainError(_("Nothing has changed in the months that were sent."))
    checks = [ledger.checks[month] for month in ledger.again]
    refuse_faulty(checks)
    refuse_hidden(checks, actor)
    return _asked(ledger.again, actor, is_correction=True)


@transaction.atomic
def mark_sent(
    *, package: StatisticsPackage, sent_on: dt.date, actor: User
) -> StatisticsPackage:
    """Write down that a package was handed in, and on which day; then it stands.

    What has changed since it was made makes its months ones to be sent again. Raises
    DomainError where it is not finished, was marked before, is no longer kept or
    closed, or another file of one of its months was marked after it was asked for.
    """
    _locked_programme()
    package = StatisticsPackage.objects.select_for_update().get(pk=package.pk)
    _refuse_unsendable(package)
    _refuse_day(package, sent_on)
    months = StatisticsMonth.objects.filter(parts__package=package)
    for month in months.select_related("sent_in"):
        _refuse_replaced(package, month)
    package.sent_at, package.sent_on, package.sent_by = timezone.now(), sent_on, actor
    package.save(update_fields=["sent_at", "sent_on", "sent_by"])
    sent = [str(month) for month in months]
    StatisticsMonth.objects.filter(parts__package=package).update(
        sent_in=package, told_at=None
    )
    day = sent_on.isoformat()
    record(actor, "reporting.statistics_sent", package, months=sent, sent_on=day)
    return package


@transaction.atomic
def begin_columns(*, month: dt.date, actor: User) -> list[StatisticsColumn]:
    """Copy the map of columns in force as one of the programme's own, from a month on.

    It is edited in the administration. Raises DomainError where a map begins in that
    month already, or a file of it or a later one was sent: those would be other files.
    """
    programme = _locked_programme()
    if StatisticsColumn.objects.filter(valid_from=month).exists():
        raise DomainError(_("A map of columns begins in that month already."))
    if StatisticsMonth.objects.sent_from(month).exists():
        sentence = _("%(month)s or a later month was sent. Choose a month after it.")
        raise DomainError(sentence % {"month": _named(month)})
    columns = ColumnMaps(programme.fund_period).of(month)
    rows = bulk_create_with_history(
        [_row(month, place, column) for place, column in enumerate(columns, start=1)],
        StatisticsColumn,
        default_user=actor,
    )
    record(actor, "reporting.statistics_columns_begun", month=f"{month:%Y-%m}")
    return rows


@transaction.atomic
def tell_of_changes() -> int:
    """Tell leaders of months that changed since they were sent; count the letters.

    Of each month once for each time that it was sent. Letters name months alone.
    """
    if not Programme.objects.exists():
        return 0
    ledger = _locked_ledger()
    rows = [_month_row(month) for month in ledger.causes]
    new = [row for row in rows if row.told_at is None]
    if not new:
        return 0
    months = [str(row) for row in new]
    letters = post_to_leaders(CHANGED, {"months": months, "url": _address()})
    if letters:
        pks = [row.pk for row in new]
        StatisticsMonth.objects.filter(pk__in=pks).update(told_at=timezone.now())
        record(None, "reporting.statistics_told", months=months, letters=letters)
    return letters


def why_not_made(ledger: Ledger, month: dt.date) -> str:
    """Return why the file of a month may not be made, or nothing.

    Months are sent in order. One before it in which nobody has certified an hour is
    passed over: there is nothing to send, and once an hour of it is certified late it
    is part of the next package of corrections.
    """
    if not is_in_programme(ledger.programme, month):
        days = {"first": ledger.programme.starts_on, "last": ledger.programme.ends_on}
        return _("The programme runs from %(first)s to %(last)s.") % days
    if not MonthDates(month).is_open(ledger.today):
        opens = MonthDates(month).opens_on.isoformat()
        return _("The month opens on %(day)s, when it is over.") % {"day": opens}
    if ledger.again:
        sentence = _("%(month)s is to be sent again first, with every later month.")
        return sentence % {"month": _named(ledger.again[0])}
    if month in ledger.sent:
        return _("The month was sent, and nothing in it has changed since.")
    if earlier := ledger.waits_for(month):
        sentence = _(
            "%(month)s has not been marked as sent. Months are sent in order: send "
            "that one first."
        )
        return sentence % {"month": _named(earlier)}
    return _why_not_written(ledger.checks[month])


def refuse_faulty(checks: Iterable[MonthCheck]) -> None:
    """Raise DomainError where a file of one of the months would have a fault."""
    for check in checks:
        if reason := _why_faulty(check):
            raise DomainError(f"{_named(check.month)}: {reason}")


def refuse_hidden(checks: Iterable[MonthCheck], actor: User) -> None:
    """Raise DomainError where the file has people whom the leader may not see."""
    if actor.has_perm(_RIGHT):
        return
    for check in checks:
        if check.has_protected:
            raise DomainError(hidden_sentence())


def closed_sentence() -> str:
    return _(
        "Somebody in the package was erased, restricted or placed under protected "
        "identity since. Make it anew."
    )


def hidden_sentence() -> str:
    return _(
        "The file has people under protected identity. Only a leader with the right "
        "“protected identities” makes it and fetches it."
    )


def _why_not_written(check: MonthCheck) -> str:
    if not check.reported:
        return _(
            "Nobody has certified hours in the month, so there is nothing to send. The "
            "next month can be sent without it."
        )
    return _why_faulty(check)


def _why_faulty(check: MonthCheck) -> str:
    held = {column.content for column in check.columns}
    missing = [content for content in _NEEDED if content not in held]
    if missing:
        names = ", ".join(str(content.label) for content in missing)
        return _("The map of columns lacks: %(names)s.") % {"names": names}
    if check.errors:
        sentence = ngettext(
            "The check finds %(count)d error. Mend it first.",
            "The check finds %(count)d errors. Mend them first.",
            check.errors,
        )
        return sentence % {"count": check.errors}
    return ""


def _asked(
    months: Sequence[dt.date], actor: User, *, is_correction: bool
) -> tuple[StatisticsPackage, bool]:
    pending = StatisticsPackage.objects.pending().filter(first_month=months[0])
    if package := pending.first():
        return package, False
    package = StatisticsPackage.objects.create(
        first_month=months[0], is_correction=is_correction, requested_by=actor
    )
    StatisticsPart.objects.bulk_create(
        StatisticsPart(package=package, month=_month_row(month)) for month in months
    )
    named = [f"{month:%Y-%m}" for month in months]
    record(actor, "reporting.statistics_asked", package, months=named)
    return package, True


def _refuse_unsendable(package: StatisticsPackage) -> None:
    if not package.finished_at:
        raise DomainError(
            _("The package is not finished, so it cannot have been sent.")
        )
    if package.sent_at:
        sentence = _("The package was marked as sent on %(day)s by %(who)s already.")
        day = timezone.localdate(package.sent_at).isoformat()
        raise DomainError(sentence % {"day": day, "who": package.sent_by})
    if package.forgotten_at:
        raise DomainError(
            _("What the package said is no longer kept. Make it anew, and send that.")
        )
    if closed_packages().filter(pk=package.pk).exists():
        raise DomainError(closed_sentence())


def _refuse_day(package: StatisticsPackage, sent_on: dt.date) -> None:
    made_on = timezone.localdate(package.finished_at)
    if not made_on <= sent_on <= timezone.localdate():
        sentence = _("Give a day from %(day)s, when the package was made, to today.")
        raise DomainError(sentence % {"day": made_on.isoformat()})


def _refuse_replaced(package: StatisticsPackage, month: StatisticsMonth) -> None:
    standing = month.sent_in
    if standing and standing.sent_at and standing.sent_at >= package.requested_at:
        sentence = _(
            "Another file of %(month)s was marked as sent after this one was asked "
            "for. Make the package anew, so that it starts from that file."
        )
        raise DomainError(sentence % {"month": _named(month.month)})


def _locked_programme() -> Programme:
    programme = Programme.objects.select_for_update().first()
    if programme is None:
        raise DomainError(
            _("There is no programme yet, so there is nothing to report.")
        )
    return programme


def _locked_ledger() -> Ledger:
    return read_ledger(_locked_programme())


def _month_row(month: dt.date) -> StatisticsMonth:
    return StatisticsMonth.objects.get_or_create(month=month)[0]


def _row(month: dt.date, place: int, column: FileColumn) -> StatisticsColumn:
    return StatisticsColumn(
        valid_from=month,
        position=place,
        heading=column.heading,
        content=column.content,
        format=column.format,
    )


def _named(month: dt.date) -> str:
    return date_format(month, "F Y")


def _address() -> str:
    path = reverse("reporting:statistics")
    return f"{settings.PORTAL_URL.rstrip('/')}{path}" if settings.PORTAL_URL else ""
