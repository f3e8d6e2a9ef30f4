"""A programme so small that every figure of it is counted by hand."""

import datetime as dt
from fractions import Fraction

from companies.enums import StaffGroup
from reporting.enums import Direction, Verdict
from reporting.figures import (
    AccommodationFigures,
    Answers,
    ByGender,
    CompanyFigures,
    Entrants,
    KindAnswers,
    MonthFigures,
    NetworkFigures,
    Outcomes,
    Period,
    PeriodMetrics,
    Pipeline,
    PrincipleFigures,
    ProgrammeFigures,
    ProviderAnswers,
    StaffGroupFigures,
    ThemeFigures,
    Volumes,
    Workforce,
)
from reporting.parity import Parity
from trainings.enums import AccommodationKind, Principle

STAFF = Workforce(dt.date(2025, 12, 31), women=2, men=2, non_binary=0)
# Two of four trained, none of the two women: 1/6 for none, 1/6 for both.
PARITY = Parity(
    Verdict.TOO_FEW,
    expected_share=Fraction(1, 2),
    direction=Direction.UNDER,
    to_mirror=1,
    margin=Fraction(1, 20),
    p=1 / 3,
    mirror_p=1.0,
    band=(0, 2),
)


MEN = ByGender(man=2)
OTHERS = ByGender(woman=1, unknown=1)
EVERYBODY = MEN + OTHERS
MINUTES = ByGender(woman=100, man=500, unknown=60)
COMPARED = {
    "workforce": STAFF,
    "persons": MEN,
    "minutes": ByGender(man=500),
    "parity": PARITY,
}


def tiny_metrics(**changes):
    """Two men at one company, a woman and one of unknown gender at another."""
    return PeriodMetrics(
        **{
            "period": Period(dt.date(2026, 1, 1), dt.date(2026, 2, 28)),
            "volumes": Volumes(
                EVERYBODY, ByGender(1, 3, 0, 1), MINUTES, ByGender(100, 240)
            ),
            "attendance_rows": 7,
            "occasions": 2,
            "cancelled_occasions": 1,
            "companies_attending": 2,
            "companies": _companies(),
            "programme": ProgrammeFigures(**COMPARED, left_out=2),
            "staff_groups": tuple(
                StaffGroupFigures(**COMPARED, left_out=2, staff_group=group)
                for group in (
                    StaffGroup.BLUE_COLLAR,
                    StaffGroup.MANAGER,
                    StaffGroup.WHITE_COLLAR,
                )
            ),
            "themes": (ThemeFigures('=HYPERLINK("http://x")', EVERYBODY, MINUTES),),
            "months": _months(),
            "pipeline": _pipeline(),
            "accommodations": _accommodations(),
            "entrants": _entrants(),
            "networks": (
                NetworkFigures("net-1", "Tekniker", ByGender(1, 2), 2, 1, 3, 250),
            ),
            "principles": (
                PrincipleFigures(Principle.GENDER_EQUALITY, 1, Fraction(1, 4)),
            ),
        }
        | changes
    )


def _companies():
    return (
        CompanyFigures(
            company_id=1,
            org_number="999001-0001",
            name="=1+1 Verkstad AB",
            **COMPARED,
        ),
        CompanyFigures(
            company_id=2,
            org_number="999002-0002",
            name="Ångkraft AB",
            workforce=None,
            persons=OTHERS,
            minutes=ByGender(woman=100, unknown=60),
            parity=Parity(Verdict.NO_BASELINE),
        ),
    )


def _months():
    return (
        MonthFigures(dt.date(2026, 1, 1), MEN, ByGender(man=500)),
        MonthFigures(dt.date(2026, 2, 1), OTHERS, ByGender(woman=100, unknown=60)),
    )


def _pipeline():
    return Pipeline(
        nominated=ByGender(2, 4, 0, 1),
        confirmed=ByGender(1, 3, 0, 1),
        attended=ByGender(1, 3, 0, 1),
        completed=ByGender(1, 2, 0, 0),
        withdrawn=ByGender(0, 1, 0, 0),
    )


def _accommodations():
    return AccommodationFigures(
        Answers(in_time=2, late=1, open=1),
        Fraction(7, 2),
        Outcomes(met=2, not_met=1),
        (KindAnswers(AccommodationKind.CAPTIONS, Answers(2, 1, open=1)),),
        (ProviderAnswers("prov-1", "Utbildarna AB", Answers(2, 1, open=1)),),
    )


def _entrants():
    return (
        Entrants(17, ByGender(man=1), ByGender(man=1)),
        Entrants(40, ByGender(man=1), ByGender(man=1, woman=3)),
        Entrants(56, ByGender(woman=1), ByGender(woman=1)),
        Entrants(None, ByGender(unknown=1), ByGender(unknown=1)),
    )
