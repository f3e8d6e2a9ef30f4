"""Issuing certificates. One stands at a time; one that says other hours replaces it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Participant
from core.crypto import encrypt
from core.errors import DomainError
from trainings.certificates import (
    Content,
    content_of,
    content_of_course,
    content_of_month,
)
from trainings.enums import CertificateKind
from trainings.models import Certificate, Enrolment


@transaction.atomic
def issue_for_month(
    *, participant: Participant, month: dt.date, actor: User | None
) -> Certificate:
    """Certify the hours of a month that is over; the one that stands, if it is right.

    `actor` is empty where participants fetch their own. Raises DomainError.
    """
    participant = _lock(participant)
    month = month.replace(day=1)
    if month >= timezone.localdate().replace(day=1):
        raise DomainError(_("The month is not over yet."))
    content = content_of_month(participant, month)
    if content is None:
        raise DomainError(_("No hours of this month are certified."))
    return _issue(content, actor, kind=CertificateKind.MONTH, of=(participant, month))


@transaction.atomic
def issue_for_course(*, enrolment: Enrolment, actor: User | None) -> Certificate:
    """Certify a completed course; the certificate that stands, if it is right.

    `actor` is empty where participants fetch their own. Raises DomainError.
    """
    participant = _lock(enrolment.participant)
    content = content_of_course(enrolment)
    if content is None:
        raise DomainError(_("The course is not completed."))
    return _issue(
        content, actor, kind=CertificateKind.COURSE, of=(participant, enrolment)
    )


def _lock(participant: Participant) -> Participant:
    """Reread the person, so that one certificate is issued, and none of an erased."""
    people = Participant.objects.select_for_update(of=("self",))
    participant = people.select_related("company").get(pk=participant.pk)
    if participant.erased_at:
        raise DomainError(_("The person has been erased."))
    if participant.restricted_at:
        raise DomainError(
            _("The person is restricted: the data are kept and not used.")
        )
    return participant


def _issue(
    content: Content,
    actor: User | None,
    *,
    kind: CertificateKind,
    of: tuple[Participant, Enrolment | dt.date],
) -> Certificate:
    participant, about = of
    key = {"enrolment": about} if isinstance(about, Enrolment) else {"month": about}
    now = timezone.now()
    standing = Certificate.objects.filter(
        participant=participant, kind=kind, replaced_at=None, **key
    )
    for certificate in standing:
        if content_of(certificate) == content:
            return certificate
    standing.update(replaced_at=now)  # After a merge there may be two.
    certificate = Certificate.objects.create(
        participant=participant,
        kind=kind,
        sealed=encrypt(content.to_json()),
        issued_at=now,
        **key,
    )
    by = {} if actor else {"by": "participant"}
    record(actor, "trainings.certificate_issued", certificate, kind=kind, **by)
    return certificate
