"""Figures of invented people, at the size of a real report: for suppression."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from companies.enums import StaffGroup
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
from reporting.parity import Stratum, parity
from trainings.enums import AccommodationKind, Principle

GROUPS = (StaffGroup.BLUE_COLLAR, StaffGroup.MANAGER, StaffGroup.WHITE_COLLAR)
STEPS = ("nominated", "confirmed", "attended", "completed")
ANSWERS = ("in_time", "late", "declined", "lapsed", "open")


@dataclass(frozen=True)
class Human:
    """One invented person, employed by one company."""

    company: int
    group: int
    gender: str
    age: int | None
    themes: frozenset
    months: frozenset
    step: int
    withdrew: bool
    is_new: bool
    request: tuple | None
    networks: frozenset


@dataclass(frozen=True)
class Size:
    people: int = 1500
    companies: int = 10
    themes: int = 6
    months: int = 3
    kinds: int = 8
    providers: int = 4
    networks: int = 3


def invent(seed, size):
    """Return people as a programme in industry has them; the same for a seed."""
    rng = Random(seed)
    weights = [rng.gammavariate(1.5, 1) + 0.05 for _ in range(size.companies)]
    women = [rng.uniform(0.08, 0.4) for _ in range(size.companies)]
    return [_human(rng, size, weights, women) for _ in range(size.people)]


def metrics_of(people, size, *, staff=None):
    """Return the figures of these people; the workforce is that of `staff`."""
    staff = people if staff is None else staff
    trained = [human for human in people if human.months]
    persons = _by_gender(trained)
    companies = tuple(_company(n, trained, staff) for n in _listed(people, size))
    return PeriodMetrics(
        period=Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        volumes=Volumes(persons, _twice(persons), _minutes(persons), persons),
        attendance_rows=4 * persons.total,
        occasions=min(12, persons.total),
        cancelled_occasions=1,
        companies_attending=sum(c.persons.total > 0 for c in companies),
        companies=companies,
        programme=_programme(trained, companies),
        staff_groups=tuple(_group(n, trained, staff) for n in range(3)),
        themes=tuple(_theme(n, trained) for n in range(size.themes)),
        months=tuple(_month(n, trained) for n in range(size.months)),
        pipeline=_pipeline(people),
        accommodations=_accommodations(people, size),
        entrants=_entrants(trained),
        networks=tuple(_network(n, trained) for n in range(size.networks)),
        principles=_principles(trained),
    )


def _human(rng, size, weights, women):
    company = rng.choices(range(size.companies), weights)[0]
    draw = rng.random()
    gender = "non_binary" if draw < 0.004 else "unknown" if draw < 0.012 else None
    if gender is None:
        gender = "woman" if rng.random() < women[company] else "man"
    step = min(3, int(rng.expovariate(0.25)))
    asks = rng.random() < 0.06
    return Human(
        company=company,
        group=rng.choices(range(3), [0.6, 0.07, 0.33])[0],
        gender=gender,
        age=rng.choices([17, 25, 40, 58, None], [0.002, 0.14, 0.6, 0.25, 0.008])[0],
        themes=_some(rng, size.themes, 0.2),
        months=_some(rng, size.months, 0.4) if step >= 2 else frozenset(),
        step=step,
        withdrew=step >= 1 and rng.random() < 0.06,
        is_new=rng.random() < 0.6,
        request=(
            rng.randrange(size.kinds),
            rng.randrange(size.providers),
            rng.choices(ANSWERS, [0.6, 0.1, 0.1, 0.05, 0.15])[0],
            rng.choices(["met", "partly", "not_met", "unanswered"], [6, 1, 1, 2])[0],
        )
        if asks
        else None,
        networks=frozenset(n for n in range(size.networks) if rng.random() < 0.03),
    )


def _some(rng, number, chance):
    return frozenset(
        {n for n in range(number) if rng.random() < chance} | {rng.randrange(number)}
    )


def _listed(people, size):
    """Return all companies; of one company's own people only that one."""
    companies = {human.company for human in people}
    return sorted(companies) if len(companies) == 1 else range(size.companies)


def _by_gender(people):
    return ByGender(**Counter(human.gender for human in people))


def _twice(counts):
    return counts + counts


def _minutes(counts):
    return ByGender(*(240 * number for _, number in counts))


def _workforce(people):
    """Return a workforce four times as large as those who took part."""
    counts = _by_gender(people)
    if not counts.known:
        return None
    numbers = (4 * counts.woman, 4 * counts.man + 2, 4 * counts.non_binary)
    return Workforce(dt.date(2025, 12, 31), *numbers)


def _mirrored(people, staff):
    persons, workforce = _by_gender(people), _workforce(staff)
    strata = (
        [Stratum(workforce.headcount, workforce.women, persons.known)]
        if workforce
        else []
    )
    return {
        "workforce": workforce,
        "persons": persons,
        "minutes": _minutes(persons),
        "parity": parity(strata, persons.woman),
    }


def _company(number, trained, staff):
    return CompanyFigures(
        company_id=number + 1,
        org_number=f"99900{number}-000{number}",
        name=f"Bolag {number}",
        **_mirrored(
            [human for human in trained if human.company == number],
            [human for human in staff if human.company == number],
        ),
    )


def _programme(trained, companies):
    """Compare all, pooled; what can be proved of strata is not looked at here."""
    compared = [c for c in companies if c.workforce]
    staff = [c.workforce for c in compared]
    listed = {c.company_id - 1 for c in compared}
    persons = _by_gender([human for human in trained if human.company in listed])
    pooled = Workforce(
        dt.date(2025, 12, 31),
        sum(w.women for w in staff),
        sum(w.men for w in staff),
        sum(w.non_binary for w in staff),
    )
    return ProgrammeFigures(
        workforce=pooled if staff else None,
        persons=persons,
        minutes=_minutes(persons),
        parity=parity(
            [Stratum(pooled.headcount, pooled.women, persons.known)] if staff else [],
            persons.woman,
        ),
        left_out=len(trained) - persons.total,
    )


def _group(number, trained, staff):
    return StaffGroupFigures(
        staff_group=GROUPS[number],
        left_out=0,
        **_mirrored(
            [human for human in trained if human.group == number],
            [human for human in staff if human.group == number],
        ),
    )


def _theme(number, trained):
    persons = _by_gender([human for human in trained if number in human.themes])
    return ThemeFigures(f"tema {number}", persons, _minutes(persons))


def _month(number, trained):
    persons = _by_gender([human for human in trained if number in human.months])
    return MonthFigures(dt.date(2026, number + 1, 1), persons, _minutes(persons))


def _pipeline(people):
    steps = {
        name: _by_gender([human for human in people if human.step >= step])
        for step, name in enumerate(STEPS)
    }
    return Pipeline(withdrawn=_by_gender([h for h in people if h.withdrew]), **steps)


def _accommodations(people, size):
    requests = [human.request for human in people if human.request]
    arranged = [request for request in requests if request[2] in {"in_time", "late"}]
    kinds = sorted(AccommodationKind)[: size.kinds]
    return AccommodationFigures(
        answers=_answers(requests),
        median_days=Fraction(7, 2) if arranged else None,
        outcomes=Outcomes(**Counter(request[3] for request in arranged)),
        by_kind=tuple(
            KindAnswers(kind, _answers([r for r in requests if r[0] == number]))
            for number, kind in enumerate(kinds)
        ),
        by_provider=tuple(
            ProviderAnswers(
                f"prov-{number}",
                f"Utbildare {number}",
                _answers([r for r in requests if r[1] == number]),
            )
            for number in range(size.providers)
        ),
    )


def _answers(requests):
    return Answers(**Counter(request[2] for request in requests))


def _entrants(trained):
    ages = sorted({human.age for human in trained if human.age is not None})
    return tuple(
        Entrants(
            age,
            _by_gender([h for h in trained if h.age == age and h.is_new]),
            _by_gender([h for h in trained if h.age == age]),
        )
        for age in [*ages, None]
    )


def _network(number, trained):
    members = [human for human in trained if number in human.networks]
    return NetworkFigures(
        ref=f"net-{number}",
        name=f"Nätverk {number}",
        members=_by_gender(members),
        companies=len({human.company for human in members}),
        meetings=2,
        persons=len(members) * 2 // 3,
        minutes=len(members) * 80,
    )


def _principles(trained):
    reached = [human for human in trained if 0 in human.themes]
    share = Fraction(len(reached), len(trained)) if trained else None
    return (PrincipleFigures(Principle.GENDER_EQUALITY, len(reached), share),)
