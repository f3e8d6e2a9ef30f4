"""The columns of this app that are encrypted."""

from core.sealed import SealedColumn
from reporting.models import (
    AidDeclaration,
    Evidence,
    ListExport,
    StatisticsPackage,
    StatisticsRow,
)

SEALED = (
    SealedColumn(AidDeclaration, "sealed_key"),
    SealedColumn(Evidence, "sealed_key"),
    SealedColumn(ListExport, "sealed_key"),
    SealedColumn(StatisticsPackage, "sealed_key"),
    SealedColumn(StatisticsRow, "sealed"),
)
