"""Needs that are older than their history get a first record, to compare with."""

from django.db import migrations
from django.utils import timezone

REASON = "history begins"


def begin(apps, schema_editor):
    """Write each need down as it is now."""
    need = apps.get_model("trainings", "Need")
    record = apps.get_model("trainings", "HistoricalNeed")
    names = [field.attname for field in need._meta.concrete_fields]
    record.objects.bulk_create(
        record(
            **row,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason=REASON,
        )
        for row in need.objects.values(*names)
    )


def forget(apps, schema_editor):
    records = apps.get_model("trainings", "HistoricalNeed").objects
    records.filter(history_change_reason=REASON).delete()


class Migration(migrations.Migration):
    dependencies = [("trainings", "0006_trainings_from_need_to_certified_hour")]

    operations = [migrations.RunPython(begin, forget, elidable=False)]
