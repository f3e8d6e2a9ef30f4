"""Packages for Statistics Sweden made by a worker, sealed, and forgotten in time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from zipfile import ZipFile

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.audit import record
from companies.models import Programme
from core.chain import commit, new_salt
from core.crypto import encrypt
from core.sealed_files import delete_file, delete_unnamed, sealed_file
from reporting.exports.statistics import write_letter, write_month
from reporting.models import StatisticsPackage, StatisticsPart, StatisticsRow
from reporting.selectors.statistics import (
    MonthCheck,
    changes_of,
    checks_of,
    closed_packages,
    packages_about,
    rows_about,
)
from reporting.services.statistics import refuse_faulty, refuse_hidden
from reporting.statistics.columns import ColumnMaps

Checks = Mapping[dt.date, MonthCheck]


def write_package(package: StatisticsPackage) -> None:
    """Write the files of all months of a package, and freeze their rows with them.

    Each attempt writes a file of its own, named by its fencing token; the row publishes
    it together with what it says. Raises DomainError where a check finds errors by now.
    """
    for fence in range(1, package.fence):
        delete_file(_name(package, fence))
    programme = Programme.objects.get()
    parts = list(package.parts.select_related("month__sent_in"))
    maps = ColumnMaps(programme.fund_period)
    checks = checks_of(programme, [part.month.month for part in parts], maps)
    refuse_faulty(checks.values())
    refuse_hidden(checks.values(), package.requested_by)
    package.write(progress=20)
    name = _name(package, package.fence)
    about = str(package.pk)
    with sealed_file(name, about=about) as target, ZipFile(target, "w") as archive:
        _write_files(archive, package, programme, checks, parts)
    try:
        sha256 = target.digest.hexdigest()
        _publish(package, parts, checks, name=name, key=target.key, sha256=sha256)
    except Exception:
        if not StatisticsPackage.objects.filter(pk=package.pk, file=name).exists():
            delete_file(name)
        raise


@transaction.atomic
def forget_packages(packages: QuerySet[StatisticsPackage]) -> int:
    """Delete the files of packages; that they were made stays. Return how many."""
    names = dict(packages.values_list("pk", "file"))
    rows = StatisticsPackage.objects.filter(pk__in=names)
    rows.update(file="", sealed_key=None)
    for name in names.values():
        transaction.on_commit(partial(delete_file, name), robust=True)
    _forget_needless_rows()
    return len(names)


def forget_closed_packages() -> int:
    """Delete the files that `closed_packages` names, and those that no row names."""
    return forget_packages(closed_packages()) + delete_unnamed(StatisticsPackage)


def forget_statistics_of(refs: Collection[str]) -> int:
    """Blank what was sent of people who are erased, and delete files with them.

    A row keeps its place and a digest that says nothing any more.
    """
    forget_packages(packages_about(refs))
    return rows_about(refs).update(sealed=None, salt=None)


def packages_past() -> QuerySet[StatisticsPackage]:
    """Return the packages whose files have been kept for long enough."""
    past = timezone.now() - dt.timedelta(days=settings.STATISTICS_FILE_DAYS)
    return StatisticsPackage.objects.exclude(file="").filter(finished_at__lt=past)


@transaction.atomic
def forget_sent_rows() -> int:
    """Delete what was sent once it is kept no longer; return how many rows.

    Some days after the programme's last one, and not longer than its people. The
    months are closed by that: nothing in them is compared any more. Files go with the
    rows, which alone tell who is in a file.
    """
    programme = Programme.objects.first()
    if programme is None or timezone.localdate() <= kept_until(programme):
        return 0
    count = StatisticsRow.objects.count()
    forget_packages(StatisticsPackage.objects.exclude(file=""))
    packages = StatisticsPackage.objects.filter(forgotten_at=None)
    packages.exclude(finished_at=None).update(forgotten_at=timezone.now())
    StatisticsRow.objects.all().delete()
    return count


def kept_until(programme: Programme) -> dt.date:
    """Return the last day on which what was sent is kept."""
    last = programme.ends_on + dt.timedelta(days=settings.STATISTICS_KEPT_DAYS)
    return min(last, programme.retain_until or last)


def _write_files(
    archive: ZipFile,
    package: StatisticsPackage,
    programme: Programme,
    checks: Checks,
    parts: Collection[StatisticsPart],
) -> None:
    for done, check in enumerate(checks.values(), start=1):
        write_month(archive, programme, check)
        package.write(progress=20 + 70 * done // len(checks))
    if package.is_correction:
        sent = [part.month.month for part in parts if part.month.sent_in_id]
        write_letter(archive, programme, checks, changes_of(checks, sent), sent)


@transaction.atomic
def _publish(
    package: StatisticsPackage,
    parts: Collection[StatisticsPart],
    checks: Checks,
    *,
    name: str,
    key: bytes,
    sha256: str,
) -> None:
    for part in parts:
        check = checks[part.month.month]
        part.people, part.left_out = len(check.reported), check.left_out
        part.save(update_fields=["people", "left_out"])
        StatisticsRow.objects.bulk_create(_rows(part, check), batch_size=500)
    package.write(
        file=name,
        sealed_key=key,
        sha256=sha256,
        progress=100,
        finished_at=timezone.now(),
    )
    record(
        package.requested_by,
        "reporting.statistics_made",
        package,
        months=[f"{month:%Y-%m}" for month in checks],
        rows=sum(part.people for part in parts),
        sha256=sha256,
    )


def _rows(part: StatisticsPart, check: MonthCheck) -> Iterator[StatisticsRow]:
    for place, (ref, values) in enumerate(check.rows, start=1):
        salt = new_salt()
        yield StatisticsRow(
            part=part,
            person_ref=ref,
            place=place,
            sealed=encrypt(json.dumps(values, ensure_ascii=False)),
            salt=salt,
            digest=commit(salt, values),
        )


def _forget_needless_rows() -> None:
    """Delete rows of files that are gone and that do not stand as sent.

    A package that was never marked as sent cannot be from then on.
    """
    gone = StatisticsPackage.objects.filter(file="").exclude(finished_at=None)
    needless = StatisticsRow.objects.filter(part__package__in=gone).exclude(
        part__package=F("part__month__sent_in")
    )
    needless.delete()
    gone.filter(sent_at=None, forgotten_at=None).update(forgotten_at=timezone.now())


def _name(package: StatisticsPackage, fence: int) -> str:
    return f"statistics/{package.pk}-{fence}"
