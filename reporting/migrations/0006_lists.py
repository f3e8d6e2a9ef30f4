import uuid

import django.db.models.deletion
import django.utils.timezone
import django.utils.translation
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_analyses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListChoice",
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
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, verbose_name="changed"),
                ),
                (
                    "name",
                    models.CharField(
                        db_collation="swedish", max_length=60, verbose_name="name"
                    ),
                ),
                ("list_id", models.CharField(max_length=40, verbose_name="list")),
                ("columns", models.JSONField(verbose_name="columns")),
                (
                    "file_format",
                    models.CharField(
                        choices=[("xlsx", "Excel (.xlsx)"), ("csv", "text (.csv)")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                (
                    "span",
                    models.CharField(
                        choices=[
                            ("all", "all days"),
                            ("month", "the month before"),
                            ("quarter", "the quarter before"),
                        ],
                        default="all",
                        max_length=7,
                        verbose_name="days",
                    ),
                ),
                (
                    "how_often",
                    models.CharField(
                        choices=[
                            ("never", "only when I ask"),
                            ("week", "every Monday"),
                            ("month", "the first day of every month"),
                        ],
                        default="never",
                        max_length=5,
                        verbose_name="how often",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(blank=True, null=True, verbose_name="next file"),
                ),
            ],
            options={
                "verbose_name": "kept list",
                "verbose_name_plural": "kept lists",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ListExport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="requested"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default=django.utils.translation.get_language,
                        editable=False,
                        max_length=7,
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                ("fence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "lease_expires_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "progress",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="progress, percent"
                    ),
                ),
                (
                    "finished_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="finished"
                    ),
                ),
                (
                    "failed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="failed"),
                ),
                ("failure", models.TextField(blank=True, verbose_name="why it failed")),
                ("list_id", models.CharField(max_length=40, verbose_name="list")),
                ("columns", models.JSONField(verbose_name="columns")),
                (
                    "file_format",
                    models.CharField(
                        choices=[("xlsx", "Excel (.xlsx)"), ("csv", "text (.csv)")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(blank=True, null=True, verbose_name="from"),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("order", models.CharField(editable=False, max_length=64)),
                ("file", models.FileField(blank=True, upload_to="lists/")),
                ("sealed_key", models.BinaryField(null=True)),
                (
                    "sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="checksum"
                    ),
                ),
                ("sight", models.JSONField(default=dict, editable=False)),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
            ],
            options={
                "verbose_name": "list as a file",
                "verbose_name_plural": "lists as files",
                "ordering": ["-requested_at"],
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="statisticspackage",
            name="statistics_package_sent_when_and_by_whom",
        ),
        migrations.AddConstraint(
            model_name="statisticspackage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at", None), ("sent_by", None), ("sent_on", None)),
                    models.Q(
                        models.Q(("sent_at", None), _negated=True),
                        models.Q(("sent_on", None), _negated=True),
                        models.Q(("sent_by", None), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="statistics_package_sent_when_and_by_whom",
            ),
        ),
        migrations.AddField(
            model_name="listchoice",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="list_choices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="listchoice",
            name="readers",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who gets the file",
            ),
        ),
        migrations.AddField(
            model_name="listexport",
            name="choice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="exports",
                to="reporting.listchoice",
            ),
        ),
        migrations.AddField(
            model_name="listexport",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="requested by",
            ),
        ),
        migrations.AddConstraint(
            model_name="listchoice",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"),
                name="list_choice_once_per_owner",
                violation_error_message="You have kept another list by this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on", None), ("how_often", "never")),
                    models.Q(
                        models.Q(("how_often", "never"), _negated=True),
                        ("due_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="list_choice_is_due_if_often",
            ),
        ),
        migrations.AddConstraint(
            model_name="listexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at", None), ("failed_at", None), _connector="OR"
                ),
                name="listexport_finishes_or_fails",
            ),
        ),
        migrations.AddConstraint(
            model_name="listexport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("failed_at", None), ("finished_at", None)),
                fields=("requested_by", "order"),
                name="list_export_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="listexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_on", None), ("starts_on", None)),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="list_export_has_both_days_or_none",
            ),
        ),
    ]
