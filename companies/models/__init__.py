from companies.models.participant import (
    Participant,
    ParticipantQuerySet,
    person_key_of_number,
    person_key_of_row,
)
from companies.models.programme import (
    Company,
    CompanyQuerySet,
    Membership,
    Programme,
    WorkforceSnapshot,
)
from companies.models.upload import ImportRow, ParticipantImport

__all__ = [
    "Company",
    "CompanyQuerySet",
    "ImportRow",
    "Membership",
    "Participant",
    "ParticipantImport",
    "ParticipantQuerySet",
    "Programme",
    "WorkforceSnapshot",
    "person_key_of_number",
    "person_key_of_row",
]
