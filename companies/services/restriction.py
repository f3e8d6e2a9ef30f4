"""Data that are kept and not used, as a person may demand (GDPR, article 18)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record
from accounts.models import User
from accounts.services.outbox import cancel_letters_about
from companies.models import Participant
from companies.selectors import rows_of_people
from companies.services.erasure import lock_people
from companies.services.kiosk_codes import end_kiosk_codes
from core.errors import DomainError
from core.history import CHANGED, write_history


@transaction.atomic
def restrict_person(*, participant: Participant, basis: str, actor: User) -> int:
    """Keep the person's data and let nobody use them; return how many rows.

    All rows of the person, at every company. They still count in figures. `basis` is
    the code of the reason. Raises DomainError if there is nothing to restrict.
    """
    rows = lock_people(rows_of_people([participant.pk]))
    new = [row.pk for row in rows if row.restricted_at is None]
    if not new:
        raise DomainError(
            _("This person has been erased.")
            if participant.erased_at or not rows
            else _("This person's data are restricted already.")
        )
    now = timezone.now()
    people = Participant.objects.filter(pk__in=new)
    people.update(restricted_at=now, updated_at=now)
    write_history(people, kind=CHANGED, reason=gettext_noop("restricted"), actor=actor)
    refs = [row.ref for row in rows if row.pk in set(new)]
    cancel_letters_about(refs)
    end_kiosk_codes(new)
    record(actor, "companies.restricted", people=refs, basis=basis)
    return len(new)


@transaction.atomic
def lift_restriction(*, participant: Participant, actor: User) -> int:
    """Let the person's data be used again; return how many rows."""
    rows = lock_people(rows_of_people([participant.pk]))
    restricted = [row for row in rows if row.restricted_at]
    if not restricted:
        raise DomainError(_("This person's data are not restricted."))
    people = Participant.objects.filter(pk__in=[row.pk for row in restricted])
    people.update(restricted_at=None, updated_at=timezone.now())
    write_history(
        people, kind=CHANGED, reason=gettext_noop("restriction lifted"), actor=actor
    )
    refs = [row.ref for row in restricted]
    record(actor, "companies.restriction_lifted", people=refs)
    return len(restricted)


def refuse_closed(people: Iterable[Participant]) -> None:
    """Raise DomainError, which names refs only, if data may not be used."""
    people = list(people)
    if erased := [person.ref for person in people if person.erased_at]:
        raise DomainError(
            _("Erased, so that nothing can be added or changed: %(refs)s.")
            % {"refs": ", ".join(erased)}
        )
    if merged := [person.ref for person in people if person.merged_into_id]:
        raise DomainError(
            _("Merged into another row, so that nothing is added here: %(refs)s.")
            % {"refs": ", ".join(merged)}
        )
    if restricted := [person.ref for person in people if person.restricted_at]:
        raise DomainError(
            _(
                "Restricted, so that the data are kept and not used: %(refs)s. "
                "A project leader can lift the restriction."
            )
            % {"refs": ", ".join(restricted)}
        )
