"""Make the keys of people anew: what is hashed says of which kind it is.

A personal number is hashed as `pnr`, NUL and the number, the ref of a row as `ref`,
NUL and the ref; before, the kinds were `person` and `participant`. Participants, their
history and the rows of uploaded lists get the keys that their own number or ref gives,
so whoever was one person stays one. A key that neither gives (of an erased row, or
where the number cannot be read any more) stays as it is. No history is written.

Where there are people, the database also learns, by a fingerprint, that their keys
are made under PERSON_KEY_SECRET. A second key, of a change of that secret which is under
way, is not touched: give the change up before.
"""

import base64
import hmac
import json
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations

from core.crypto import UnreadableError, decrypt

OLD, NEW = ("person", "participant"), ("pnr", "ref")  # Of a number, of a row.
BATCH = 1000


def hash_under_new_labels(apps, schema_editor):
    secret = secret_in_force(apps)
    rekey(apps, schema_editor.connection, secret, OLD, NEW)
    if apps.get_model("companies", "Participant").objects.exists():
        in_force = apps.get_model("companies", "PersonKeysInForce").objects
        in_force.get_or_create(pk=1, defaults={"current": fingerprint(secret)})


def hash_under_old_labels(apps, schema_editor):
    """Make the keys as they were before; the fingerprint stays."""
    rekey(apps, schema_editor.connection, secret_in_force(apps), NEW, OLD)


def secret_in_force(apps):
    row = apps.get_model("companies", "PersonKeysInForce").objects.first()
    for text in (settings.PERSON_KEY_SECRET, settings.PERSON_KEY_SECRET_NEXT):
        secret = base64.b64decode(text)
        if row is None or row.current == fingerprint(secret):
            return secret
    raise ImproperlyConfigured(
        "PERSON_KEY_SECRET is not the secret that this database was made with"
    )


def fingerprint(secret):
    return digest(secret, "fingerprint", "").hex()[:16]


def rekey(apps, connection, secret, old, new):
    for name, columns in {
        "Participant": ("ref", "encrypted_number"),
        "HistoricalParticipant": ("ref", "encrypted_number"),
        "ImportRow": ("batch_id", "sealed"),
    }.items():
        model = apps.get_model("companies", name)
        rows = model.objects.order_by("pk").exclude(person_key=None)
        rows = rows.values_list("pk", "person_key", *columns)
        number_of = number_in_list if name == "ImportRow" else read
        batch = list(rows[:BATCH])
        while batch:
            fresh = [
                (
                    fresh_key(secret, key, ref, old[1], new[1])
                    or fresh_key(secret, key, number_of(sealed), old[0], new[0]),
                    pk,
                )
                for pk, key, ref, sealed in batch
            ]
            put(connection, model, [(key, pk) for key, pk in fresh if key])
            batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def fresh_key(secret, key, text, old, new):
    """Return the key of the text under the new label, if it has that of the old."""
    if key == key_of(secret, old, text):
        return key_of(secret, new, text)
    return None


def read(sealed):
    try:
        return decrypt(bytes(sealed)) if sealed else ""
    except UnreadableError:
        return ""


def number_in_list(sealed):
    text = read(sealed)
    return json.loads(text)["values"].get("personal_number", "") if text else ""


def key_of(secret, label, text):
    return UUID(bytes=digest(secret, label, text)[:16])


def digest(secret, label, text):
    return hmac.digest(secret, f"{label}\0{text}".encode(), "sha256")


def put(connection, model, keys):
    field, pk = model._meta.get_field("person_key"), model._meta.pk
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s"
            f" WHERE {quote(pk.column)} = %s",
            [(field.get_db_prep_save(key, connection), place) for key, place in keys],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0005_upload_rows_have_a_next_key'),
    ]

    operations = [
        migrations.RunPython(hash_under_new_labels, hash_under_old_labels),
    ]
