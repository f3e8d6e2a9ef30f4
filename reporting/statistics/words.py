"""Findings and changes as a leader may read them: by ref, never by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Participant
from reporting.enums import ColumnContent
from reporting.selectors.statistics import Change, Kind, MonthCheck, Why
from reporting.statistics.rules import Finding

MOST_SHOWN = 50  # Of one rule, or of one month's changes; the letter has them all.
_RIGHT = "companies.view_protected_identities"


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding with the refs that are shown; `more` are not, `hidden` may not be."""

    finding: Finding
    refs: Sequence[str]
    more: int
    hidden: int


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change in words. Without `ref` the person is under protected identity.

    `is_there` where the person has a page of its own: not once it was merged.
    """

    ref: str
    what: str
    is_there: bool = False
    differences: Sequence[tuple[str, str, str]] = ()


class Reader:
    """What a leader may read about people under protected identity."""

    def __init__(self, user: User, refs: Iterable[str]) -> None:
        self._hidden: set[str] = set()
        if not user.has_perm(_RIGHT):
            rows = Participant.objects.filter(ref__in=list(refs), protected=True)
            self._hidden = set(rows.values_list("ref", flat=True))

    def may_read(self, ref: str) -> bool:
        return ref not in self._hidden


def told_findings(check: MonthCheck, user: User) -> list[ToldFinding]:
    """Return what the check found, with at most MOST_SHOWN refs a rule."""
    about = {one.ref for finding in check.findings for one in finding.people}
    reader = Reader(user, about)
    return [_told_finding(finding, reader) for finding in check.findings]


def told_changes(
    changes: Sequence[Change], check: MonthCheck, user: User
) -> list[ToldChange]:
    """Return the first MOST_SHOWN changes of a month in words."""
    shown = changes[:MOST_SHOWN]
    reader = Reader(user, [change.ref for change in shown])
    headings = {column.content.value: column.heading for column in check.columns}
    return [
        _told_change(change, headings)
        if reader.may_read(change.ref)
        else ToldChange("", _("a person under protected identity"))
        for change in shown
    ]


def _told_finding(finding: Finding, reader: Reader) -> ToldFinding:
    refs = [one.ref for one in finding.people if reader.may_read(one.ref)]
    more = max(0, len(refs) - MOST_SHOWN)
    hidden = len(finding.people) - len(refs)
    return ToldFinding(finding, refs[:MOST_SHOWN], more, hidden)


def _told_change(change: Change, headings: Mapping[str, str]) -> ToldChange:
    names = change.fields or [ColumnContent.HOURS.value]
    differences = [
        (
            headings.get(name, name),
            _shown(name, change.before),
            _shown(name, change.after),
        )
        for name in names
    ]
    is_there = change.kind != Kind.REMOVED
    return ToldChange(change.ref, _what(change), is_there, differences)


def _what(change: Change) -> str:
    if change.kind == Kind.ADDED:
        return _("new in the file")
    if change.kind == Kind.CHANGED:
        return _("changed")
    why = {
        Why.MERGED: _("gone: merged into %(ref)s") % {"ref": change.merged_into},
        Why.ERASED: _("gone: the person was erased"),
        Why.RESTRICTED: _("gone: the person's data are restricted"),
        Why.NO_NUMBER: _("gone: the person has no number now"),
    }
    return why.get(change.why, _("gone: no certified time in the month"))


def _shown(name: str, values: Mapping[str, str]) -> str:
    """Return a value; of a number the birth date alone, as everywhere."""
    text = values.get(name, "")
    if name == ColumnContent.NUMBER and text:
        return f"{text[:8]}-****"
    return text or "–"
