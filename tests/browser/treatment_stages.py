"""What must exist before somebody looks at equal treatment and evidence."""

import datetime as dt

from accounts.models import User
from companies.tests.factories import ParticipantFactory, ProgrammeFactory
from reporting.enums import AnalysisPart
from reporting.models import ReportingPeriod
from reporting.services.analyses import write_analysis
from reporting.services.evidence import remove_evidence
from reporting.tests.attending import attend
from reporting.tests.evidence import first_quarter, make_evidence
from tests.browser.evaluation_stages import counted
from tests.browser.stages import a_period, company_of

Days = tuple[dt.date, dt.date]


def an_empty_quarter(_user: User) -> Days:
    return _days(first_quarter())


def equal_treatment(user: User) -> Days:
    """A seat, a request, and answers by group."""
    counted(user)
    return a_period(user)


def a_companys_seats(user: User) -> tuple[str]:
    """One who attended, of a programme that runs."""
    ProgrammeFactory()
    company = company_of(user)
    attend(ParticipantFactory(company=company))
    return (company.org_number,)


def four_rs(user: User) -> Days:
    """Both written, one of them twice."""
    days = a_period(user)
    period = first_quarter()
    for part, text, seen in (
        (AnalysisPart.REALIA, "Kvinnor tillfrågas sist.", 0),
        (AnalysisPart.REALIA, "Kvinnor tillfrågas sent.\n\nChefen väljer.", 1),
        (AnalysisPart.REALISE, "Fråga alla samtidigt, från mars.", 0),
    ):
        write_analysis(period=period, part=part, text=text, seen=seen, actor=user)
    return days


def a_part_to_write(_user: User) -> tuple[dt.date, dt.date, str]:
    return (*_days(first_quarter()), "realise")


def evidence(user: User) -> Days:
    """A document, one with people, a place, and an entry that was removed."""
    period = first_quarter()
    make_evidence(period, user, what="Närvarolistor för mars.", shows_people=True)
    make_evidence(period, user, content=b"a policy", place="Arkivet, pärm 17")
    wrong = make_evidence(period, user, content=b"another")
    remove_evidence(entry=wrong, reason="Fel kvartal.", actor=user)
    return _days(period)


def an_entry(user: User) -> tuple[dt.date, dt.date, str]:
    period = first_quarter()
    return (*_days(period), make_evidence(period, user).ref)


def _days(period: ReportingPeriod) -> Days:
    return period.starts_on, period.ends_on
