"""What lies in the boxes of answers, and how it is put in and taken out.

A box is one encrypted value. Its content is shuffled whenever something is put in, and
filled up with spaces, so that its size does not tell who wrote much.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from secrets import SystemRandom
from typing import Any

from core.crypto import decrypt, encrypt
from trainings.evaluation_groups import LEAST, LEAST_SHAPE, Answer
from trainings.models import Evaluation, EvaluationGroupBox

UNIT = 64 * 1024  # Bytes: more than all answers of most occasions.

Given = Mapping[str, int | str]  # By ref of the question: the answer on it.
Whose = tuple[str, str]  # Gender and age group.
_dice = SystemRandom()


def put_in(
    evaluation: Evaluation, box: EvaluationGroupBox, given: Given, whose: Whose
) -> None:
    """Put the answers of one form into the two boxes, which the caller has locked.

    Each answer by itself: nothing says which of them stood on one form.
    """
    answers = _read(evaluation.sealed)
    groups = _read(box.sealed)
    waiting = groups.setdefault("waiting", {}).pop(evaluation.occasion.ref, {})
    for ref, answer in given.items():
        _add(answers, ref, answer)
        if isinstance(answer, int):
            _add(waiting, ref, [*whose, answer])
    _put_back(groups, evaluation, waiting)
    evaluation.sealed, box.sealed = _seal(answers), _seal(groups)


def take_lots(
    evaluation: Evaluation, box: EvaluationGroupBox
) -> dict[str, list[int | str]]:
    """Take out what enough have answered, by ref of the question, in random order.

    Late texts need ten: whoever kept the page from before them tells them from those
    that it shows, so they are as few as texts may be that are shown at all.
    What was answered on the scale goes on to the lots of the group box.
    """
    answers = _read(evaluation.sealed)
    groups = _read(box.sealed)
    waiting = groups.get("waiting", {}).pop(evaluation.occasion.ref, {})
    is_late = evaluation.opened_on is not None
    enough = [
        ref
        for ref, given in answers.items()
        if len(given) >= (LEAST_SHAPE if is_late and _are_texts(given) else LEAST)
    ]
    taken = {ref: answers.pop(ref) for ref in enough}
    for ref in enough:
        if ref in waiting:
            _add(groups.setdefault("lots", {}), ref, waiting.pop(ref))
    _put_back(groups, evaluation, waiting)
    evaluation.sealed, box.sealed = _seal(answers), _seal(groups)
    return taken


def throw_away(evaluation: Evaluation, box: EvaluationGroupBox) -> None:
    """Erase what waits in an occasion's box, for too few have answered."""
    groups = _read(box.sealed)
    groups.get("waiting", {}).pop(evaluation.occasion.ref, None)
    evaluation.sealed, box.sealed = None, _seal(groups)


def take_groups(box: EvaluationGroupBox) -> dict[str, list[list[Answer]]]:
    """Take the lots out of the box of a theme and quarter, by ref of the question."""
    groups = _read(box.sealed)
    lots = groups.pop("lots", {})
    box.sealed = _seal(groups)
    return {
        ref: [[Answer(*answer) for answer in lot] for lot in of_question]
        for ref, of_question in lots.items()
    }


def _are_texts(given: Sequence[int | str]) -> bool:
    return isinstance(given[0], str)


def _put_back(
    groups: dict[str, Any], evaluation: Evaluation, waiting: dict[str, list]
) -> None:
    if waiting:
        groups["waiting"][evaluation.occasion.ref] = waiting


def _add(pool: dict[str, list], ref: str, answer: object) -> None:
    pool.setdefault(ref, []).append(answer)
    _dice.shuffle(pool[ref])


def _read(sealed: bytes | memoryview | None) -> dict[str, Any]:
    return json.loads(decrypt(bytes(sealed))) if sealed else {}


def _seal(content: dict[str, Any]) -> bytes | None:
    """Return the content encrypted; None where there is nothing in it."""
    kept = {key: value for key, value in content.items() if value}
    if not kept:
        return None
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return encrypt(text + " " * (-len(text.encode()) % UNIT))
