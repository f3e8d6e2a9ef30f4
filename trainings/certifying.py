"""What participants certify, word for word, and what of it goes into the chain.

A text that somebody has certified is never changed: a better one is a new version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from core.sealing import Chain
from trainings.models import Certification, CertificationSeal

CERTIFICATIONS = Chain(
    Certification,
    CertificationSeal,
    kind="attendance_id",  # Bound for ever, for it stands when the content is gone.
    lock="certification-seals",
)
CERTIFIED = "trainings.hours_certified"
CORRECTED = "trainings.attendance_corrected"
FORGOTTEN = "trainings.certifications_forgotten"
VERIFIED = "trainings.certifications_verified"

# By version and language. The marks of translation do not touch them: they are a
# contract, which says the same whatever a catalogue says.
CERTIFICATION_TEXTS: Mapping[str, Mapping[str, str]] = {
    "1": {
        "sv": (
            "Jag intygar att jag har varit med på utbildningen de tider som jag har "
            "kryssat för, och att timmarna stämmer. Jag vet att de redovisas till "
            "Europeiska socialfonden, som betalar en del av projektet."
        ),
        "en": (
            "I certify that I took part in the training at the times that I have "
            "ticked, and that the hours are right. I know that they are reported to "
            "the European Social Fund, which pays a part of the project."
        ),
    },
}
NEWEST_TEXT = max(CERTIFICATION_TEXTS, key=int)


def text_in(language: str, version: str = NEWEST_TEXT) -> str:
    """Return what is certified; in Swedish where a language has no text."""
    texts = CERTIFICATION_TEXTS[version]
    return texts.get(language, texts["sv"])


def language_of_text(language: str) -> str:
    """Return the language of the text that somebody who reads this one is shown."""
    return language if language in CERTIFICATION_TEXTS[NEWEST_TEXT] else "sv"


def stamp_of(version: str, language: str) -> str:
    """Return what a certification keeps of the text: `1-sv`."""
    return f"{version}-{language}"


def stamped_text(stamp: str) -> str:
    """Return the text that a stamp stands for; empty for one that is not known."""
    version, _dash, language = stamp.partition("-")
    return CERTIFICATION_TEXTS.get(version, {}).get(language, "")


def content_of(
    *,
    attendance: int,
    person_ref: str,
    minutes: int,
    text_version: str,
    channel: str,
    at: dt.datetime,
) -> dict[str, object]:
    """Return what a digest covers, the same when certified and verified."""
    return {
        "attendance": attendance,
        "person": person_ref,
        "minutes": minutes,
        "text": text_version,
        "channel": channel,
        "at": at.astimezone(dt.UTC).isoformat(),
    }
