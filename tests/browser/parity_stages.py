"""What must exist before somebody looks at parity and the control chart."""

import datetime as dt

from accounts.models import User
from companies.enums import Gender
from companies.models import Company
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from networks.tests.factories import NetworkMemberFactory
from reporting.tests.attending import attend
from reporting.tests.evidence import first_quarter
from tests.browser.stages import company_of


def two_companies(_user: User) -> tuple[dt.date, dt.date]:
    """One that sends men only until an alarm, and one with somebody unknown."""
    ProgrammeFactory()
    _only_men(CompanyFactory())
    other = WorkforceSnapshotFactory(women=9, men=21).company
    member = NetworkMemberFactory(participant__company=other).participant
    attend(member, start="2026-02-02 08:00")
    attend(ParticipantFactory(company=other, gender=Gender.UNKNOWN))
    period = first_quarter()
    return period.starts_on, period.ends_on


def own_company(user: User) -> tuple[str]:
    ProgrammeFactory()
    company = company_of(user)
    _only_men(company)
    return (company.org_number,)


def _only_men(company: Company) -> None:
    """Of ten women and ten men five men in one month and five in the next."""
    WorkforceSnapshotFactory(
        company=company, women=10, men=10, reference_date=dt.date(2024, 12, 31)
    )
    for start in ("2025-12-02 08:00", "2026-01-12 08:00"):
        for _ in range(5):
            man = ParticipantFactory(company=company, gender=Gender.MAN)
            attend(man, start=start)
