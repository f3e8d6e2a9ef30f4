"""The admin as a project leader uses it: pages, forms and what they leave behind."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader

OK, MOVED, BAD, FORBIDDEN, NOT_FOUND = 200, 302, 400, 403, 404


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def leader(client):
    """A project leader, signed in."""
    leader = make_leader()
    client.force_login(leader)
    return leader


def may_see_protected(user):
    """Give the named right."""
    user.user_permissions.add(
        Permission.objects.get(codename="view_protected_identities")
    )
    return user


def page(row, name="change", *more):
    """Return the address of a row's page."""
    model = row._meta
    address = f"admin:{model.app_label}_{model.model_name}_{name}"
    return reverse(address, args=[row.pk, *more])


def filled(form):
    """Return what a browser would post of an untouched form."""
    return dict(part for bound in form for part in _parts(bound))


def _parts(bound):
    value = bound.value()
    widget = bound.field.widget
    if hasattr(widget, "decompress"):
        for suffix, part in zip(
            widget.widgets_names, widget.decompress(bound.initial), strict=True
        ):
            yield f"{bound.html_name}{suffix}", "" if part is None else str(part)
    elif value is None or value is False:
        return
    else:
        yield bound.html_name, value if isinstance(value, list) else str(value)


def post(client, row, **changes):
    """Open the row's page, change some of its values and save; return the answer."""
    shown = client.get(page(row)).context
    values = filled(shown["adminform"].form)
    for inline in shown["inline_admin_formsets"]:
        values |= filled(inline.formset.management_form)
        for form in inline.formset.initial_forms:
            values |= filled(form)
    return client.post(page(row), values | changes)


def faults(response):
    """Return every message of the form and its inlines, by field."""
    context = response.context
    found = dict(context["adminform"].form.errors)
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= form.errors
    return found


def acts(action):
    return list(AuditEntry.objects.filter(action=action))
