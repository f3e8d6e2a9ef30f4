import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_invitations_outbox_pages")]

    operations = [
        migrations.AddField(
            model_name='editablepage',
            name='published_at',
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='published'),
        ),
        migrations.AddField(
            model_name='historicaleditablepage',
            name='published_at',
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='published'),
        ),
    ]
