"""A participant's way in without an account: sent, opened, ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import OutboxMessage, User
from accounts.services.outbox import post_letter
from companies.models import Participant, PersonalLink
from core.errors import DomainError

LETTER = "personal_link"
WAIT = dt.timedelta(minutes=10)
_RANDOM_BYTES = 32  # Nobody guesses 256 bits, so tries need not be counted.
_signer = Signer(salt="companies.personal_link", sep=".")


@transaction.atomic
def send_personal_link(
    *,
    participant: Participant,
    actor: User,
    language: str,
    address_of: Callable[[str], str],
) -> PersonalLink:
    """Send a new link to the participant's own address, and end the old ones.

    `address_of` makes the whole address of a token; nobody but the letter gets it.
    Raises DomainError where the person may have no link, where the address is not the
    person's alone, and where a link was sent in the last ten minutes.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if reason := why_no_letter(participant):
        raise DomainError(reason)
    if at := next_letter_at(participant):
        sentence = _("A link has just been sent. The next one can be sent at %(at)s.")
        raise DomainError(sentence % {"at": f"{timezone.localtime(at):%H:%M}"})
    link, token = _new_link(participant, actor)
    post_letter(
        kind=LETTER,
        recipient=participant.email,
        language=language,
        context={
            "url": address_of(token),
            "last_day": timezone.localdate(link.expires_at),
            "company": participant.company.name,
        },
        person_ref=participant.ref,
    )
    record(actor, "companies.link_sent", link, language=language)
    return link


@transaction.atomic
def make_personal_link(*, participant: Participant, actor: User | None) -> str:
    """Return the token of a new link, and end the old ones.

    Only for commands, whose caller reads the database anyway: pages send a link
    without seeing it.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if reason := why_no_page(participant):
        raise DomainError(reason)
    link, token = _new_link(participant, actor)
    record(actor, "companies.link_made", link)
    return token


@transaction.atomic
def revoke_personal_links(*, participant: Participant, actor: User) -> None:
    """End every link of a participant, the sessions that they opened, the calendar."""
    now = timezone.now()
    ended = participant.personal_links.unrevoked().update(revoked_at=now)
    ended += participant.calendar_feeds.unrevoked().update(revoked_at=now)
    if not ended:
        raise DomainError(_("There is no link to revoke any more."))
    record(actor, "companies.link_revoked", participant)


def link_of(token: str) -> PersonalLink | None:
    """Return the link with this token, if it opens a page now."""
    try:
        _signer.unsign(token)
    except BadSignature:
        return None
    links = PersonalLink.objects.valid().select_related("participant__company")
    return links.filter(digest=_digest(token)).first()


@transaction.atomic
def open_personal_link(*, token: str) -> PersonalLink | None:
    """Write down that a link was opened; None if it opens no page."""
    link = link_of(token)
    if link:
        link.opened_at = timezone.now()
        link.save(update_fields=["opened_at"])
        record(None, "companies.link_opened", link, by="participant")
    return link


def why_no_page(participant: Participant) -> str:
    """Say why a person has no page of the own; empty where nothing is against it."""
    if participant.protected:
        return _(
            "The page tells where a person will be. Under a protected identity there "
            "is none."
        )
    if participant.erased_at or participant.merged_into_id:
        return _("This row is no person's any more.")
    if participant.restricted_at:
        return _("The person's data are restricted: nothing is sent.")
    return ""


def why_no_letter(participant: Participant) -> str:
    """Say why nothing may be sent to a person; empty where nothing is against it."""
    if reason := why_no_page(participant):
        return reason
    if not participant.email:
        return _("There is no e-mail address. Enter the person's own, then send.")
    if _is_somebody_elses(participant):
        return _(
            "Somebody else in the portal uses this e-mail address, too. Enter an "
            "address that is the person's alone, then send."
        )
    return ""


def next_letter_at(participant: Participant) -> dt.datetime | None:
    """Return the minute from which another link may be sent; None if that is now.

    Only a letter makes wait: neither revoking a link nor one that a command made.
    """
    letters = OutboxMessage.objects.filter(kind=LETTER, person_ref=participant.ref)
    newest = letters.filter(cancelled_at=None).values_list("queued_at", flat=True)
    sent_at = newest.first()
    if sent_at is None or sent_at <= timezone.now() - WAIT:
        return None
    # A page shows minutes, and at the one that it shows sending must work.
    return (sent_at + WAIT).replace(second=0, microsecond=0) + dt.timedelta(minutes=1)


def language_of(participant: Participant) -> str:
    """Return the language of the last link that was sent, else Swedish."""
    letters = OutboxMessage.objects.filter(kind=LETTER, person_ref=participant.ref)
    newest = letters.values_list("language", flat=True).first()
    return newest or settings.LANGUAGE_CODE


def _new_link(participant: Participant, actor: User | None) -> tuple[PersonalLink, str]:
    now = timezone.now()
    participant.personal_links.unrevoked().update(revoked_at=now)
    token = _signer.sign(secrets.token_urlsafe(_RANDOM_BYTES))
    link = PersonalLink.objects.create(
        participant=participant,
        digest=_digest(token),
        made_at=now,
        made_by=actor,
        expires_at=now + dt.timedelta(days=settings.PERSONAL_LINK_DAYS),
    )
    return link, token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_somebody_elses(participant: Participant) -> bool:
    """Whether another person or a user of the portal has the address."""
    others = Participant.objects.current().filter(email__iexact=participant.email)
    shared = others.exclude(person_key=participant.person_key).exists()
    return shared or User.objects.filter(email__iexact=participant.email).exists()
