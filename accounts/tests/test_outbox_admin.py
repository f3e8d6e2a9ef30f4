"""The outbox in the admin."""

import pytest
from django.urls import reverse

from accounts.enums import LetterState
from accounts.models import AuditEntry
from accounts.services.outbox import send
from accounts.tests.factories import make_leader
from accounts.tests.letters import REFUSING, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_admin_lists_letters_with_state_and_reason(admin_client, settings):
    settings.EMAIL_BACKEND = REFUSING
    send(post().pk)
    admin_client.force_login(make_leader())

    page = admin_client.get(reverse("admin:accounts_outboxmessage_changelist"))

    content = page.content.decode()
    assert "waits for another try" in content
    assert "The last try failed: SMTPRecipientsRefused 550" in content
    assert "anna@example.org" in content


def test_the_admin_tells_the_folder_only_where_letters_are_files(
    admin_client, settings
):
    admin_client.force_login(make_leader())
    address = reverse("admin:accounts_outboxmessage_changelist")
    assert "Letters are written to this folder" not in (
        admin_client.get(address).content.decode()
    )

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = "/srv/portal/mail"

    assert "<code>/srv/portal/mail</code>" in admin_client.get(address).content.decode()


@pytest.mark.parametrize("action", ["try_again", "cancel"])
def test_the_admin_tries_again_and_cancels(admin_client, action):
    letter = post()
    admin_client.force_login(make_leader())
    form = {"action": action, "_selected_action": [str(letter.pk)]}

    admin_client.post(reverse("admin:accounts_outboxmessage_changelist"), form)

    letter.refresh_from_db()
    is_cancelled = action == "cancel"
    assert (letter.state == LetterState.CANCELLED) is is_cancelled
    done = (
        "accounts.letter_cancelled" if is_cancelled else "accounts.letter_tried_again"
    )
    assert AuditEntry.objects.filter(action=done).count() == 1
