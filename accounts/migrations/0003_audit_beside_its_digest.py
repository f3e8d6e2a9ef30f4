"""Tables for what the digest of an audit entry stands for, and for its seals."""

import importlib

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

_guarded = importlib.import_module("accounts.migrations.0002_audit_is_append_only")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_is_append_only")]

    operations = [
        # Triggers come back, for the new shape, when the rows have moved.
        migrations.RunPython(_guarded.release, _guarded.guard, elidable=False),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="sealed")),
                ("size", models.PositiveIntegerField(verbose_name="entries")),
                ("leaf", models.BinaryField(max_length=32)),
                ("previous", models.BinaryField(max_length=32)),
                ("head", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "seal of the audit trail",
                "verbose_name_plural": "seals of the audit trail",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("previous",), name="audit_seal_follows_a_head_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditMention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="accounts.auditentry",
                    ),
                ),
                (
                    "ref",
                    models.CharField(blank=True, max_length=40, verbose_name="person"),
                ),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("commitment", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "person of an audit entry",
                "verbose_name_plural": "people of audit entries",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["entry", "id"], name="audit_mention_by_entry"),
                    models.Index(
                        fields=["ref", "entry"], name="audit_mention_by_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditPayload",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="payload",
                        serialize=False,
                        to="accounts.auditentry",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32)),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True,
                        default=django.utils.timezone.now,
                        verbose_name="when",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "subject_type",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="kind of row"
                    ),
                ),
                (
                    "subject_ref",
                    models.CharField(blank=True, max_length=60, verbose_name="row"),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
            ],
            options={
                "verbose_name": "content of an audit entry",
                "verbose_name_plural": "contents of audit entries",
                "indexes": [
                    models.Index(
                        fields=["actor", "entry"], name="audit_payload_by_actor"
                    ),
                    models.Index(
                        fields=["subject_ref", "entry"], name="audit_payload_by_row"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="digest",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="seal",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="accounts.auditseal",
            ),
        ),
    ]
