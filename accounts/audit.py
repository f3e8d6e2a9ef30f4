"""One door to the audit trail."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from accounts.models import AuditEntry, AuditMention, AuditPayload, AuditSeal, User
from core.chain import (
    MENTION_SALT_BYTES,
    Octets,
    commit,
    commit_mention,
    new_salt,
)
from core.sealing import Chain

TRAIL = Chain(AuditEntry, AuditSeal, kind="action", lock="audit-seals")
FORGOTTEN = "accounts.trail_forgot_people"


@transaction.atomic(savepoint=False)
def record(
    actor: User | AnonymousUser | None,
    action: str,
    subject: models.Model | None = None,
    *,
    people: Iterable[str] = (),
    **facts: str | int | list[str] | None,
) -> AuditEntry:
    """Write down that `actor` (None: a command) did `action` to `subject`.

    `action` is `app.verb`, such as `reporting.downloaded`. `people` are the refs of
    participants whom it is about; one that the subject itself is about is found by
    its `person_ref`. Facts are counts, refs of other rows and dates: never a name, an
    address or a personal number.
    """
    about = sorted({*people, *_person_of(subject)})
    mentions = [_mention(ref) for ref in about]
    payload = AuditPayload(
        salt=new_salt(),
        at=timezone.now(),
        actor=actor if isinstance(actor, User) else None,
        subject_type=subject._meta.label_lower if subject else "",
        subject_ref=_outer_name(subject) if subject else "",
        facts=_plain(facts),
    )
    content = _content(action, payload, mentions)
    entry = AuditEntry.objects.create(
        action=action, digest=commit(payload.salt, content)
    )
    payload.entry = entry
    payload.save(force_insert=True)
    for mention in mentions:
        mention.entry = entry
    AuditMention.objects.bulk_create(mentions)
    return entry


def record_rows(
    actor: User | AnonymousUser,
    action: str,
    rows: Iterable[models.Model],
    *,
    kind: str,
) -> AuditEntry:
    """Write down in one entry that these rows of a kind were shown together."""
    people: set[str] = set()
    refs: list[str] = []
    for row in rows:
        people |= _person_of(row)
        refs += filter(None, [_outer_name(row)])
    return record(actor, action, people=people, kind=kind, refs=refs or None)


def content_of(
    *,
    action: str,
    at: dt.datetime,
    actor: int | None,
    subject_type: str,
    subject_ref: str,
    facts: Mapping[str, object],
    commitments: Iterable[Octets],
) -> dict[str, object]:
    """Return what an entry's digest covers, the same when written and verified."""
    return {
        "action": action,
        "at": at.isoformat(),
        "actor": actor,
        "subject_type": subject_type,
        "subject_ref": subject_ref,
        "facts": facts,
        "mentions": [commitment.hex() for commitment in commitments],
    }


def _content(action: str, payload: AuditPayload, mentions: Iterable[AuditMention]):
    return content_of(
        action=action,
        at=payload.at,
        actor=payload.actor_id,
        subject_type=payload.subject_type,
        subject_ref=payload.subject_ref,
        facts=payload.facts,
        commitments=[mention.commitment for mention in mentions],
    )


def _mention(ref: str) -> AuditMention:
    salt = new_salt(MENTION_SALT_BYTES)
    return AuditMention(ref=ref, salt=salt, commitment=commit_mention(salt, ref))


def _person_of(subject: models.Model | None) -> set[str]:
    ref = getattr(subject, "person_ref", None)
    return {ref} if ref else set()


def _outer_name(subject: models.Model) -> str:
    """Return the ref of a row; that of a person stands in a mention instead."""
    ref = getattr(subject, "ref", None) or subject.pk
    return "" if ref == getattr(subject, "person_ref", None) else str(ref)


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if fact is not None}
