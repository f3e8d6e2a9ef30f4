"""Rows that are older than their history get a first record, to compare with."""

from django.db import migrations
from django.utils import timezone

KINDS = ("Course", "Occasion", "Session")
REASON = "history begins"


def begin(apps, schema_editor):
    """Write each row down as it is now."""
    for kind in KINDS:
        model = apps.get_model("trainings", kind)
        record = apps.get_model("trainings", f"Historical{kind}")
        names = [field.attname for field in model._meta.concrete_fields]
        record.objects.bulk_create(
            record(
                **row,
                history_date=timezone.now(),
                history_type="+",
                history_change_reason=REASON,
            )
            for row in model.objects.values(*names)
        )


def forget(apps, schema_editor):
    for kind in KINDS:
        records = apps.get_model("trainings", f"Historical{kind}").objects
        records.filter(history_change_reason=REASON).delete()


class Migration(migrations.Migration):
    dependencies = [("trainings", "0004_plans_have_history")]

    operations = [migrations.RunPython(begin, forget, elidable=False)]
