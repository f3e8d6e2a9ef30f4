from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0004_rights_of_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrow',
            name='person_key_next',
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
