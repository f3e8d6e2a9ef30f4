import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trainings", "0008_certifications_are_a_chain")]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invitation', 'invitation to a training'), ('confirmed', 'a place on a training'), ('waiting', 'a place in the waiting line'), ('offered', 'the offer of a place'), ('changed', 'changed times'), ('cancelled', 'a cancelled training'), ('withdrawn', 'a place that was taken back'), ('reminder', 'a reminder before the training'), ('certify', 'hours to certify'), ('absent', 'recorded as absent'), ('certificate', 'a new certificate')], max_length=11, verbose_name='kind')),
                ('session_ref', models.CharField(blank=True, max_length=40, verbose_name='session')),
                ('was_starts_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('was_ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('occurrence', models.CharField(blank=True, editable=False, max_length=40)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                ('letter', models.UUIDField(blank=True, editable=False, null=True)),
                ('dropped', models.CharField(blank=True, choices=[('replaced', 'newer news took its place'), ('over', 'it was over before it was told'), ('chosen', 'the participant has chosen to get fewer letters'), ('no_address', 'there is no e-mail address'), ('shared', 'somebody else uses the e-mail address, too'), ('protected', 'nothing is sent under a protected identity'), ('restricted', "the person's data are restricted"), ('gone', "the row is no person's any more")], max_length=10, verbose_name='why not told')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='trainings.enrolment', verbose_name='enrolment')),
            ],
            options={
                'verbose_name': 'news to a participant',
                'verbose_name_plural': 'news to participants',
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('dropped', ''), ('told_at', None)), fields=['made_at'], name='notice_untold')],
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'kind', 'session_ref', 'occurrence'), name='notice_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['invitation', 'confirmed', 'waiting', 'offered', 'changed', 'cancelled', 'withdrawn', 'reminder', 'certify', 'absent', 'certificate'])), name='notice_kind_is_known'), models.CheckConstraint(condition=models.Q(('dropped__in', ['replaced', 'over', 'chosen', 'no_address', 'shared', 'protected', 'restricted', 'gone', ''])), name='notice_dropped_is_known'), models.CheckConstraint(condition=models.Q(('dropped', ''), models.Q(('letter', None), ('told_at', None)), _connector='OR'), name='notice_is_told_or_dropped')],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('all', 'All news about my training'), ('answer', 'Only what needs my answer, and changes of time or place'), ('changes', 'Only changes of time or place')], max_length=7, verbose_name='which letters')),
                ('language', models.CharField(blank=True, max_length=7, verbose_name='language of the letters')),
                ('chosen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='chosen')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_choices', to='companies.participant', verbose_name='participant')),
            ],
            options={
                'verbose_name': 'choice of letters',
                'verbose_name_plural': 'choices of letters',
                'ordering': ['-chosen_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['all', 'answer', 'changes'])), name='notice_choice_level_is_known')],
            },
        ),
    ]
