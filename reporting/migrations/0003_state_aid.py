import datetime as dt
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import reporting.models.state_aid
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

# Rows of their own, not constants: a leader closes them and adds the next ones.
TRAINING_AID = (
    (
        dt.date(2014, 7, 1),
        dt.date(2023, 6, 30),
        2_000_000,
        "(EU) nr 651/2014 art. 31.4 och 4.1 n, läst på gesetze.legal/eu/vo_eu_2014_651/31",
    ),
    (
        dt.date(2023, 7, 1),
        dt.date(2026, 12, 31),
        3_000_000,
        "(EU) nr 651/2014 ändrad genom (EU) 2023/1315. Taket är läst i kommissionens "
        "förslag: kontrollera det mot förordningen",
    ),
)
DE_MINIMIS = (
    (
        dt.date(2014, 1, 1),
        dt.date(2023, 12, 31),
        "(EU) nr 1407/2013",
        200_000,
        "fiscal",
        "(EU) nr 1407/2013 art. 3: innevarande och två föregående beskattningsår",
    ),
    (
        dt.date(2024, 1, 1),
        dt.date(2030, 12, 31),
        "(EU) 2023/2831",
        300_000,
        "rolling",
        "(EU) 2023/2831 art. 3, läst på gesetze.legal/eu/vo_eu_2023_2831/3",
    ),
)


def add_rules(apps, schema_editor):
    """Enter the rules that are known; what somebody has entered for a day stays."""
    training = apps.get_model("reporting", "TrainingAidRule")
    for valid_from, valid_until, ceiling, source in TRAINING_AID:
        row, is_new = training.objects.get_or_create(
            valid_from=valid_from,
            defaults={
                "valid_until": valid_until,
                "percent": 50,
                "medium_more": 10,
                "small_more": 20,
                "disadvantaged_more": 10,
                "most_percent": 70,
                "ceiling_euros": ceiling,
                "source": source,
            },
        )
        if is_new:
            begin_history(apps, row)
    de_minimis = apps.get_model("reporting", "DeMinimisRule")
    for valid_from, valid_until, name, euros, counting, source in DE_MINIMIS:
        row, is_new = de_minimis.objects.get_or_create(
            valid_from=valid_from,
            defaults={
                "valid_until": valid_until,
                "name": name,
                "euros": euros,
                "years": 3,
                "counting": counting,
                "source": source,
            },
        )
        if is_new:
            begin_history(apps, row)


def begin_history(apps, row):
    """Write the first record of a row: by nobody, with what it was entered as."""
    history = apps.get_model("reporting", f"Historical{row._meta.object_name}")
    fields = {field.attname for field in history._meta.concrete_fields}
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname in fields
    }
    history.objects.create(**values, history_date=row.created_at, history_type="+")


class Migration(migrations.Migration):
    dependencies = [
        ('reporting', '0002_targets'),
        ('companies', '0010_contacts_are_confirmed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AidGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('ref', models.CharField(default=reporting.models.state_aid.group_ref, max_length=40, unique=True, verbose_name='ref')),
                ('name', models.CharField(db_collation='swedish', max_length=200, unique=True, verbose_name='name')),
                ('fiscal_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='fiscal year begins in month')),
            ],
            options={
                'verbose_name': 'group of companies',
                'verbose_name_plural': 'groups of companies',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fiscal_month__gte', 1), ('fiscal_month__lte', 12)), name='aidgroup_fiscal_month_is_one', violation_error_message='A month is 1 to 12.')],
            },
        ),
        migrations.CreateModel(
            name='AidGroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='aid_membership', to='companies.company', verbose_name='company')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='reporting.aidgroup', verbose_name='group')),
            ],
            options={
                'verbose_name': 'company of a group',
                'verbose_name_plural': 'companies of groups',
                'ordering': ['company__name'],
            },
        ),
        migrations.CreateModel(
            name='DeMinimisRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Where it is written, and when read.', max_length=300, verbose_name='source')),
                ('name', models.CharField(max_length=40, verbose_name='regulation')),
                ('euros', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='ceiling, euros')),
                ('years', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='years')),
                ('counting', models.CharField(choices=[('rolling', 'rolling years, up to the day'), ('fiscal', 'fiscal years, the current and those before')], max_length=7, verbose_name='which years')),
            ],
            options={
                'verbose_name': 'rule of de minimis aid',
                'verbose_name_plural': 'rules of de minimis aid',
                'ordering': ['-valid_from'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='deminimisrule_ends_on_or_after_start', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='deminimisrule_has_a_source', violation_error_message='Say where it is written.'), models.UniqueConstraint(fields=('valid_from',), name='deminimisrule_once_from_a_day', violation_error_message='A rule begins on this day already.'), models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 10), ('euros__gt', 0)), name='deminimisrule_counts_some_years', violation_error_message='Years are 1 to 10, and the ceiling is more than zero.'), models.CheckConstraint(condition=models.Q(('counting__in', ['rolling', 'fiscal'])), name='deminimisrule_counting_is_known')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAidAward',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('ref', models.CharField(db_index=True, default=reporting.models.state_aid.award_ref, max_length=40, verbose_name='ref')),
                ('granted_on', models.DateField(verbose_name='granted on')),
                ('euros', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='euros')),
                ('authority', models.CharField(max_length=200, verbose_name='granted by')),
                ('origin', models.CharField(choices=[('own', 'granted in this programme'), ('other', 'granted by somebody else')], max_length=5, verbose_name='whose aid')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='entered')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('group', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reporting.aidgroup', verbose_name='group')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reporting.deminimisrule', verbose_name='regulation')),
            ],
            options={
                'verbose_name': 'historical award of de minimis aid',
                'verbose_name_plural': 'historical awards of de minimis aid',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAidGroup',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('ref', models.CharField(db_index=True, default=reporting.models.state_aid.group_ref, max_length=40, verbose_name='ref')),
                ('name', models.CharField(db_index=True, max_length=200, verbose_name='name')),
                ('fiscal_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='fiscal year begins in month')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical group of companies',
                'verbose_name_plural': 'historical groups of companies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAidGroupMember',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('group', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reporting.aidgroup', verbose_name='group')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical company of a group',
                'verbose_name_plural': 'historical companies of groups',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalDeMinimisRule',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Where it is written, and when read.', max_length=300, verbose_name='source')),
                ('name', models.CharField(max_length=40, verbose_name='regulation')),
                ('euros', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='ceiling, euros')),
                ('years', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='years')),
                ('counting', models.CharField(choices=[('rolling', 'rolling years, up to the day'), ('fiscal', 'fiscal years, the current and those before')], max_length=7, verbose_name='which years')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical rule of de minimis aid',
                'verbose_name_plural': 'historical rules of de minimis aid',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEligibleCost',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('booked_on', models.DateField(verbose_name='booked on')),
                ('kind', models.CharField(choices=[('trainers', "trainers' time"), ('operating', 'travel, material and tools'), ('advice', 'advice linked to the training'), ('trainees', 'general indirect costs of the hours')], max_length=9, verbose_name='kind')),
                ('kronor', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='kronor')),
                ('source', models.CharField(help_text='Such as the number of a voucher.', max_length=300, verbose_name='source')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical eligible cost',
                'verbose_name_plural': 'historical eligible costs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTrainingAidRule',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Where it is written, and when read.', max_length=300, verbose_name='source')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='most, percent')),
                ('medium_more', models.PositiveSmallIntegerField(verbose_name='more for medium, points')),
                ('small_more', models.PositiveSmallIntegerField(verbose_name='more for small, points')),
                ('disadvantaged_more', models.PositiveSmallIntegerField(verbose_name='more for workers with disabilities or disadvantaged workers, points')),
                ('most_percent', models.PositiveSmallIntegerField(verbose_name='never more than, percent')),
                ('ceiling_euros', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='ceiling for a project, euros')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical rule of training aid',
                'verbose_name_plural': 'historical rules of training aid',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalUnitCost',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Where it is written, and when read.', max_length=300, verbose_name='source')),
                ('occupation', models.CharField(blank=True, help_text='The first one to four digits. Empty for every other occupation.', max_length=4, validators=[django.core.validators.RegexValidator('^\\d{1,4}$', 'One to four digits, such as 72.')], verbose_name='occupational group (SSYK)')),
                ('county', models.CharField(blank=True, help_text='01 is Stockholm. Empty for the rest of the country.', max_length=2, validators=[django.core.validators.RegexValidator('^\\d{2}$', 'Two digits, such as 01.')], verbose_name='county code')),
                ('kronor', models.DecimalField(decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='kronor an hour')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical unit cost',
                'verbose_name_plural': 'historical unit costs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TrainingAidRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Where it is written, and when read.', max_length=300, verbose_name='source')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='most, percent')),
                ('medium_more', models.PositiveSmallIntegerField(verbose_name='more for medium, points')),
                ('small_more', models.PositiveSmallIntegerField(verbose_name='more for small, points')),
                ('disadvantaged_more', models.PositiveSmallIntegerField(verbose_name='more for workers with disabilities or disadvantaged workers, points')),
                ('most_percent', models.PositiveSmallIntegerField(verbose_name='never more than, percent')),
                ('ceiling_euros', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='ceiling for a project, euros')),
            ],
            options={
                'verbose_name': 'rule of training aid',
                'verbose_name_plural': 'rules of training aid',
                'ordering': ['-valid_from'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='trainingaidrule_ends_on_or_after_start', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='trainingaidrule_has_a_source', violation_error_message='Say where it is written.'), models.UniqueConstraint(fields=('valid_from',), name='trainingaidrule_once_from_a_day', violation_error_message='A rule begins on this day already.'), models.CheckConstraint(condition=models.Q(('percent__lte', models.F('most_percent')), ('most_percent__lte', 100)), name='trainingaidrule_is_at_most_the_whole', violation_error_message='The percent is at most the highest one, and that at most 100.')],
            },
        ),
        migrations.CreateModel(
            name='UnitCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Where it is written, and when read.', max_length=300, verbose_name='source')),
                ('occupation', models.CharField(blank=True, help_text='The first one to four digits. Empty for every other occupation.', max_length=4, validators=[django.core.validators.RegexValidator('^\\d{1,4}$', 'One to four digits, such as 72.')], verbose_name='occupational group (SSYK)')),
                ('county', models.CharField(blank=True, help_text='01 is Stockholm. Empty for the rest of the country.', max_length=2, validators=[django.core.validators.RegexValidator('^\\d{2}$', 'Two digits, such as 01.')], verbose_name='county code')),
                ('kronor', models.DecimalField(decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='kronor an hour')),
            ],
            options={
                'verbose_name': 'unit cost',
                'verbose_name_plural': 'unit costs',
                'ordering': ['occupation', 'county', '-valid_from'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='unitcost_ends_on_or_after_start', violation_error_message='The last day is before the first.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='unitcost_has_a_source', violation_error_message='Say where it is written.'), models.UniqueConstraint(fields=('occupation', 'county', 'valid_from'), name='unitcost_once_from_a_day', violation_error_message='This occupational group and region have a unit cost from this day.'), models.CheckConstraint(condition=models.Q(('kronor__gt', 0)), name='unitcost_is_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='AidDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=reporting.models.state_aid.declaration_ref, max_length=40, unique=True, verbose_name='ref')),
                ('signed_on', models.DateField(verbose_name='signed on')),
                ('file', models.FileField(blank=True, upload_to='declarations/')),
                ('sealed_key', models.BinaryField(null=True)),
                ('media_type', models.CharField(max_length=20, verbose_name='kind of file')),
                ('pages', models.PositiveSmallIntegerField(verbose_name='pages')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64, verbose_name='checksum')),
                ('attached_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='attached')),
                ('removed_at', models.DateTimeField(null=True, verbose_name='removed')),
                ('attached_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='attached by')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.company', verbose_name='company')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='reporting.aidgroup', verbose_name='group')),
            ],
            options={
                'verbose_name': 'declaration of de minimis aid',
                'verbose_name_plural': 'declarations of de minimis aid',
                'ordering': ['-signed_on', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('group', 'sha256'), name='declaration_of_a_file_once')],
            },
        ),
        migrations.CreateModel(
            name='AidAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('ref', models.CharField(default=reporting.models.state_aid.award_ref, max_length=40, unique=True, verbose_name='ref')),
                ('granted_on', models.DateField(verbose_name='granted on')),
                ('euros', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='euros')),
                ('authority', models.CharField(max_length=200, verbose_name='granted by')),
                ('origin', models.CharField(choices=[('own', 'granted in this programme'), ('other', 'granted by somebody else')], max_length=5, verbose_name='whose aid')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='entered')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='reporting.aidgroup', verbose_name='group')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.deminimisrule', verbose_name='regulation')),
            ],
            options={
                'verbose_name': 'award of de minimis aid',
                'verbose_name_plural': 'awards of de minimis aid',
                'ordering': ['-granted_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('euros__gt', 0)), name='aidaward_is_above_zero', violation_error_message='Aid is more than zero.'), models.CheckConstraint(condition=models.Q(('origin__in', ['own', 'other'])), name='aidaward_origin_is_known'), models.CheckConstraint(condition=models.Q(('authority', ''), _negated=True), name='aidaward_says_who_granted_it', violation_error_message='Say who granted the aid.')],
            },
        ),
        migrations.CreateModel(
            name='EligibleCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('booked_on', models.DateField(verbose_name='booked on')),
                ('kind', models.CharField(choices=[('trainers', "trainers' time"), ('operating', 'travel, material and tools'), ('advice', 'advice linked to the training'), ('trainees', 'general indirect costs of the hours')], max_length=9, verbose_name='kind')),
                ('kronor', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='kronor')),
                ('source', models.CharField(help_text='Such as the number of a voucher.', max_length=300, verbose_name='source')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.company', verbose_name='company')),
            ],
            options={
                'verbose_name': 'eligible cost',
                'verbose_name_plural': 'eligible costs',
                'ordering': ['-booked_on', 'company'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kronor__gt', 0)), name='eligiblecost_is_above_zero'), models.CheckConstraint(condition=models.Q(('kind__in', ['trainers', 'operating', 'advice', 'trainees'])), name='eligiblecost_kind_is_known')],
            },
        ),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
