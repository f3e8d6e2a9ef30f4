from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What the figures prove of one group: evidence, never size."""

    NO_BASELINE = "no_baseline", _("no workforce baseline")
    NONE_TRAINED = "none_trained", _("nobody trained")
    BASELINE_TOO_SMALL = "baseline_too_small", _("baseline too small")
    ONE_GENDER = "one_gender", _("workforce of one gender")
    MIRRORS = "mirrors", _("mirrors the workforce")
    SKEWED = "skewed", _("established skew")
    LEANS = "leans", _("sign of skew")
    TOO_FEW = "too_few", _("too few to tell")
    INCONCLUSIVE = "inconclusive", _("neither shown nor ruled out")


class Direction(models.TextChoices):
    """Whether women are fewer than, more than, or exactly as many as expected."""

    UNDER = "under", _("fewer women than expected")
    OVER = "over", _("more women than expected")
    EVEN = "even", _("as many women as expected")


class Signal(models.TextChoices):
    """What a control chart says of one month, about all who were trained up to it."""

    NONE = "none", _("within chance")
    WATCH = "watch", _("watch")
    ALARM = "alarm", _("alarm")


class TargetFigure(models.TextChoices):
    """What a target can be set for; its value is a whole number of the unit given.

    Persons, minutes, or per mille of a whole.
    """

    PERSONS = "persons", _("participants")
    HOURS = "hours", _("hours")
    WOMEN_SHARE = "women_share", _("women's share of the participants")
    IN_TIME = "in_time", _("adaptations arranged in time")

    @property
    def is_share(self) -> bool:
        return self in {TargetFigure.WOMEN_SHARE, TargetFigure.IN_TIME}


class ColumnContent(models.TextChoices):
    """What a column of the file for Statistics Sweden holds."""

    NUMBER = "number", _("personal number")
    STARTED_ON = "started_on", _("start of participation")
    ENDED_ON = "ended_on", _("end of participation")
    HOURS = "hours", _("certified hours")
    ORG_NUMBER = "org_number", _("organisation number")
    EMAIL = "email", _("e-mail address")
    MOBILE = "mobile", _("mobile")


class ColumnFormat(models.TextChoices):
    """How a column writes what it holds."""

    DIGITS = "digits", _("digits only")
    HYPHEN = "hyphen", _("with a hyphen before the last four")
    SIXTEEN = "sixteen", _("twelve digits, 16 before")
    ISO = "iso", _("date as 2026-03-02")
    COMPACT = "compact", _("date as 20260302")
    HOURS_DOWN = "hours_down", _("whole hours, rounded down")
    HOURS_NEAREST = "hours_nearest", _("whole hours, rounded to the nearest")
    HOURS_EXACT = "hours_exact", _("hours with two decimals")
    UNKNOWN = "unknown", _("always the word okänt")
    EMPTY = "empty", _("always empty")


_DATES = frozenset({ColumnFormat.ISO, ColumnFormat.COMPACT})
_CONTACTS = frozenset({ColumnFormat.UNKNOWN, ColumnFormat.EMPTY})
FORMATS = {
    ColumnContent.NUMBER: frozenset({ColumnFormat.DIGITS, ColumnFormat.HYPHEN}),
    ColumnContent.STARTED_ON: _DATES,
    ColumnContent.ENDED_ON: _DATES,
    ColumnContent.HOURS: frozenset(
        {
            ColumnFormat.HOURS_DOWN,
            ColumnFormat.HOURS_NEAREST,
            ColumnFormat.HOURS_EXACT,
        }
    ),
    ColumnContent.ORG_NUMBER: frozenset(
        {ColumnFormat.DIGITS, ColumnFormat.HYPHEN, ColumnFormat.SIXTEEN}
    ),
    ColumnContent.EMAIL: _CONTACTS,
    ColumnContent.MOBILE: _CONTACTS,
}


class AnalysisPart(models.TextChoices):
    """The two Rs of the 4R method that people write; the other two are counted."""

    REALIA = "realia", _("R3 Realia")
    REALISE = "realise", _("R4 Realise")


class CountingYears(models.TextChoices):
    """Which years the ceiling of de minimis aid is over."""

    ROLLING = "rolling", _("rolling years, up to the day")
    FISCAL = "fiscal", _("fiscal years, the current and those before")


class AidOrigin(models.TextChoices):
    """Whether aid was granted in this programme or told of by the company."""

    OWN = "own", _("granted in this programme")
    OTHER = "other", _("granted by somebody else")


class FileFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel (.xlsx)")
    CSV = "csv", _("text (.csv)")


class Span(models.TextChoices):
    """Which days a list that has days is of, counted from the day it is made."""

    ALL = "all", _("all days")
    MONTH = "month", _("the month before")
    QUARTER = "quarter", _("the quarter before")


class HowOften(models.TextChoices):
    NEVER = "never", _("only when I ask")
    WEEK = "week", _("every Monday")
    MONTH = "month", _("the first day of every month")


class AidCost(models.TextChoices):
    """Eligible costs of training aid, (EU) 651/2014 art. 31.3 a to d."""

    TRAINERS = "trainers", _("trainers' time")
    OPERATING = "operating", _("travel, material and tools")
    ADVICE = "advice", _("advice linked to the training")
    TRAINEES = "trainees", _("general indirect costs of the hours")


class ReportState(models.TextChoices):
    """How far a report for the funder has come, and whether it still holds."""

    MAKING = "making", _("being made")
    FAILED = "failed", _("could not be made")
    DRAFT = "draft", _("draft")
    REVIEWED = "reviewed", _("reviewed")
    CURRENT = "current", _("issued and current")
    SUPERSEDED = "superseded", _("issued and superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReportFileKind(models.TextChoices):
    """The files of a report; rows and their changes are for project leaders only."""

    WORKBOOK = "workbook", _("workbook (.xlsx)")
    SUMMARY = "summary", _("summary (.pdf)")
    JSON = "json", _("all figures (.json)")
    CSV = "csv", _("all figures (.csv)")
    ROWS = "rows", _("rows behind the figures (.csv.gz)")
    ROW_CHANGES = "row_changes", _("rows that changed (.csv)")


class Audience(models.TextChoices):
    LEADER = "leader", _("project leaders")
    FUNDER = "funder", _("the funder")


class TimeState(models.TextChoices):
    """How far the time of one seat at one session had come when it was frozen."""

    RECORDED = "recorded", _("recorded")
    CERTIFIED = "certified", _("certified")
    DISPUTED = "disputed", _("disputed")


class RowChange(models.TextChoices):
    """What happened to the time of a seat at a session between two reports."""

    ADDED = "added", _("added")
    GONE = "gone", _("gone")
    CORRECTED = "corrected", _("minutes corrected")
    CERTIFIED = "certified", _("certified later")
    DISPUTED = "disputed", _("disputed")
    SETTLED = "settled", _("dispute closed")
    REOPENED = "reopened", _("no longer certified")
