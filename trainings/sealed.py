"""The columns of this app that are encrypted."""

from core.sealed import SealedColumn
from trainings.models import Certificate, Dispute

SEALED = (SealedColumn(Certificate, "sealed"), SealedColumn(Dispute, "sealed"))
