import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

import accounts.models.invitation


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_audit_in_a_chain")]

    operations = [
        migrations.CreateModel(
            name='EditablePage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('accessibility', 'Accessibility statement'), ('privacy', 'How personal data are handled'), ('cookies', 'About the cookies')], max_length=20, verbose_name='page')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('sv-easy', 'easy Swedish'), ('en', 'English')], max_length=8, verbose_name='language')),
                ('body', models.TextField(max_length=50000, verbose_name='text')),
                ('edited_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last changed')),
            ],
            options={
                'verbose_name': 'page',
                'verbose_name_plural': 'pages',
                'ordering': ['name', 'language'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalEditablePage',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(choices=[('accessibility', 'Accessibility statement'), ('privacy', 'How personal data are handled'), ('cookies', 'About the cookies')], max_length=20, verbose_name='page')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('sv-easy', 'easy Swedish'), ('en', 'English')], max_length=8, verbose_name='language')),
                ('body', models.TextField(max_length=50000, verbose_name='text')),
                ('edited_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last changed')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical page',
                'verbose_name_plural': 'historical pages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('ref', models.CharField(default=accounts.models.invitation.invitation_ref, max_length=40, unique=True, verbose_name='ref')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('role', models.CharField(choices=[('leader', 'Project leader'), ('funder', 'Funder'), ('hr', 'Company HR'), ('supplier', 'Supplier')], max_length=8, verbose_name='role')),
                ('place', models.CharField(blank=True, max_length=40, verbose_name='company or provider')),
                ('language', models.CharField(choices=[('sv', 'Swedish'), ('en', 'English')], default='sv', max_length=2, verbose_name='language')),
                ('link_digest', models.CharField(editable=False, max_length=64)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last sent')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-sent_at'],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('recipient', models.EmailField(blank=True, max_length=254, verbose_name='to')),
                ('language', models.CharField(max_length=7, verbose_name='language')),
                ('sealed', models.BinaryField(null=True)),
                ('person_ref', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='queued')),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('fence', models.PositiveIntegerField(default=0, editable=False)),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='given up')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled')),
                ('failure', models.TextField(blank=True, verbose_name='why it failed')),
            ],
            options={
                'verbose_name': 'outgoing message',
                'verbose_name_plural': 'outgoing messages',
                'ordering': ['-queued_at'],
            },
        ),
        migrations.AddField(
            model_name='editablepage',
            name='edited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='historicaleditablepage',
            name='edited_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='historicaleditablepage',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitation',
            name='accepted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('failed_at', None), ('sent_at', None)), fields=['not_before'], name='outbox_waiting'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sealed', None), _negated=True), models.Q(('sent_at', None), _negated=True), models.Q(('failed_at', None), _negated=True), models.Q(('cancelled_at', None), _negated=True), _connector='OR'), name='outbox_waiting_message_has_content'),
        ),
        migrations.AddConstraint(
            model_name='editablepage',
            constraint=models.UniqueConstraint(fields=('name', 'language'), name='page_once_in_a_language'),
        ),
        migrations.AddConstraint(
            model_name='editablepage',
            constraint=models.CheckConstraint(condition=models.Q(('name__in', ['accessibility', 'privacy', 'cookies'])), name='page_name_is_known'),
        ),
        migrations.AddConstraint(
            model_name='editablepage',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['sv', 'sv-easy', 'en'])), name='page_language_is_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['leader', 'funder', 'hr', 'supplier'])), name='invitation_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None), _connector='OR'), name='invitation_ends_once', violation_error_message='It is accepted or revoked, not both.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None)), fields=('email', 'role', 'place'), name='invitation_once_at_a_time', violation_error_message='This address has an open invitation.'),
        ),
    ]
