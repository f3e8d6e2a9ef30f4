from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON accounts_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """.format(verb=verb)
    for verb in ("update", "delete")
]
POSTGRESQL = [
    """
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are append-only'
        USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_entry_append_only
    BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
    """,
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER audit_entry_no_update",
        "DROP TRIGGER audit_entry_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER audit_entry_append_only ON accounts_auditentry",
        "DROP FUNCTION refuse_audit_change()",
    ],
}


def guard(apps, schema_editor):
    """Refuse update and delete of audit entries in the database itself."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(guard, release, elidable=False)]
