"""The chained row keeps only its digest; triggers guard the new shape."""

from string import Template

from django.db import migrations, models

REFUSED = "the audit trail is append-only"
TABLES = {
    "entry": "accounts_auditentry",
    "payload": "accounts_auditpayload",
    "mention": "accounts_auditmention",
    "seal": "accounts_auditseal",
}
# What an update may not do, by table. A seal is set once; erasing a person blanks
# the mention and deletes the payload; nothing else ever changes.
FORBIDDEN_UPDATE = {
    "entry": "OLD.seal_id IS NOT NULL OR NEW.seal_id IS NULL OR NEW.id <> OLD.id"
    " OR NEW.action <> OLD.action OR NEW.digest <> OLD.digest",
    "payload": "1 = 1",
    "mention": "NEW.ref <> '' OR NEW.salt IS NOT NULL OR NEW.id <> OLD.id"
    " OR NEW.entry_id <> OLD.entry_id OR NEW.commitment <> OLD.commitment",
    "seal": "1 = 1",
}
UNDELETABLE = ("entry", "mention", "seal")
BORN_UNSEALED = "NEW.seal_id IS NOT NULL"
IS_THERE = Template("EXISTS (SELECT 1 FROM $table WHERE $key = NEW.$key)")
KEYS = {"entry": "id", "payload": "entry_id", "mention": "id", "seal": "id"}


def _sqlite():
    for name, condition in FORBIDDEN_UPDATE.items():
        yield _sqlite_trigger(name, "update", condition)
    for name in UNDELETABLE:
        yield _sqlite_trigger(name, "delete", "1 = 1")
    # INSERT OR REPLACE deletes the row before it and fires no trigger of deletes.
    for name, key in KEYS.items():
        is_there = IS_THERE.substitute(table=TABLES[name], key=key)
        born_otherwise = f" OR {BORN_UNSEALED}" if name == "entry" else ""
        yield _sqlite_trigger(name, "insert", is_there + born_otherwise)


def _sqlite_trigger(name, verb, condition):
    return (
        f"CREATE TRIGGER audit_{name}_no_{verb} BEFORE {verb} ON {TABLES[name]}"
        f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _postgresql():
    yield (
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{REFUSED}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, condition in FORBIDDEN_UPDATE.items():
        yield _postgresql_trigger(name, "update", f"FOR EACH ROW WHEN ({condition})")
    for name in UNDELETABLE:
        yield _postgresql_trigger(name, "delete", "FOR EACH ROW")
    for name in TABLES:
        yield _postgresql_trigger(name, "truncate", "FOR EACH STATEMENT")
    yield _postgresql_trigger("entry", "insert", f"FOR EACH ROW WHEN ({BORN_UNSEALED})")


def _postgresql_trigger(name, verb, when):
    return (
        f"CREATE TRIGGER audit_{name}_no_{verb} BEFORE {verb} ON {TABLES[name]} {when}"
        " EXECUTE FUNCTION refuse_audit_change()"
    )


def guard(apps, schema_editor):
    """Refuse every change of the trail but a seal and an erasure."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]():
        schema_editor.execute(statement)


def release(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    guarded = [(name, "update") for name in FORBIDDEN_UPDATE]
    guarded += [(name, "delete") for name in UNDELETABLE]
    if is_sqlite:
        guarded += [(name, "insert") for name in KEYS]
    else:
        guarded += [(name, "truncate") for name in TABLES] + [("entry", "insert")]
    for name, verb in guarded:
        table = "" if is_sqlite else f" ON {TABLES[name]}"
        schema_editor.execute(f"DROP TRIGGER audit_{name}_no_{verb}{table}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION refuse_audit_change()")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_copy_audit_beside_its_digest")]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "ordering": ["-pk"],
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.RemoveIndex(
            model_name="auditentry", name="accounts_au_subject_6c5f0c_idx"
        ),
        *(
            migrations.RemoveField(model_name="auditentry", name=name)
            for name in ("actor", "at", "facts", "subject_ref", "subject_type")
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(max_length=60, verbose_name="what"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="digest",
            field=models.BinaryField(max_length=32),
        ),
        *(
            migrations.AddIndex(model_name="auditentry", index=index)
            for index in (
                models.Index(fields=["action", "id"], name="audit_entry_by_action"),
                models.Index(fields=["seal", "id"], name="audit_entry_by_seal"),
                models.Index(
                    condition=models.Q(("seal", None)),
                    fields=["id"],
                    name="audit_entry_unsealed",
                ),
            )
        ),
        migrations.RunPython(guard, release, elidable=False),
    ]
