"""Rows that a report lists whether or not anything happened in them."""

from __future__ import annotations

from dataclasses import replace

from reporting.figures import (
    Answers,
    ByGender,
    KindAnswers,
    PeriodMetrics,
    ProviderAnswers,
    ThemeFigures,
)
from trainings.enums import AccommodationKind
from trainings.models import Course, Provider


def with_every_row(metrics: PeriodMetrics) -> PeriodMetrics:
    """Return the figures with every theme, kind of adaptation and provider there is.

    A row that is there only when somebody is in it would tell so, whatever its
    numbers hide.
    """
    themes = {theme.theme: theme for theme in metrics.themes}
    figures = metrics.accommodations
    kinds = {row.kind: row for row in figures.by_kind}
    providers = {row.ref: row for row in figures.by_provider}
    return replace(
        metrics,
        themes=tuple(
            themes.get(name) or ThemeFigures(name, ByGender(), ByGender())
            for name in sorted({*_themes(), *themes})
        ),
        accommodations=replace(
            figures,
            by_kind=tuple(
                kinds.get(kind) or KindAnswers(kind, Answers())
                for kind in sorted(AccommodationKind)
            ),
            by_provider=tuple(
                providers[ref] for ref in sorted(_with_providers(providers))
            ),
        ),
    )


def _themes() -> list[str]:
    return list(Course.objects.order_by().values_list("theme", flat=True).distinct())


def _with_providers(found: dict[str, ProviderAnswers]) -> dict[str, ProviderAnswers]:
    """Add the providers without requests; the row of none stands where it stood."""
    for ref, name in Provider.objects.order_by().values_list("ref", "name"):
        found.setdefault(ref, ProviderAnswers(ref, name, Answers()))
    return found
