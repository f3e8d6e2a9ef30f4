"""The columns of this app that are encrypted."""

from companies.models import (
    CorrectionRequest,
    ImportRow,
    Merge,
    Participant,
    SignInCode,
)
from core.sealed import SealedColumn

SEALED = (
    SealedColumn(Participant, "encrypted_number"),
    SealedColumn(Participant.history.model, "encrypted_number"),
    SealedColumn(ImportRow, "sealed"),
    SealedColumn(CorrectionRequest, "sealed"),
    SealedColumn(Merge, "sealed"),
    SealedColumn(SignInCode, "new_address"),
)
