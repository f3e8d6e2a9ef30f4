"""What evaluations hold of a person, and what becomes of it."""

import datetime as dt
import io
import json
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from companies.services.merging import merge_participants
from companies.tests.factories import ParticipantFactory
from companies.tests.secrets import ONE, TWO, secrets
from core.crypto import encrypt, key_of
from core.errors import DomainError
from kompetenslyft.privacy.access_copy import write_access_copy
from kompetenslyft.privacy.erasure import consequences
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.privacy.retention import erase_expired
from tests.erasing import erase, own_register
from tests.erasing import over as programme_over
from trainings.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationCount,
    EvaluationGroupBox,
    EvaluationTicket,
)
from trainings.tasks import open_evaluations
from trainings.tests.evaluating import (
    CLOSES,
    THANKS,
    answer,
    answered,
    attended,
    day_after,
    let_out,
    open_on,
    over,
    teaching,
    words,
)
from trainings.tests.factories import SessionFactory

__all__ = ["over", "own_register", "programme_over", "secrets", "teaching", "words"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]


def test_erasing_deletes_the_ticket_and_leaves_the_answers(over, programme_over):
    seat = attended(over)
    answer(seat)
    box = bytes(Evaluation.objects.get().sealed)
    assert consequences(seat.participant).goes[Kind.TICKETS] == 1

    gone = erase(seat.participant)

    assert gone[Kind.TICKETS] == 1
    assert not EvaluationTicket.objects.exists()
    assert bytes(Evaluation.objects.get().sealed) == box


def test_the_access_copy_says_when_and_why_not_what(over):
    seat = attended(over)
    answer(seat, {"q-words": "Bra lärare."})

    target = io.BytesIO()
    write_access_copy(seat.participant, target, for_participant=True)

    copy = ZipFile(target).read("data.json").decode()
    (row,) = json.loads(copy)["evaluations"]
    assert (row["occasion"], row["used_on"]) == (over.ref, "2026-03-03")
    assert row["what"]
    assert "Bra lärare." not in copy


def test_a_ticket_goes_along_with_its_seat_in_a_merge(over):
    seat = attended(over)
    answer(seat)
    kept = ParticipantFactory(company=seat.participant.company)

    merge_participants(
        kept=kept, absorbed=seat.participant, taken=frozenset(), actor=None
    )

    assert EvaluationTicket.objects.get().enrolment.participant == kept
    seat.refresh_from_db()
    with translation.override("en"), pytest.raises(DomainError, match=THANKS):
        answer(seat, participant=kept)


def test_texts_go_a_year_after_the_training_and_figures_stay(over, settings):
    for _number in range(5):
        answer(attended(over), {"q-teaching": 4, "q-words": "Bra lärare."})
    open_on(over, day_after(CLOSES))
    session = over.sessions.get()
    session.ends_at = timezone.now() - dt.timedelta(days=364)
    session.starts_at = session.ends_at - dt.timedelta(hours=4)
    session.save()
    assert erase_expired().counts[Kind.EVALUATIONS] == 0

    settings.ANSWERED_KEPT_DAYS = 363

    assert erase_expired(simulate=True).counts[Kind.EVALUATIONS] == 5
    assert erase_expired().counts[Kind.EVALUATIONS] == 5
    left = EvaluationAnswer.objects.values_list("value", "text")
    assert list(left) == [(4, "")] * 5


def test_both_boxes_get_a_newer_key_and_go_on(over, teaching, secrets):
    answered(over, 1, 2, 3, 4)
    secrets.NUMBER_KEYS = {"1": ONE, "2": TWO}

    call_command("rotate_keys")
    secrets.NUMBER_KEYS = {"2": TWO}
    answered(over, 5)
    open_on(over, day_after(CLOSES))

    assert key_of(EvaluationGroupBox.objects.get().sealed) == "2"
    assert let_out(teaching) == [1, 2, 3, 4, 5]


def test_without_its_key_a_box_takes_no_answer_and_says_so(over, secrets):
    answered(over, 1)
    secrets.NUMBER_KEYS = {"2": TWO}

    with translation.override("en"), pytest.raises(DomainError, match="cannot be read"):
        answered(over, 2)

    assert EvaluationTicket.objects.count() == 1


def test_the_task_lets_out_counts_and_clears_by_itself(over, teaching):
    answered(over, 1, 2, 3, 4, 5)

    open_evaluations()

    assert let_out(teaching) == [1, 2, 3, 4, 5]
    assert sum(row.count for row in EvaluationCount.objects.all()) == 5
    assert not EvaluationGroupBox.objects.exists()


def test_a_form_that_cannot_be_opened_keeps_no_other_waiting(over, teaching, caplog):
    answered(over, 1, 2, 3, 4, 5)
    broken = attended(SessionFactory().occasion)
    answer(broken)
    Evaluation.objects.filter(occasion=broken.occasion).update(sealed=b"1:no box")

    open_evaluations()

    assert let_out(teaching) == [1, 2, 3, 4, 5]
    assert f"The evaluation of {broken.occasion.ref} was not opened" in caplog.text


def test_the_words_of_an_error_stay_out_of_the_log(over, teaching, caplog):
    answered(over, 1, 2, 3, 4, 5)
    noise = encrypt("Anna Berg wrote this, which is no JSON.")
    Evaluation.objects.update(sealed=noise)
    EvaluationGroupBox.objects.update(sealed=noise)

    open_evaluations()

    assert [record.exc_info for record in caplog.records] == [None, None]
    assert "line 1 column 1" not in caplog.text
