"""Reports for the funder, and triggers that guard what is issued."""

import uuid
from string import Template

import django.db.models.deletion
import django.utils.timezone
import django.utils.translation
from django.conf import settings
from django.db import migrations, models

import reporting.models.issued
import reporting.models.reading_room

REFUSED = "issued reports are not changed"
REPORT, CONTENT = "reporting_issuedreport", "reporting_reportcontent"
FILE, WITHDRAWAL = "reporting_reportfile", "reporting_reportwithdrawal"


IS_THERE = Template("EXISTS (SELECT 1 FROM $table WHERE $condition)")


def _is_issued(report):
    condition = f"id = {report} AND issued_at IS NOT NULL"
    return IS_THERE.substitute(table=REPORT, condition=condition)


# What is refused, by table and verb. A report is issued by an update of its draft.
FORBIDDEN = {
    (REPORT, "update"): "OLD.issued_at IS NOT NULL",
    (REPORT, "delete"): "OLD.issued_at IS NOT NULL",
    (REPORT, "insert"): "NEW.issued_at IS NOT NULL",
    (CONTENT, "update"): _is_issued("OLD.report_id"),
    (CONTENT, "delete"): _is_issued("OLD.report_id"),
    (CONTENT, "insert"): _is_issued("NEW.report_id"),
    (FILE, "update"): f"{_is_issued('OLD.report_id')} OR {_is_issued('NEW.report_id')}",
    (FILE, "delete"): _is_issued("OLD.report_id"),
    (FILE, "insert"): _is_issued("NEW.report_id"),
    (WITHDRAWAL, "update"): "1 = 1",
    (WITHDRAWAL, "delete"): "1 = 1",
    (WITHDRAWAL, "insert"): f"NOT {_is_issued('NEW.report_id')}",
}
# INSERT OR REPLACE deletes the row before it and fires no trigger of deletes.
REPLACED = {
    REPORT: "issued_at IS NOT NULL AND (id = NEW.id OR ref = NEW.ref)",
    FILE: f"id = NEW.id AND {_is_issued(f'{FILE}.report_id')}",
    WITHDRAWAL: "report_id = NEW.report_id",
}


def _name(table, verb):
    return f"issued_{table.removeprefix('reporting_')}_no_{verb}"


def _sqlite():
    for (table, verb), forbidden in FORBIDDEN.items():
        condition = forbidden
        if verb == "insert" and table in REPLACED:
            there = IS_THERE.substitute(table=table, condition=REPLACED[table])
            condition = f"{forbidden} OR {there}"
        yield (
            f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table}"
            f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def _postgresql():
    """A condition of a trigger may not ask another table: the function does."""
    for (table, verb), forbidden in FORBIDDEN.items():
        name, kept = _name(table, verb), "OLD" if verb == "delete" else "NEW"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {forbidden} THEN RAISE EXCEPTION '{REFUSED}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {kept}; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    yield (
        "CREATE FUNCTION issued_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{REFUSED}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in (REPORT, CONTENT, FILE, WITHDRAWAL):
        yield (
            f"CREATE TRIGGER {_name(table, 'truncate')} BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION issued_no_truncate()"
        )


def guard(apps, schema_editor):
    """Refuse every change of an issued report in the database itself."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]():
        schema_editor.execute(statement, params=None)


def release(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table, verb in FORBIDDEN:
        name = _name(table, verb)
        if is_sqlite:
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP FUNCTION {name}() CASCADE")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION issued_no_truncate() CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedReport",
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
                (
                    "ref",
                    models.CharField(
                        default=reporting.models.issued.report_ref,
                        max_length=40,
                        unique=True,
                        verbose_name="ref",
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        verbose_name="number of the period's reports"
                    ),
                ),
                (
                    "reason",
                    models.TextField(blank=True, verbose_name="why it supersedes"),
                ),
                (
                    "sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="checksum"
                    ),
                ),
                (
                    "given_away",
                    models.PositiveIntegerField(
                        default=0, verbose_name="small numbers given away"
                    ),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="reviewed"
                    ),
                ),
                (
                    "reviewed_sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="checksum reviewed"
                    ),
                ),
                (
                    "acceptance",
                    models.TextField(
                        blank=True, verbose_name="why small numbers may be given away"
                    ),
                ),
                (
                    "issued_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="issued"),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reporting.reportingperiod",
                        verbose_name="period",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="reporting.issuedreport",
                        verbose_name="supersedes",
                    ),
                ),
            ],
            options={
                "verbose_name": "report for the funder",
                "verbose_name_plural": "reports for the funder",
                "ordering": ["-period__starts_on", "-period__ends_on", "-number", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReportContent",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="reporting.issuedreport",
                    ),
                ),
                ("text", models.TextField(editable=False)),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum")),
            ],
            options={
                "verbose_name": "content of a report",
                "verbose_name_plural": "contents of reports",
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("workbook", "workbook (.xlsx)"),
                            ("summary", "summary (.pdf)"),
                            ("json", "all figures (.json)"),
                            ("csv", "all figures (.csv)"),
                            ("rows", "rows behind the figures (.csv.gz)"),
                            ("row_changes", "rows that changed (.csv)"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("leader", "project leaders"),
                            ("funder", "the funder"),
                        ],
                        max_length=6,
                        verbose_name="for",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("file", models.FileField(max_length=200, upload_to="issued/")),
                ("size", models.PositiveBigIntegerField(verbose_name="size")),
                (
                    "sha256",
                    models.CharField(
                        db_index=True, max_length=64, verbose_name="checksum"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="reporting.issuedreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a report",
                "verbose_name_plural": "files of reports",
                "ordering": ["report", "audience", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportQuestion",
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
                    "ref",
                    models.CharField(
                        default=reporting.models.reading_room.question_ref,
                        max_length=40,
                        unique=True,
                        verbose_name="ref",
                    ),
                ),
                ("table", models.CharField(max_length=60, verbose_name="table")),
                (
                    "row",
                    models.CharField(blank=True, max_length=200, verbose_name="row"),
                ),
                ("figure", models.CharField(max_length=60, verbose_name="figure")),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="reporting.issuedreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "question on a report",
                "verbose_name_plural": "questions on reports",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="QuestionPost",
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
                ("text", models.TextField(verbose_name="text")),
                (
                    "is_of_funder",
                    models.BooleanField(verbose_name="written by the funder"),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="written"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="reporting.reportquestion",
                        verbose_name="question",
                    ),
                ),
            ],
            options={
                "verbose_name": "post on a report",
                "verbose_name_plural": "posts on reports",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportSample",
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
                    "ref",
                    models.CharField(
                        default=reporting.models.reading_room.sample_ref,
                        max_length=40,
                        unique=True,
                        verbose_name="ref",
                    ),
                ),
                ("seed", models.CharField(max_length=40, verbose_name="seed")),
                ("size", models.PositiveSmallIntegerField(verbose_name="rows drawn")),
                (
                    "population",
                    models.PositiveIntegerField(verbose_name="certified rows"),
                ),
                ("rows", models.JSONField(default=list, editable=False)),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="made"
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="handed over"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed over by",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="reporting.issuedreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "sample for a spot check",
                "verbose_name_plural": "samples for spot checks",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportWithdrawal",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="reporting.issuedreport",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="withdrawn"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        max_length=500, verbose_name="why it is withdrawn"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal of a report",
                "verbose_name_plural": "withdrawals of reports",
            },
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at", None), ("failed_at", None), _connector="OR"
                ),
                name="issuedreport_finishes_or_fails",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("failed_at", None), ("issued_at", None)),
                fields=("period",),
                name="report_one_draft_per_period",
                violation_error_message="The period has a draft already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("issued_at__isnull", False)),
                fields=("period", "number"),
                name="report_issued_once_per_number",
                violation_error_message="Another report has been issued meanwhile.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("supersedes", None)),
                    models.Q(
                        ("number__gt", 1),
                        ("supersedes__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="report_supersedes_the_one_before",
                violation_error_message="Say why the report is issued anew.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_by", None),
                    models.Q(("reviewed_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="report_is_reviewed_by_another",
                violation_error_message="A second leader reviews: not the one who made the draft.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reviewed_at", None),
                        ("reviewed_by", None),
                        ("reviewed_sha256", ""),
                    ),
                    models.Q(
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                        ("finished_at__isnull", False),
                        models.Q(("reviewed_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="report_review_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_away", 0),
                    ("reviewed_at", None),
                    models.Q(("acceptance", ""), _negated=True),
                    _connector="OR",
                ),
                name="report_gives_away_what_was_accepted",
                violation_error_message="Say why the report may be issued although small numbers are given away.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issued_at", None), ("issued_by", None)),
                    models.Q(
                        ("issued_at__isnull", False),
                        ("issued_by__isnull", False),
                        ("reviewed_at__isnull", False),
                        ("reviewed_sha256", models.F("sha256")),
                    ),
                    _connector="OR",
                ),
                name="report_is_issued_as_reviewed",
                violation_error_message="Only what a second leader has reviewed is issued.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.UniqueConstraint(
                fields=("report", "kind", "audience"), name="report_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["workbook", "summary", "json", "csv", "rows", "row_changes"],
                    ),
                    ("audience__in", ["leader", "funder"]),
                ),
                name="report_file_is_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("audience", "leader"),
                    models.Q(("kind__in", ["rows", "row_changes"]), _negated=True),
                    _connector="OR",
                ),
                name="report_rows_are_for_leaders",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionpost",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="post_has_a_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsample",
            constraint=models.UniqueConstraint(
                fields=("report", "seed", "size"), name="sample_of_a_seed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("size__gt", 0), ("size__lte", models.F("population"))
                ),
                name="sample_is_of_its_rows",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="withdrawal_says_why",
            ),
        ),
        migrations.RunPython(guard, release, elidable=False),
    ]
