from reporting.models.aid_rates import (
    DeMinimisRule,
    EligibleCost,
    TrainingAidRule,
    UnitCost,
)
from reporting.models.analyses import Analysis
from reporting.models.evidence import Evidence
from reporting.models.issued import (
    IssuedReport,
    IssuedReportQuerySet,
    ReportContent,
    ReportFile,
    ReportWithdrawal,
)
from reporting.models.lists import ListChoice, ListExport, ListExportQuerySet
from reporting.models.periods import (
    ReportExport,
    ReportExportQuerySet,
    ReportingPeriod,
)
from reporting.models.reading_room import (
    QuestionPost,
    ReportQuestion,
    ReportSample,
    ReportSampleQuerySet,
)
from reporting.models.state_aid import (
    AidAward,
    AidDeclaration,
    AidGroup,
    AidGroupMember,
)
from reporting.models.statistics import (
    StatisticsColumn,
    StatisticsMonth,
    StatisticsPackage,
    StatisticsPackageQuerySet,
    StatisticsPart,
    StatisticsRow,
)
from reporting.models.targets import Target, TargetReading

__all__ = [
    "AidAward",
    "AidDeclaration",
    "AidGroup",
    "AidGroupMember",
    "Analysis",
    "DeMinimisRule",
    "EligibleCost",
    "Evidence",
    "IssuedReport",
    "IssuedReportQuerySet",
    "ListChoice",
    "ListExport",
    "ListExportQuerySet",
    "QuestionPost",
    "ReportContent",
    "ReportExport",
    "ReportExportQuerySet",
    "ReportFile",
    "ReportQuestion",
    "ReportSample",
    "ReportSampleQuerySet",
    "ReportWithdrawal",
    "ReportingPeriod",
    "StatisticsColumn",
    "StatisticsMonth",
    "StatisticsPackage",
    "StatisticsPackageQuerySet",
    "StatisticsPart",
    "StatisticsRow",
    "Target",
    "TargetReading",
    "TrainingAidRule",
    "UnitCost",
]
