"""Links that are older than confirmed contacts are known to have come by letter."""

from importlib import import_module

import pytest
from django.apps import apps

from companies.models import PersonalLink
from companies.services.links import make_personal_link
from companies.tests.linking import anna, hr, link_by_letter

__all__ = ["anna", "hr"]
pytestmark = pytest.mark.django_db

migration = import_module("companies.migrations.0010_contacts_are_confirmed")


def test_what_somebody_made_came_by_letter_when_it_was_made(anna, hr):
    link_by_letter(anna, hr)
    make_personal_link(participant=anna, actor=None)
    PersonalLink.objects.update(sent_at=None)

    migration.note_letters(apps, None)

    letter, command = PersonalLink.objects.order_by("made_at")
    assert letter.sent_at == letter.made_at
    assert command.sent_at is None
