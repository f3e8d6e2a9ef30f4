"""A participant who certifies and disputes, as plain as can be."""

from companies.enums import OwnChannel
from trainings.services import certify_hours, dispute_hours

LINK = OwnChannel.LINK


def certify(participant, *rows, **options):
    """Certify the rows as they stand, by the link and in English."""
    usual = {
        "shown": {row.pk: row.minutes for row in rows},
        "channel": LINK,
        "text_version": "1",
        "language": "en",
    }
    return certify_hours(participant=participant, **(usual | options))


def dispute(row, **options):
    """Say that half an hour is right, as the participant of the row."""
    usual = {
        "participant": row.enrolment.participant,
        "claimed_minutes": 30,
        "text": "I was there half an hour.",
        "channel": LINK,
    }
    return dispute_hours(attendance=row, **(usual | options))
