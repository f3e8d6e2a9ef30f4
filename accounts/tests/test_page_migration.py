"""Pages that are older than drafts stay shown; without drafts readers see the same."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import EditablePage
from accounts.tests.pages import COOKIES, PRIVACY, save

pytestmark = pytest.mark.django_db

migration = import_module("accounts.migrations.0008_present_pages_are_published")
SAVED = dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC)


def test_what_was_saved_before_was_published_when_it_was_saved():
    save("Ett")
    for rows in (EditablePage.objects, EditablePage.history):
        rows.update(edited_at=SAVED)

    migration.publish(apps, None)

    assert EditablePage.objects.get().published_at == SAVED
    assert EditablePage.history.get().published_at == SAVED


def test_back_again_a_draft_gives_way_to_what_readers_were_shown():
    one = save("Ett")
    two = save("Två", seen=one.edited_at)
    save("Utkast", seen=two.edited_at, is_draft=True)
    save("Aldrig visat", name=COOKIES, is_draft=True)

    migration.forget_drafts(apps, None)

    page = EditablePage.objects.get()
    assert (page.name, page.body, page.edited_at) == (PRIVACY, "Två", two.edited_at)
    assert page.edited_by == two.edited_by
