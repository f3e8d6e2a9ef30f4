import django.db.models.deletion
import django.utils.timezone
import reporting.models.targets
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('reporting', '0001_initial'),
        ('companies', '0010_contacts_are_confirmed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalTarget',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('figure', models.CharField(choices=[('persons', 'participants'), ('hours', 'hours'), ('women_share', "women's share of the participants"), ('in_time', 'adaptations arranged in time')], max_length=12, verbose_name='figure')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('ref', models.CharField(db_index=True, default=reporting.models.targets.target_ref, max_length=40, verbose_name='ref')),
                ('value', models.PositiveIntegerField(verbose_name='target')),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='set')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
            ],
            options={
                'verbose_name': 'historical target',
                'verbose_name_plural': 'historical targets',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('figure', models.CharField(choices=[('persons', 'participants'), ('hours', 'hours'), ('women_share', "women's share of the participants"), ('in_time', 'adaptations arranged in time')], max_length=12, verbose_name='figure')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('ref', models.CharField(default=reporting.models.targets.target_ref, max_length=40, unique=True, verbose_name='ref')),
                ('value', models.PositiveIntegerField(verbose_name='target')),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='set')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.company', verbose_name='company')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
            ],
            options={
                'verbose_name': 'target',
                'verbose_name_plural': 'targets',
                'ordering': ['starts_on', 'ends_on', 'figure', models.OrderBy(models.F('company__name'), nulls_first=True)],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('company__isnull', False)), fields=('figure', 'company', 'starts_on', 'ends_on'), name='target_once_for_a_company', violation_error_message='The company has a target for this figure and these days already.'), models.UniqueConstraint(condition=models.Q(('company', None)), fields=('figure', 'starts_on', 'ends_on'), name='target_once_for_all', violation_error_message='The programme has a target for this figure and these days already.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='target_ends_on_or_after_start', violation_error_message='A period cannot end before it starts.'), models.CheckConstraint(condition=models.Q(('figure__in', ['persons', 'hours', 'women_share', 'in_time'])), name='target_figure_is_known'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='target_is_above_zero', violation_error_message='A target is more than zero.'), models.CheckConstraint(condition=models.Q(models.Q(('figure__in', ['women_share', 'in_time']), _negated=True), ('value__lte', 1000), _connector='OR'), name='target_share_is_at_most_the_whole', violation_error_message='A share is at most 100 percent.')],
            },
        ),
        migrations.CreateModel(
            name='TargetReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.CharField(choices=[('persons', 'participants'), ('hours', 'hours'), ('women_share', "women's share of the participants"), ('in_time', 'adaptations arranged in time')], max_length=12, verbose_name='figure')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('part', models.PositiveBigIntegerField(null=True, verbose_name='part')),
                ('whole', models.PositiveBigIntegerField(default=1, verbose_name='whole')),
                ('through', models.DateField(verbose_name='counted to and including')),
                ('read_at', models.DateTimeField(verbose_name='counted')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.company', verbose_name='company')),
            ],
            options={
                'verbose_name': 'reading of a target',
                'verbose_name_plural': 'readings of targets',
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('company__isnull', False)), fields=('figure', 'company', 'starts_on', 'ends_on'), name='targetreading_once_for_a_company', violation_error_message='The company has a target for this figure and these days already.'), models.UniqueConstraint(condition=models.Q(('company', None)), fields=('figure', 'starts_on', 'ends_on'), name='targetreading_once_for_all', violation_error_message='The programme has a target for this figure and these days already.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='targetreading_ends_on_or_after_start', violation_error_message='A period cannot end before it starts.'), models.CheckConstraint(condition=models.Q(('figure__in', ['persons', 'hours', 'women_share', 'in_time'])), name='targetreading_figure_is_known'), models.CheckConstraint(condition=models.Q(('whole__gt', 0)), name='targetreading_has_a_whole')],
            },
        ),
    ]
