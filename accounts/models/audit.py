"""What was done and read, as a chain that shows every later change.

The chained row holds a digest only. What it stands for lies beside it with the salt
of the digest, and can be erased without breaking the chain. Triggers on both engines
refuse everything but a seal that is set once and an erasure.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import sentence_of
from accounts.models.user import User


class AuditSeal(models.Model):
    """A batch of entries, sealed onto the batch before it."""

    made_at = models.DateTimeField(_("sealed"))
    size = models.PositiveIntegerField(_("entries"))
    leaf = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("seal of the audit trail")
        verbose_name_plural = _("seals of the audit trail")
        constraints = [
            # Two chains cannot grow from one head, whoever seals.
            models.UniqueConstraint(
                name="audit_seal_follows_a_head_once", fields=["previous"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}:{bytes(self.head).hex()}"


class AuditEntry(models.Model):
    """That somebody did or read something: the chained row."""

    action = models.CharField(_("what"), max_length=60)
    digest = models.BinaryField(max_length=32)
    seal = models.ForeignKey(
        AuditSeal, models.PROTECT, null=True, db_index=False, related_name="entries"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(name="audit_entry_by_action", fields=["action", "id"]),
            models.Index(name="audit_entry_by_seal", fields=["seal", "id"]),
            models.Index(
                name="audit_entry_unsealed", fields=["id"], condition=Q(seal=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {sentence_of(self.action)}"

    @property
    def content(self) -> "AuditPayload | None":
        """What was done, or None where it was erased."""
        return getattr(self, "payload", None)


class AuditPayload(models.Model):
    """What an entry's digest stands for, until it is erased.

    Facts hold counts, refs and dates, never a name or a number of a person. Refs of
    people stand in mentions only.
    """

    entry = models.OneToOneField(
        AuditEntry, models.PROTECT, primary_key=True, related_name="payload"
    )
    salt = models.BinaryField(max_length=32)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    subject_type = models.CharField(_("kind of row"), max_length=60, blank=True)
    subject_ref = models.CharField(_("row"), max_length=60, blank=True)
    facts = models.JSONField(_("facts"), default=dict)

    class Meta:
        verbose_name = _("content of an audit entry")
        verbose_name_plural = _("contents of audit entries")
        indexes = [
            models.Index(name="audit_payload_by_actor", fields=["actor", "entry"]),
            models.Index(name="audit_payload_by_row", fields=["subject_ref", "entry"]),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditMention(models.Model):
    """A person whom an entry is about; erasing blanks `ref` and `salt`.

    `commitment` is the keyed digest of the ref under the salt, and part of what the
    entry's own digest covers.
    """

    entry = models.ForeignKey(
        AuditEntry, models.PROTECT, db_index=False, related_name="mentions"
    )
    ref = models.CharField(_("person"), max_length=40, blank=True)
    salt = models.BinaryField(max_length=16, null=True)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("person of an audit entry")
        verbose_name_plural = _("people of audit entries")
        indexes = [
            models.Index(name="audit_mention_by_entry", fields=["entry", "id"]),
            models.Index(name="audit_mention_by_person", fields=["ref", "entry"]),
        ]

    def __str__(self) -> str:
        return self.ref or "–"
