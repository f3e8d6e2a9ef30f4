from django.contrib.postgres.operations import CreateCollation
from django.db import migrations


class Migration(migrations.Migration):
    """The order å, ä, ö on PostgreSQL; `core.sqlite` brings it on SQLite."""

    operations = [CreateCollation("swedish", provider="icu", locale="sv-SE")]
