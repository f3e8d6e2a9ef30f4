"""Writing the words of messages, and going back to the standard ones."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.letters import one_line
from accounts.message_templates import MessageWords, faults_of, message_kinds
from accounts.models import MessageTemplate, User
from core.errors import DomainError


class TemplateChangedError(DomainError):
    """Somebody else saved the words after the writer had opened them."""


def as_written(subject: str, text: str) -> MessageWords:
    """Return the words without stray space, as they are judged and kept."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return MessageWords(one_line(subject), "\n".join(lines))


@transaction.atomic
def save_template(
    *,
    kind: str,
    language: str,
    words: MessageWords,
    seen: dt.datetime | None,
    actor: User,
) -> MessageTemplate:
    """Let messages of a kind say this from now on; letters on their way stay.

    `seen` is when the words that were changed were saved; None stands for the
    standard words. Raises DomainError with everything that is wrong, one to a line.
    """
    known = message_kinds().get(kind)
    if known is None or language not in dict(settings.LANGUAGES):
        raise DomainError(_("There is no such message."))
    words = as_written(words.subject, words.text)
    if faults := faults_of(known, words):
        raise DomainError("\n".join(faults))
    row = _newest(kind, language, seen) or MessageTemplate(kind=kind, language=language)
    row.subject, row.text = words.subject, words.text
    row.changed_at, row.changed_by = timezone.now(), actor
    row._history_user = actor  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # Two wrote the first words at the same time.
        winner = MessageTemplate.objects.get(kind=kind, language=language)
        raise _changed_meanwhile(winner) from error
    record(actor, "accounts.template_saved", message=kind, language=language)
    return row


@transaction.atomic
def restore_standard_words(
    *, kind: str, language: str, seen: dt.datetime | None, actor: User
) -> None:
    """Go back to the words that come with the portal. Raises DomainError.

    What was written stays in the history.
    """
    row = _newest(kind, language, seen)
    if row is None:
        raise DomainError(_("The standard words are in force already."))
    row._history_user = actor  # type: ignore[attr-defined]
    row.delete()
    record(actor, "accounts.template_restored", message=kind, language=language)


def _newest(
    kind: str, language: str, seen: dt.datetime | None
) -> MessageTemplate | None:
    """Return the row, locked, or None where there is none; refuse if not as seen."""
    rows = MessageTemplate.objects.select_for_update()
    row = rows.filter(kind=kind, language=language).first()
    if (row.changed_at if row else None) != seen:
        raise _changed_meanwhile(row)
    return row


def _changed_meanwhile(row: MessageTemplate | None) -> TemplateChangedError:
    if row is None:
        return TemplateChangedError(
            _("Somebody has gone back to the standard words meanwhile.")
        )
    when = date_format(timezone.localtime(row.changed_at), "Y-m-d H:i")
    return TemplateChangedError(
        _(
            "%(who)s saved this message at %(when)s, while you were writing. What is "
            "saved now stands below: bring it into your text, and save once more."
        )
        % {"who": row.changed_by, "when": when}
    )
