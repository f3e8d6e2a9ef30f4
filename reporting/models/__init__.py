from reporting.models.periods import (
    ReportExport,
    ReportExportQuerySet,
    ReportingPeriod,
)

__all__ = ["ReportExport", "ReportExportQuerySet", "ReportingPeriod"]
