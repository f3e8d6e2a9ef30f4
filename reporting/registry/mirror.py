"""Women's part in the training beside their part in the workforce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from reporting.registry.attended import (
    HOURS,
    HOURS_DEFINITION,
    HOURS_SOURCE,
    IN_THE_PERIOD,
    PERSONS,
    PERSONS_DEFINITION,
    PERSONS_SOURCE,
)
from reporting.registry.entries import (
    Figure,
    Table,
    Unit,
    alone,
    as_it_is,
    counts_by_gender,
    hours_by_gender,
)
from reporting.rounding import shown_gap, shown_probability, shown_share

KNOWN = ("persons.woman", "persons.man", "persons.non_binary")
WORKFORCE = ("workforce.women", "workforce.men", "workforce.non_binary")
# What tells of chance rests on how many were trained, and on the workforce.
CHANCE = ("persons.woman", "persons.known", *WORKFORCE)


def _employed(part: str, name: str | Promise) -> Figure:
    return Figure(
        id=f"workforce.{part}",
        name=name,
        definition=_(
            "Employed by the company according to its latest workforce snapshot up to "
            "the period's last day. A later snapshot is never used."
        ),
        unit=Unit.EMPLOYED,
        source="docs/figures.md, workforce baseline",
        of=lambda row: getattr(row.workforce, part) if row.workforce else None,
        is_count=True,
    )


def _computed(
    figure_id: str,
    name: str | Promise,
    definition: str | Promise,
    unit: Unit,
    *,
    of: Callable[[Any], Any],
    rests_on: tuple[str, ...],
    rule: str,
) -> Figure:
    shown: dict[Unit, Callable[[Any], Any]] = {
        Unit.SHARE: shown_share,
        Unit.POINTS: shown_gap,
        Unit.PROBABILITY: shown_probability,
    }
    return Figure(
        id=figure_id,
        name=name,
        definition=definition,
        unit=unit,
        source=f"docs/figures.md, {rule}",
        of=of,
        shown=shown.get(unit, as_it_is),
        rests_on=rests_on,
    )


_WORKFORCE_FIGURES = (
    Figure(
        id="workforce.reference_date",
        name=_("Workforce as of"),
        definition=_(
            "The date of the workforce snapshot. Of several companies: the latest."
        ),
        unit=Unit.DATE,
        source="docs/figures.md, workforce baseline",
        of=lambda row: row.workforce.reference_date if row.workforce else None,
    ),
    _employed("women", _("Workforce, women")),
    _employed("men", _("Workforce, men")),
    _employed("non_binary", _("Workforce, non-binary")),
    _employed("headcount", _("Workforce, all")),
)

_SHARES = (
    _computed(
        "share",
        _("Women in training"),
        _(
            "Women divided by women, men and non-binary among the persons. Whose "
            "gender is unknown is left out of the share and shown beside it."
        ),
        Unit.SHARE,
        of=lambda row: row.share,
        rests_on=KNOWN,
        rule="share",
    ),
    _computed(
        "workforce_share",
        _("Women in the workforce"),
        _("Women divided by the whole workforce of the snapshot."),
        Unit.SHARE,
        of=lambda row: row.workforce_share,
        rests_on=WORKFORCE,
        rule="workforce baseline",
    ),
    _computed(
        "gap",
        _("Gap, percentage points"),
        _(
            "Women's share of the training minus their share of the workforce. Minus "
            "means that women are fewer in training."
        ),
        Unit.POINTS,
        of=lambda row: row.gap,
        rests_on=(*KNOWN, *WORKFORCE),
        rule="gap",
    ),
    _computed(
        "hours_share",
        _("Women's share of the hours"),
        _("Women's hours divided by those of women, men and non-binary."),
        Unit.SHARE,
        of=lambda row: row.hours_share,
        rests_on=KNOWN,
        rule="share",
    ),
    _computed(
        "hours_gap",
        _("Gap of the hours, percentage points"),
        _("Women's share of the hours minus their share of the workforce."),
        Unit.POINTS,
        of=lambda row: row.hours_gap,
        rests_on=(*KNOWN, *WORKFORCE),
        rule="gap",
    ),
)

_EVIDENCE = (
    _computed(
        "p",
        _("p"),
        _(
            "How probable it is that a selection from the workforce by chance is at "
            "least as unusual as the actual one. Exact two-sided hypergeometric test. "
            "Below 0.05 is a sign of skew, below 0.01 an established one. It assumes "
            "that people are picked one by one from those employed on that date."
        ),
        Unit.PROBABILITY,
        of=lambda row: row.parity.p,
        rests_on=CHANCE,
        rule="p",
    ),
    _computed(
        "mirror_p",
        _("Mirror p"),
        _(
            "How well the outcome shows that training mirrors the workforce but for a "
            "small margin: five percentage points, or one fifth of the expected share "
            "of the smaller side where that is less. Below 0.05 mirroring is shown."
        ),
        Unit.PROBABILITY,
        of=lambda row: row.parity.mirror_p,
        rests_on=CHANCE,
        rule="mirror p",
    ),
    _computed(
        "band.from",
        _("Within chance from, women"),
        _(
            "The smallest number of women that is not unusual, p not below 0.05, when "
            "so many have taken part."
        ),
        Unit.WOMEN,
        of=lambda row: row.parity.band[0] if row.parity.band else None,
        rests_on=("persons.known", *WORKFORCE),
        rule="band",
    ),
    _computed(
        "band.to",
        _("Within chance to, women"),
        _(
            "The largest number of women that is not unusual, p not below 0.05, when "
            "so many have taken part."
        ),
        Unit.WOMEN,
        of=lambda row: row.parity.band[1] if row.parity.band else None,
        rests_on=("persons.known", *WORKFORCE),
        rule="band",
    ),
    _computed(
        "verdict",
        _("Verdict"),
        _(
            "What the figures prove: mirrors the workforce, established skew, sign of "
            "skew, too few to tell, or neither shown nor ruled out. It says nothing of "
            "how large the difference is."
        ),
        Unit.WORDS,
        of=lambda row: row.parity.verdict,
        rests_on=CHANCE,
        rule="verdict",
    ),
    _computed(
        "direction",
        _("Direction"),
        _("Whether women are fewer, more or as many as expected."),
        Unit.WORDS,
        of=lambda row: row.parity.direction,
        rests_on=CHANCE,
        rule="direction",
    ),
    _computed(
        "to_mirror",
        _("Women to mirror"),
        _(
            "How many more women among as many participants would have mirrored the "
            "workforce. Minus means fewer."
        ),
        Unit.MORE_WOMEN,
        of=lambda row: row.parity.to_mirror,
        rests_on=CHANCE,
        rule="to mirror",
    ),
    _computed(
        "even_40_60",
        _("Even, 40/60"),
        _("Whether women and men both make up 40 to 60 percent of the persons."),
        Unit.YES_NO,
        of=lambda row: row.even_40_60,
        rests_on=KNOWN,
        rule="40/60",
    ),
)

REPRESENTATION: tuple[Figure, ...] = (
    *_WORKFORCE_FIGURES,
    *counts_by_gender(
        "persons",
        lambda row: row.persons,
        name=PERSONS,
        definition=PERSONS_DEFINITION,
        source=PERSONS_SOURCE,
    ),
    Figure(
        id="persons.known",
        name=_("Persons, known gender"),
        definition=_("Women, men and non-binary: what a share is taken of."),
        unit=Unit.PERSONS,
        source=PERSONS_SOURCE,
        of=lambda row: row.persons.known,
        is_count=True,
    ),
    *hours_by_gender(
        "hours",
        lambda row: row.minutes,
        name=HOURS,
        definition=HOURS_DEFINITION,
        source=HOURS_SOURCE,
    ),
    *_SHARES,
    *_EVIDENCE,
)

_STRATA = (
    _computed(
        "expected_share",
        _("Expected share of women"),
        _(
            "Women's share, had the participants of each company been drawn from its "
            "workforce without regard to gender. A person belongs to the company of "
            "the first attendance in the period."
        ),
        Unit.SHARE,
        of=lambda row: row.expected_share,
        rests_on=("persons.known", *WORKFORCE),
        rule="programme",
    ),
    _computed(
        "gap_within",
        _("Gap within the companies, percentage points"),
        _("The part of the gap that comes from who was picked within the companies."),
        Unit.POINTS,
        of=lambda row: row.gap_within,
        rests_on=(*KNOWN, *WORKFORCE),
        rule="programme",
    ),
    _computed(
        "gap_mix",
        _("Gap between the companies, percentage points"),
        _("The part of the gap that comes from which companies sent participants."),
        Unit.POINTS,
        of=lambda row: row.gap_mix,
        rests_on=("persons.known", *WORKFORCE),
        rule="programme",
    ),
    Figure(
        id="left_out",
        name=_("Persons not compared"),
        definition=_(
            "Persons of companies without a baseline, or with one that cannot hold "
            "those who took part."
        ),
        unit=Unit.PERSONS,
        source="docs/figures.md, programme",
        of=lambda row: row.left_out,
        is_count=True,
    ),
)

PROGRAMME = Table(
    id="programme",
    name=_("The programme, compared with the workforce"),
    rules=_(
        "Companies with a baseline that their people fit. A person belongs to the "
        "company of the first attendance in the period, and counts once."
    ),
    rows=lambda metrics, _fund_period: alone(metrics.programme),
    figures=(*REPRESENTATION, *_STRATA),
)

COMPANIES = Table(
    id="companies",
    name=_("Companies"),
    rules=format_lazy(
        "{} {}",
        IN_THE_PERIOD,
        _(
            "Companies that are in the programme on any day of the period, or have "
            "attendance in it, by their own rows: gender is as the company entered it."
        ),
    ),
    rows=lambda metrics, _fund_period: (
        (company.org_number, company.name, company) for company in metrics.companies
    ),
    figures=REPRESENTATION,
)

STAFF_GROUPS = Table(
    id="staff_groups",
    name=_("Staff groups"),
    rules=_(
        "Participants whom their company put in the staff group, beside the same group "
        "of the workforce, company by company. Without a group a participant is in "
        "none."
    ),
    rows=lambda metrics, _fund_period: (
        (group.staff_group.value, str(group.staff_group.label).capitalize(), group)
        for group in metrics.staff_groups
    ),
    figures=(*REPRESENTATION, *_STRATA),
)
