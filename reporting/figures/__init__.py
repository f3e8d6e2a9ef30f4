"""The figures of a period, as frozen values; see docs/figures.md.

Everything here is exact: counts are integers, time is minutes, shares and gaps are
fractions, and only probabilities are floats. `rounded` of a row gives its figures
as they are shown. Page, workbook and JSON show those and round nothing themselves.
Null (None) means that the figure does not exist, never that it is zero.
"""

from reporting.figures.counts import (
    ByGender,
    Period,
    Volumes,
    sum_by_gender,
)
from reporting.figures.mirror import (
    CompanyFigures,
    ProgrammeFigures,
    Representation,
    Rounded,
    StaffGroupFigures,
    Workforce,
)
from reporting.figures.period import (
    Entrants,
    IndicatorFigures,
    PeriodMetrics,
)
from reporting.figures.training import (
    AccommodationFigures,
    Answers,
    KindAnswers,
    MonthFigures,
    NetworkFigures,
    Outcomes,
    Pipeline,
    PrincipleFigures,
    ProviderAnswers,
    ThemeFigures,
)

__all__ = [
    "AccommodationFigures",
    "Answers",
    "ByGender",
    "CompanyFigures",
    "Entrants",
    "IndicatorFigures",
    "KindAnswers",
    "MonthFigures",
    "NetworkFigures",
    "Outcomes",
    "Period",
    "PeriodMetrics",
    "Pipeline",
    "PrincipleFigures",
    "ProgrammeFigures",
    "ProviderAnswers",
    "Representation",
    "Rounded",
    "StaffGroupFigures",
    "ThemeFigures",
    "Volumes",
    "Workforce",
    "sum_by_gender",
]
