"""The columns of this app that are encrypted."""

from core.sealed import SealedColumn
from trainings.models import (
    Certificate,
    CertificateParcel,
    Dispute,
    Evaluation,
    EvaluationGroupBox,
    SheetScan,
)

SEALED = (
    SealedColumn(Certificate, "sealed"),
    SealedColumn(CertificateParcel, "sealed_key"),
    SealedColumn(Dispute, "sealed"),
    SealedColumn(Evaluation, "sealed"),
    SealedColumn(EvaluationGroupBox, "sealed"),
    SealedColumn(SheetScan, "sealed_key"),
)
