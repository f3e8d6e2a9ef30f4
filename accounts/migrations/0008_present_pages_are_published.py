"""Pages that are older than drafts were shown from the moment they were saved."""

from django.db import migrations
from django.db.models import F

KEPT = ("body", "edited_at", "edited_by_id", "published_at")


def publish(apps, schema_editor):
    """Say of every text that it was published when it was saved."""
    for kind in ("EditablePage", "HistoricalEditablePage"):
        rows = apps.get_model("accounts", kind).objects
        rows.update(published_at=F("edited_at"))


def forget_drafts(apps, schema_editor):
    """Put what readers are shown back into the row: without drafts they see the row."""
    versions = apps.get_model("accounts", "HistoricalEditablePage").objects
    for page in apps.get_model("accounts", "EditablePage").objects.filter(
        published_at=None
    ):
        published = versions.filter(id=page.id).exclude(published_at=None)
        shown = published.order_by("-history_id").values(*KEPT).first()
        if shown is None:
            page.delete()
            continue
        for name, value in shown.items():
            setattr(page, name, value)
        page.save()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_pages_have_drafts")]

    operations = [migrations.RunPython(publish, forget_drafts, elidable=False)]
