"""The programme, its companies, people, providers and courses."""

import datetime as dt
import random
from dataclasses import dataclass, field

from accounts.models import User
from companies.enums import FundPeriod, Gender, StaffGroup
from companies.models import Company, Participant, Programme, WorkforceSnapshot
from companies.services import add_participant, change_participant
from kompetenslyft.demo import cast
from kompetenslyft.demo.cast import FIRMS, Character, Firm
from trainings.enums import CourseLevel
from trainings.models import Course, Provider

GROUP_PERCENT = {
    StaffGroup.BLUE_COLLAR: 62,
    StaffGroup.WHITE_COLLAR: 30,
    StaffGroup.MANAGER: 8,
}
WITHOUT_BASELINE = "Kanalvarvet AB"


@dataclass
class Stage:
    """All that the story needs; `people` by company in the order of entering."""

    dice: random.Random
    today: dt.date
    leader: User
    programme: Programme
    companies: dict[str, Company] = field(default_factory=dict)
    people: dict[str, list[Participant]] = field(default_factory=dict)
    providers: list[Provider] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)


def build_stage(
    dice: random.Random, *, participants: int, today: dt.date, leader: User
) -> Stage:
    """Set up everything that stands before the first course begins."""
    starts_on = (today - dt.timedelta(days=425)).replace(day=1)
    programme = Programme.objects.create(
        number="2099/00001",
        name=cast.PROGRAMME_NAME,
        owner=cast.OWNER,
        starts_on=starts_on,
        ends_on=starts_on.replace(year=starts_on.year + 3),
        fund_period=FundPeriod.ESF_PLUS,
        planned_participants=participants * 2,
    )
    stage = Stage(dice, today, leader, programme)
    for serial, firm in enumerate(FIRMS, start=1):
        _add_company(stage, firm, serial)
    _let_one_company_merge(stage)
    for firm in FIRMS:
        _add_people(stage, firm, participants // len(FIRMS))
    _add_special_people(stage)
    _add_trainings(stage)
    return stage


def enter(stage: Stage, company: Company, who: Character, **changes) -> Participant:
    """Enter a person as the company's HR would."""
    details = {
        "given_name": who.given_name,
        "family_name": who.family_name,
        "gender": who.gender,
        "job_title": who.job_title,
        "role_code": who.role_code,
        "staff_group": who.staff_group,
    }
    if stage.dice.random() < 0.7:
        details["email"] = f"deltagare{len(stage.numbers)}@example.org"
    if changes.get("no_number_reason"):
        details["birth_date"] = who.birth_date
    number = "" if changes.get("no_number_reason") else who.number
    participant = add_participant(
        company=company, actor=stage.leader, number=number, **details | changes
    )
    stage.people.setdefault(company.name, []).append(participant)
    return participant


def _add_company(stage: Stage, firm: Firm, serial: int) -> None:
    company = Company.objects.create(
        org_number=cast.org_number(serial),
        name=firm.name,
        size_class=firm.size_class,
        municipality_code=firm.municipality_code,
        joined_on=stage.programme.starts_on,
    )
    stage.companies[firm.name] = company
    if firm.name == WITHOUT_BASELINE:
        return
    for date in (stage.programme.starts_on, stage.today - dt.timedelta(days=200)):
        _add_snapshots(stage, company, firm, date)


def _add_snapshots(stage: Stage, company: Company, firm: Firm, date: dt.date) -> None:
    total = {"women": 0, "men": 0}
    for group, percent in GROUP_PERCENT.items():
        heads = max(2, firm.headcount * percent // 100)
        women = heads * (firm.women_percent + stage.dice.randint(-3, 3)) // 100
        counts = {"women": women, "men": heads - women}
        total = {gender: total[gender] + counts[gender] for gender in total}
        _add_snapshot(company, date, group, **counts)
    _add_snapshot(company, date, "all", **total, non_binary=firm.headcount // 900)


def _add_snapshot(company: Company, date: dt.date, group: str, **counts: int) -> None:
    WorkforceSnapshot.objects.create(
        company=company,
        reference_date=date,
        staff_group=group,
        source="Lönesystemet",
        **counts,
    )


def _let_one_company_merge(stage: Stage) -> None:
    leaving = stage.companies["Mälarledning AB"]
    leaving.left_on = stage.today - dt.timedelta(days=60)
    leaving.successor = stage.companies["Omställaren AB"]
    leaving.save()


def _add_people(stage: Stage, firm: Firm, count: int) -> None:
    percent = firm.trained_women_percent
    for _ in range(count):
        who = cast.invent(stage.dice, women_percent=percent, taken=stage.numbers)
        enter(stage, stage.companies[firm.name], who)


def _add_special_people(stage: Stage) -> None:
    """The awkward cases: every portal of this kind meets them."""
    first, second, third, *_ = stage.companies.values()
    someone = cast.invent(stage.dice, women_percent=100, taken=stage.numbers)
    enter(stage, first, someone)
    enter(stage, second, someone, gender=Gender.NON_BINARY, staff_group="")
    for company, changes in (
        (first, {"no_number_reason": "Skyddade personuppgifter", "protected": True}),
        (second, {"no_number_reason": "Utstationerad, saknar svenskt nummer"}),
        (third, {"gender": Gender.NON_BINARY}),
        (third, {"gender": Gender.UNKNOWN}),
    ):
        who = cast.invent(stage.dice, women_percent=50, taken=stage.numbers)
        enter(stage, company, who, **changes)
    who = cast.invent(stage.dice, women_percent=0, taken=stage.numbers)
    late = enter(stage, third, who, no_number_reason="Har sökt samordningsnummer")
    change_participant(participant=late, actor=stage.leader, number=who.number)


def _add_trainings(stage: Stage) -> None:
    for serial, (name, kind) in enumerate(cast.PROVIDERS, start=101):
        provider = Provider.objects.create(
            ref=f"prov-{serial - 100}",
            org_number=cast.org_number(serial),
            name=name,
            kind=kind,
        )
        stage.providers.append(provider)
    for serial, course in enumerate(cast.COURSES, start=1):
        title, theme, minutes, required, principles, seqf_level = course
        stage.courses.append(
            Course.objects.create(
                code=f"K{serial:03}",
                title=title,
                theme=theme,
                level=CourseLevel.BASIC if serial % 2 else CourseLevel.ADVANCED,
                minutes=minutes,
                required_percent=required,
                covers_accessibility="a" in principles,
                covers_equal_treatment="e" in principles,
                covers_gender_equality="g" in principles,
                seqf_level=seqf_level,
                needs_approval=serial == 4,
            )
        )
