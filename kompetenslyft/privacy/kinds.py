"""What erasing takes away, by kind, with counts."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is blanked or deleted, in the order in which it is told."""

    PEOPLE = "participants", _("people in a company's list, blanked")
    HISTORY = "history", _("rows of the history of people, blanked")
    LIST_ROWS = "list_rows", _("rows of uploaded lists, deleted")
    NOTES = "notes", _("notes on accommodations, deleted")
    CORRECTIONS = "corrections", _("corrections asked for, deleted")
    CERTIFICATIONS = "certifications", _("contents of certifications, deleted")
    WORDS_ON_TIME = "words_on_time", _("words on disputed or corrected time, blanked")
    CERTIFICATES = "certificates", _("certificates, blanked: their codes find nothing")
    SCANS = "scans", _("scans of signed sheets, deleted")
    DOCUMENTS = "documents", _("documents of evidence, deleted")
    PARCELS = "parcels", _("parcels of certificates, deleted")
    STATISTICS = "statistics", _("rows for Statistics Sweden, blanked or deleted")
    STATISTICS_FILES = "statistics_files", _("files for Statistics Sweden, deleted")
    LISTS = "lists", _("lists as files, deleted")
    LINKS = "links", _("personal links, deleted")
    CODES = "codes", _("codes to sign in by, deleted")
    KIOSK_CODES = "kiosk_codes", _("codes for kiosks, deleted")
    FEEDS = "feeds", _("addresses of calendars, deleted")
    LETTERS = "letters", _("letters, blanked")
    NEWS = "news", _("news of the own training and choices of letters, deleted")
    TICKETS = "tickets", _("notes that an evaluation was answered, deleted")
    MERGES = "merges", _("merges of two rows, no longer to be undone")
    MENTIONS = "mentions", _("mentions in the audit trail, blanked")
    KIOSKS = "kiosks", _("kiosks that have ended, deleted")
    SESSIONS = "sessions", _("sign-ins that are over, deleted")
    INVITATIONS = "invitations", _("addresses of invitations that are over, blanked")
    ANSWERED = "answered", _("words of answered corrections, blanked")
    EVALUATIONS = "evaluations", _("texts of evaluations, deleted")
    MAIL_FILES = "mail_files", _("files of letters, deleted")


Counts = Counter[Kind]


def told(counts: Mapping[Kind, int]) -> Iterator[tuple[str, int]]:
    """Return each kind in words with its count, those of nothing left out."""
    for kind in Kind:
        if count := counts.get(kind, 0):
            yield str(kind.label), count
