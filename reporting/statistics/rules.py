"""The rule book: what is looked at before a file leaves, as data.

Statistics Sweden publishes no list of its error messages, so each rule says where it
comes from. An error stops the file, a warning is shown beside it. A rule holds for the
months from `valid_from` to `valid_to`, both included. The two examples run as tests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.enums import Gender
from reporting.statistics import questions as ask
from reporting.statistics.people import Closed, PersonInMonth

ALWAYS = dt.date(2014, 1, 1)  # The first fund period that the portal knows.

_SCB = "https://www.scb.se/lamna-uppgifter/undersokningar/Europeiska-socialfonden/"
_LOCAL = _("the portal's own check: the authority publishes no list of errors")
_UNIT_COSTS = (
    "https://nyweb.esf.se/Vara-fonder/Socialfonden1/Projektekonomi/Personal/"
    ", (EU) 2015/2195"
)
_NUMBERS = "https://www4.skatteverket.se/rattsligvagledning/edition/2015.10/330245.html"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class StatisticsRule:
    """A rule about one person's row; `text` says what is wrong and what to do.

    `holds` of an error is asked of those who have a row in the file, that of a warning
    of everybody with time in the month.
    """

    code: str
    severity: Severity
    text: str | Promise
    source: str | Promise
    holds: Callable[[PersonInMonth], bool]
    passing: PersonInMonth
    failing: PersonInMonth
    valid_from: dt.date = ALWAYS
    valid_to: dt.date | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR

    def is_valid(self, month: dt.date) -> bool:
        is_over = self.valid_to is not None and self.valid_to < month
        return self.valid_from <= month and not is_over


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, and for whom."""

    rule: StatisticsRule
    people: Sequence[PersonInMonth]


def findings(month: dt.date, people: Iterable[PersonInMonth]) -> list[Finding]:
    """Return the rules of the month that somebody breaks, errors first."""
    everybody = list(people)
    reported = [one for one in everybody if one.is_reported]
    found = [
        Finding(rule, at_fault)
        for rule in RULES
        if rule.is_valid(month)
        and (at_fault := _at_fault(rule, reported if rule.is_error else everybody))
    ]
    return sorted(found, key=lambda one: not one.rule.is_error)


def _at_fault(
    rule: StatisticsRule, people: Iterable[PersonInMonth]
) -> list[PersonInMonth]:
    return [one for one in people if not rule.holds(one)]


# Anna, who was trained eight hours in March 2026 and has certified them.
_ANNA = PersonInMonth(
    ref="p-00000001",
    month=dt.date(2026, 3, 1),
    last_day=dt.date(2026, 3, 31),
    today=dt.date(2026, 4, 2),
    programme_starts_on=dt.date(2025, 9, 1),
    programme_ends_on=dt.date(2027, 8, 31),
    org_number="202100-5224",
    number="198507099805",
    is_protected=False,
    is_readable=True,
    has_birth_date=True,
    legal_sex=Gender.WOMAN,
    started_on=dt.date(2026, 2, 3),
    ended_on=None,
    recorded_minutes=480,
    certified_minutes=480,
    hours="8",
    rows_of_person=1,
)
_TENTH = dt.date(2026, 3, 10)
_PROTECTED_ANNA = replace(_ANNA, number="19850709Tf29", is_protected=True)


RULES: Sequence[StatisticsRule] = (
    StatisticsRule(
        "number-unreadable",
        Severity.ERROR,
        _("The number cannot be read. Tell whoever runs the portal: a key is missing."),
        _LOCAL,
        ask.number_is_read,
        passing=_ANNA,
        failing=replace(_ANNA, number="", is_readable=False),
    ),
    StatisticsRule(
        "number-form",
        Severity.ERROR,
        _(
            "The number is not twelve digits with a real date and a check digit that "
            "fits. Ask the company to correct it."
        ),
        _NUMBERS,
        ask.number_is_right,
        passing=replace(_ANNA, number="197010632391"),  # A coordination number.
        failing=replace(_ANNA, number="198507099806"),
    ),
    StatisticsRule(
        "number-missing",
        Severity.WARNING,
        _(
            "The person has no personal number and is left out of the file. When the "
            "number comes, the month is to be sent again."
        ),
        _SCB,
        ask.has_number,
        passing=_PROTECTED_ANNA,
        failing=replace(_ANNA, number=""),
    ),
    StatisticsRule(
        "protected-birth-date",
        Severity.ERROR,
        _(
            "The form for protected identities begins with the birth date, which is "
            "missing. Enter it."
        ),
        _SCB,
        ask.protected_has_birth_date,
        passing=_PROTECTED_ANNA,
        failing=replace(_PROTECTED_ANNA, number="", has_birth_date=False),
    ),
    StatisticsRule(
        "protected-sex",
        Severity.ERROR,
        _(
            "The form for protected identities says women or men, and the person's "
            "legal sex is not known here. It is told by the personal number: enter "
            "that, or ask Statistics Sweden what to write."
        ),
        _SCB,
        ask.protected_has_legal_sex,
        passing=_PROTECTED_ANNA,
        failing=replace(_PROTECTED_ANNA, number="", legal_sex=Gender.UNKNOWN),
    ),
    StatisticsRule(
        "protected-form",
        Severity.ERROR,
        _(
            "The authority's form for men under protected identity is not known. Ask "
            "Statistics Sweden, and have STATISTICS_PROTECTED_MAN set; until then the "
            "file cannot be made."
        ),
        _SCB,
        ask.protected_form_is_known,
        passing=_PROTECTED_ANNA,
        failing=replace(_PROTECTED_ANNA, number="", legal_sex=Gender.MAN),
    ),
    StatisticsRule(
        "protected-signs",
        Severity.ERROR,
        _(
            "The form for protected identities is eight digits, a letter, a letter or "
            "digit, and two digits, such as 19850709Tf29. See the settings "
            "STATISTICS_PROTECTED_WOMAN and STATISTICS_PROTECTED_MAN."
        ),
        _SCB,
        ask.protected_form_is_right,
        passing=_PROTECTED_ANNA,
        failing=replace(_PROTECTED_ANNA, number="19850709Tf"),
    ),
    StatisticsRule(
        "start-missing",
        Severity.ERROR,
        _("There is no first day of attendance. Look at the person's time."),
        _SCB,
        ask.has_a_start,
        passing=_ANNA,
        failing=replace(_ANNA, started_on=None),
    ),
    StatisticsRule(
        "start-after-month",
        Severity.ERROR,
        _("The person starts after the month. Look at the person's time."),
        _SCB,
        ask.starts_by_the_month,
        passing=replace(_ANNA, started_on=dt.date(2026, 3, 31)),
        failing=replace(_ANNA, started_on=dt.date(2026, 4, 1)),
    ),
    StatisticsRule(
        "end-before-start",
        Severity.ERROR,
        _(
            "The person ends before the start. Look at the company's last day in the "
            "programme."
        ),
        _LOCAL,
        ask.starts_before_it_ends,
        passing=replace(_ANNA, started_on=_TENTH, ended_on=_TENTH),
        failing=replace(_ANNA, started_on=_TENTH, ended_on=dt.date(2026, 3, 9)),
    ),
    StatisticsRule(
        "end-in-future",
        Severity.ERROR,
        _("The last day has not come yet. A file says only what has happened."),
        _LOCAL,
        ask.ends_in_the_past,
        passing=replace(_ANNA, ended_on=dt.date(2026, 4, 2)),
        failing=replace(_ANNA, ended_on=dt.date(2026, 4, 3)),
    ),
    StatisticsRule(
        "outside-programme",
        Severity.ERROR,
        _(
            "The first day of attendance lies outside the programme. Correct the "
            "session, or the programme's days."
        ),
        _LOCAL,
        ask.is_in_the_programme,
        passing=replace(_ANNA, started_on=dt.date(2025, 9, 1)),
        failing=replace(_ANNA, started_on=dt.date(2025, 8, 31)),
    ),
    StatisticsRule(
        "hours-impossible",
        Severity.ERROR,
        _("More hours are certified than the month has. Look at the person's time."),
        _LOCAL,
        ask.month_holds_the_hours,
        passing=replace(_ANNA, certified_minutes=31 * 24 * 60),
        failing=replace(_ANNA, certified_minutes=31 * 24 * 60 + 1),
    ),
    StatisticsRule(
        "hours-above-working-time",
        Severity.WARNING,
        _("More is certified than a month's full working time of 155.16 hours."),
        _UNIT_COSTS,
        ask.hours_fit_working_time,
        passing=replace(_ANNA, certified_minutes=9309),
        failing=replace(_ANNA, certified_minutes=9310),
    ),
    StatisticsRule(
        "hours-round-to-nothing",
        Severity.WARNING,
        _("There is certified time, but in whole hours the file says 0."),
        _LOCAL,
        ask.rounds_to_something,
        passing=replace(_ANNA, certified_minutes=60, hours="1"),
        failing=replace(_ANNA, certified_minutes=59, hours="0"),
    ),
    StatisticsRule(
        "hours-not-certified",
        Severity.WARNING,
        _(
            "The person was there, but no hour of the month is certified: left out. "
            "When one is certified later, the month is to be sent again."
        ),
        "https://www.esf.se/sv/Vara-fonder/Socialfonden1/Projektekonomi/"
        "Redovisning-av-projektet/Redovisning-av-deltagare-/",
        ask.is_certified,
        passing=_ANNA,
        failing=replace(_ANNA, certified_minutes=0, hours="0"),
    ),
    StatisticsRule(
        "hours-after-end",
        Severity.WARNING,
        _("Hours are certified in a month after the company left the programme."),
        _LOCAL,
        ask.worked_before_leaving,
        passing=replace(_ANNA, ended_on=dt.date(2026, 3, 1)),
        failing=replace(_ANNA, ended_on=dt.date(2026, 2, 28)),
    ),
    StatisticsRule(
        "person-twice",
        Severity.WARNING,
        _(
            "The same person has a row at each of several companies. Ask Statistics "
            "Sweden whether the template takes them, the first time that it happens."
        ),
        _LOCAL,
        ask.stands_once,
        passing=_ANNA,
        failing=replace(_ANNA, rows_of_person=2),
    ),
    StatisticsRule(
        "org-number",
        Severity.ERROR,
        _(
            "The company's organisation number is missing or wrong. Correct it in the "
            "administration."
        ),
        "https://www.fortnox.se/fortnox-foretagsguide/ekonomisk-ordlista/"
        "organisationsnummer",
        ask.has_org_number,
        passing=_ANNA,
        failing=replace(_ANNA, org_number="202100-5225"),
    ),
    StatisticsRule(
        "erased",
        Severity.WARNING,
        _("The person has been erased and is left out."),
        _LOCAL,
        ask.is_not_erased,
        passing=_ANNA,
        failing=replace(_ANNA, closed=Closed.ERASED),
    ),
    StatisticsRule(
        "restricted",
        Severity.WARNING,
        _("The person's data are restricted: kept and not used, so left out."),
        _LOCAL,
        ask.is_not_restricted,
        passing=_ANNA,
        failing=replace(_ANNA, closed=Closed.RESTRICTED),
    ),
)
