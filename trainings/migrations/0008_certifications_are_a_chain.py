"""Triggers guard what participants have certified, as those of the audit trail do."""

from string import Template

from django.db import migrations

REFUSED = "certifications are append-only"
TABLES = {
    "row": "trainings_certification",
    "content": "trainings_certificationcontent",
    "seal": "trainings_certificationseal",
}
# What an update may not do, by table. A seal is set once; erasing a person deletes
# the content; nothing else ever changes.
FORBIDDEN_UPDATE = {
    "row": "OLD.seal_id IS NOT NULL OR NEW.seal_id IS NULL OR NEW.id <> OLD.id"
    " OR NEW.attendance_id <> OLD.attendance_id OR NEW.digest <> OLD.digest",
    "content": "1 = 1",
    "seal": "1 = 1",
}
UNDELETABLE = ("row", "seal")
BORN_UNSEALED = "NEW.seal_id IS NOT NULL"
IS_THERE = Template("EXISTS (SELECT 1 FROM $table WHERE $key = NEW.$key)")
KEYS = {"row": "id", "content": "certification_id", "seal": "id"}


def _sqlite():
    for name, condition in FORBIDDEN_UPDATE.items():
        yield _sqlite_trigger(name, "update", condition)
    for name in UNDELETABLE:
        yield _sqlite_trigger(name, "delete", "1 = 1")
    # INSERT OR REPLACE deletes the row before it and fires no trigger of deletes.
    for name, key in KEYS.items():
        is_there = IS_THERE.substitute(table=TABLES[name], key=key)
        born_otherwise = f" OR {BORN_UNSEALED}" if name == "row" else ""
        yield _sqlite_trigger(name, "insert", is_there + born_otherwise)


def _sqlite_trigger(name, verb, condition):
    return (
        f"CREATE TRIGGER certification_{name}_no_{verb} BEFORE {verb}"
        f" ON {TABLES[name]} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _postgresql():
    yield (
        "CREATE FUNCTION refuse_certification_change() RETURNS trigger"
        f" LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, condition in FORBIDDEN_UPDATE.items():
        yield _postgresql_trigger(name, "update", f"FOR EACH ROW WHEN ({condition})")
    for name in UNDELETABLE:
        yield _postgresql_trigger(name, "delete", "FOR EACH ROW")
    for name in TABLES:
        yield _postgresql_trigger(name, "truncate", "FOR EACH STATEMENT")
    yield _postgresql_trigger("row", "insert", f"FOR EACH ROW WHEN ({BORN_UNSEALED})")


def _postgresql_trigger(name, verb, when):
    return (
        f"CREATE TRIGGER certification_{name}_no_{verb} BEFORE {verb}"
        f" ON {TABLES[name]} {when} EXECUTE FUNCTION refuse_certification_change()"
    )


def guard(apps, schema_editor):
    """Refuse every change of certifications but a seal and an erasure."""
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
        guarded += [(name, "truncate") for name in TABLES] + [("row", "insert")]
    for name, verb in guarded:
        table = "" if is_sqlite else f" ON {TABLES[name]}"
        schema_editor.execute(f"DROP TRIGGER certification_{name}_no_{verb}{table}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION refuse_certification_change()")


class Migration(migrations.Migration):
    dependencies = [("trainings", "0007_present_needs_begin_their_history")]

    operations = [migrations.RunPython(guard, release, elidable=False)]
