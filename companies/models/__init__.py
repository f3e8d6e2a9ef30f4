from companies.models.contacts import (
    GIVEN_FOR,
    MOST_TRIES,
    OPEN_FOR,
    Kiosk,
    KioskCode,
    SignInCode,
)
from companies.models.feeds import CalendarFeed
from companies.models.participant import Participant, ParticipantQuerySet
from companies.models.person_keys import (
    KeyPair,
    PersonKeys,
    PersonKeysInForce,
    environment_keys,
    fingerprint_of,
    keys_in_force,
    lock_keys_in_force,
    person_key_of_number,
    person_key_of_row,
    person_secrets,
)
from companies.models.privacy import (
    CorrectionRequest,
    Merge,
    NotADuplicate,
    PersonalLink,
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
    "GIVEN_FOR",
    "MOST_TRIES",
    "OPEN_FOR",
    "CalendarFeed",
    "Company",
    "CompanyQuerySet",
    "CorrectionRequest",
    "ImportRow",
    "KeyPair",
    "Kiosk",
    "KioskCode",
    "Membership",
    "Merge",
    "NotADuplicate",
    "Participant",
    "ParticipantImport",
    "ParticipantQuerySet",
    "PersonKeys",
    "PersonKeysInForce",
    "PersonalLink",
    "Programme",
    "SignInCode",
    "WorkforceSnapshot",
    "environment_keys",
    "fingerprint_of",
    "keys_in_force",
    "lock_keys_in_force",
    "person_key_of_number",
    "person_key_of_row",
    "person_secrets",
]
