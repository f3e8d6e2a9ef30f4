from reporting.admin.aid_rates import (
    DeMinimisRuleAdmin,
    EligibleCostAdmin,
    TrainingAidRuleAdmin,
    UnitCostAdmin,
)
from reporting.admin.periods import ReportExportAdmin, ReportingPeriodAdmin
from reporting.admin.statistics import StatisticsColumnAdmin

__all__ = [
    "DeMinimisRuleAdmin",
    "EligibleCostAdmin",
    "ReportExportAdmin",
    "ReportingPeriodAdmin",
    "StatisticsColumnAdmin",
    "TrainingAidRuleAdmin",
    "UnitCostAdmin",
]
