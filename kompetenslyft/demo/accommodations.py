"""What people ask to have adapted, how suppliers answer, and how it went."""

import datetime as dt

from kompetenslyft.demo.stage import Stage
from trainings import services
from trainings.enums import AccommodationKind, AccommodationOutcome, AskedBy
from trainings.models import Accommodation, Enrolment, Occasion

DAY = dt.timedelta(days=1)
SHARE_WHO_ASK = 0.12
WEEKS_OF_NOTES = dt.timedelta(weeks=8)
NOTES = {
    AccommodationKind.CAPTIONS: "Texta filmerna, tack. Jag läser hellre än lyssnar.",
    AccommodationKind.STEP_FREE: "Jag behöver hiss och en bred dörr.",
    AccommodationKind.EXTRA_BREAKS: "Tio minuter i timmen räcker.",
    AccommodationKind.OTHER: "Gärna en plats långt fram.",
}
HOW = {
    AccommodationKind.CAPTIONS: "Alla filmer är textade. Säg till om någon saknas.",
    AccommodationKind.STEP_FREE: "Vi har bytt till en sal på bottenplanet.",
    AccommodationKind.EXTRA_BREAKS: "Vi lägger in en paus varje timme.",
}
WHY_NOT = "Vi har ingen sådan utrustning. Ring oss gärna, så letar vi en annan väg."


def ask_for_adaptations(
    stage: Stage, occasion: Occasion, opened: dt.datetime, begins: dt.datetime
) -> None:
    """Let some on the occasion ask, and its supplier answer most of them."""
    now = dt.datetime.combine(stage.today, dt.time(12), begins.tzinfo)
    for enrolment in list(occasion.enrolments.live()):
        if stage.dice.random() > SHARE_WHO_ASK:
            continue
        answers = ["in time", "late", "no", "none"]
        answer = stage.dice.choices(answers, [72, 8, 8, 12])[0]
        # What is not answered before a course to come has just been asked for.
        is_new = answer == "none" and begins > now
        asked_at = now - 2 * DAY if is_new else opened + DAY
        asked = _ask(stage, enrolment, asked_at, is_noted=begins > now - WEEKS_OF_NOTES)
        asked = _answer(stage, asked, answer, begins=begins, now=now)
        if asked.arranged_at and begins + 2 * DAY < now:
            _tell(stage, asked, at=begins + 2 * DAY)


def _ask(
    stage: Stage, enrolment: Enrolment, at: dt.datetime, *, is_noted: bool
) -> Accommodation:
    kind = stage.dice.choice(list(AccommodationKind))
    wrote = stage.dice.choices(list(AskedBy), [8, 1, 1])[0]
    by_participant = wrote == AskedBy.PARTICIPANT
    return services.ask_for_accommodation(
        enrolment=enrolment,
        kind=kind,
        note=NOTES.get(kind, "") if is_noted and by_participant else "",
        asked_by=wrote,
        actor=None if by_participant else stage.leader,
        at=at,
    )


def _answer(
    stage: Stage,
    asked: Accommodation,
    answer: str,
    *,
    begins: dt.datetime,
    now: dt.datetime,
) -> Accommodation:
    """Answer in time, or after the course began, or no; or not at all."""
    how = HOW.get(AccommodationKind(asked.kind), "")
    match answer:
        case "in time":
            days = stage.dice.randint(2, 15)
            arranged, words, at = True, how, asked.requested_at + days * DAY
        case "late" if begins + DAY < now:
            arranged, words, at = True, how, begins + DAY
        case "no":
            arranged, words, at = False, WHY_NOT, asked.requested_at + 4 * DAY
        case _:
            return asked
    return services.answer_accommodation(
        accommodation=asked, arranged=arranged, words=words, actor=stage.leader, at=at
    )


def _tell(stage: Stage, asked: Accommodation, *, at: dt.datetime) -> None:
    outcome = stage.dice.choice([*AccommodationOutcome.values, ""])
    if outcome and asked.enrolment.confirmed_at:
        services.tell_outcome(accommodation=asked, outcome=outcome, at=at)
