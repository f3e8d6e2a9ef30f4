"""One door to the audit trail."""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import AuditEntry, User


def record(
    actor: User | AnonymousUser | None,
    action: str,
    subject: models.Model | None = None,
    **facts: str | int | list[str] | None,
) -> AuditEntry:
    """Write down that `actor` (None: a command) did `action` to `subject`.

    `action` is `app.verb`, such as `reporting.downloaded`. Facts are counts, refs
    and dates: never a name, an address or a personal number.
    """
    return AuditEntry.objects.create(
        actor=actor if isinstance(actor, User) else None,
        action=action,
        subject_type=subject._meta.label_lower if subject else "",
        subject_ref=_outer_name(subject) if subject else "",
        facts=_plain(facts),
    )


def _outer_name(subject: models.Model) -> str:
    return str(getattr(subject, "ref", None) or subject.pk)


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if fact is not None}
