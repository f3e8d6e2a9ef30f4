"""A target, and a group with aid and a declaration, of the world's company."""

import datetime as dt

from reporting.models import Target
from reporting.tests.aid import grant, group_of, make_declaration


class Aid:
    def __init__(self, company, leader):
        days = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}
        self.target = Target.objects.create(
            figure="persons", company=company, value=100, set_by=leader, **days
        )
        self.group = group_of(company, name=f"Koncernen {company.org_number}")
        self.award = grant(self.group, 1000, dt.date(2026, 2, 1), leader)
        self.declaration = make_declaration(self.group, company, leader)

    @property
    def arguments(self):
        group, target = [self.group.ref], [self.target.ref]
        declaration = [*group, self.declaration.ref]
        return {
            "reporting:target-change": target,
            "reporting:target-remove": target,
            "reporting:aid-awards-file": ["csv"],
            "reporting:aid-group": group,
            "reporting:aid-group-change": group,
            "reporting:aid-award-new": group,
            "reporting:aid-award-revoke": [*group, self.award.ref],
            "reporting:aid-declaration-new": group,
            "reporting:aid-declaration-file": declaration,
            "reporting:aid-declaration-remove": declaration,
            "reporting:aid-declaration": [self.declaration.ref],
        }
