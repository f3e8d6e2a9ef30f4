"""The keys of people: they stay inside, and change under figures and packages."""

import base64
import datetime as dt
import io
import json
import threading
import zipfile

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditMention, AuditPayload
from accounts.tests.factories import make_leader
from companies.models import (
    Company,
    ImportRow,
    Participant,
    PersonKeysInForce,
    keys_in_force,
    person_key_of_number,
)
from companies.services import (
    add_participant,
    begin_person_keys,
    fill_person_keys,
    swap_person_keys,
)
from companies.tests.factories import MembershipFactory
from companies.tests.secrets import ONE, THREE, TWO, secrets, take
from core.errors import DomainError
from kompetenslyft.package import dump_package, load_package
from kompetenslyft.privacy.access_copy import write_access_copy
from reporting.selectors import period
from tests.package_files import SMALL, contents
from trainings.uploads import import_list

__all__ = ["secrets"]
pytestmark = pytest.mark.django_db

PERIOD = ["--from=2026-01-01", "--to=2026-03-31"]
NEXT = base64.b64decode(TWO)


def say_nothing(*_facts):
    pass


def begin(settings):
    take(settings, ONE, TWO)
    begin_person_keys(secret=NEXT)


def fill():
    fill_person_keys(progress=say_nothing)


@pytest.fixture
def programme(secrets):
    """Load the small programme, whose people have a number or a reason for none."""
    keys_in_force()
    load_package(SMALL)
    return secrets


def keys():
    rows = Participant.objects.order_by("pk")
    return list(rows.values_list("person_key", "person_key_next"))


# They stay inside


@pytest.fixture
def every_key(programme, tmp_path):
    """Return every form of every key of everybody, when each has two."""
    begin(programme)
    fill()
    file = tmp_path / "list.csv"
    file.write_text("Personnummer;Förnamn;Efternamn\n198507099805;Anna;Berg\n")
    import_list(company=Company.objects.first(), path=file)
    found = {
        key
        for model in (Participant, Participant.history.model, ImportRow)
        for pair in model.objects.values_list("person_key", "person_key_next")
        for key in pair
    }
    assert None not in found
    assert len(found) > 250
    forms = set()
    for key in found:
        raw = base64.b64encode(key.bytes).decode().rstrip("=")
        forms |= {str(key), key.hex, raw}
    return forms


def check_none_in(every_key, content):
    text = content.decode("utf-8", "replace").lower()
    folded = {form.lower() for form in every_key}
    assert not [form for form in folded if form in text]


def parts_of(file):
    with zipfile.ZipFile(file) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_no_key_leaves_in_a_package(every_key, tmp_path):
    dump_package(tmp_path / "out")

    assert len(contents(tmp_path / "out")) > 10
    for file in contents(tmp_path / "out").values():
        check_none_in(every_key, file)


def test_no_key_leaves_in_a_workbook(every_key, tmp_path):
    out = tmp_path / "report.xlsx"
    call_command("esf_report", *PERIOD, f"--out={out}")

    for part in parts_of(out):
        check_none_in(every_key, part)


def test_no_key_leaves_in_the_figures_as_json(every_key, capsys):
    call_command("esf_metrics", *PERIOD, "--json")

    said = capsys.readouterr().out
    assert json.loads(said)["totals"]["persons"] > 0
    check_none_in(every_key, said.encode())


def test_no_key_stands_in_the_audit_trail(every_key):
    actor = make_leader()
    add_participant(
        company=Company.objects.first(),
        actor=actor,
        number="197908199909",
        given_name="Bo",
        family_name="Ek",
    )
    now = Participant.objects.latest("pk")

    payloads = json.dumps(list(AuditPayload.objects.values("facts", "subject_ref")))
    mentions = " ".join(AuditMention.objects.values_list("ref", flat=True))
    forms = every_key | {str(now.person_key), now.person_key.hex}
    assert now.ref in mentions
    check_none_in(forms, f"{payloads} {mentions}".encode())


@pytest.mark.parametrize("for_participant", [True, False])
def test_no_key_leaves_in_an_access_copy(every_key, for_participant):
    for person in Participant.objects.all()[:20]:
        copy = io.BytesIO()
        write_access_copy(person, copy, for_participant=for_participant)

        for part in parts_of(copy):
            check_none_in(every_key, part)


def test_no_key_stands_on_a_page(every_key, client):
    person = Participant.objects.filter(protected=False, no_number_reason="").first()
    client.force_login(MembershipFactory(company=person.company).user)
    pages = [reverse("companies:participants"), person.get_absolute_url()]

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        check_none_in(every_key, answer.content)


def test_no_key_is_a_column_that_anything_else_keeps():
    """Rows of reports, issues and jobs have no place for a key."""
    columns = {
        (model.__name__, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.name.startswith("person_key")
    }

    assert {model for model, _field in columns} == {
        "HistoricalParticipant",
        "ImportRow",
        "Participant",
    }


# A package is loaded while the secret is changed


def test_the_same_package_changes_nothing_at_any_step_of_the_change(programme):
    history = Participant.history.count()
    steps = [lambda: begin(programme), fill, swap_person_keys]

    for step in steps:
        step()
        before = keys()
        outcome = load_package(SMALL)

        assert outcome.errors == ()
        assert {(one.created, one.changed) for one in outcome.counts} == {(0, 0)}
        assert keys() == before

    assert Participant.history.count() == history


@pytest.mark.parametrize("has", [(ONE, TWO), (TWO, ONE)])
def test_a_package_brings_both_keys_whatever_the_order_of_the_secrets(secrets, has):
    keys_in_force()
    begin(secrets)
    take(secrets, *has)

    load_package(SMALL)

    in_force = keys_in_force()
    for person in Participant.objects.filter(protected=False):
        if number := person.personal_number:
            pair = in_force.of_number(number)
            assert (person.person_key, person.person_key_next) == pair
    swap_person_keys()


@pytest.mark.parametrize("has", [(ONE, TWO), (TWO, "")])
def test_a_package_after_the_swap_is_keyed_under_the_secret_in_force(secrets, has):
    keys_in_force()
    begin(secrets)
    swap_person_keys()
    take(secrets, *has)

    load_package(SMALL)

    person = Participant.objects.filter(protected=False, no_number_reason="").first()
    assert person.person_key == person_key_of_number(person.personal_number)
    assert not Participant.objects.exclude(person_key_next=None).exists()


def test_a_package_under_another_secret_is_refused_whole(programme):
    take(programme, THREE)

    with translation.override("en"), pytest.raises(DomainError, match="PERSON_KEY"):
        load_package(SMALL)


# Figures are of one version


def test_figures_are_the_same_before_during_and_after_the_change(programme):
    expected = _metrics()

    begin(programme)
    fill()
    during = _metrics()
    swap_person_keys()

    assert during == _metrics() == expected
    assert expected.volumes.persons.total > 0


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_figures_computed_while_the_keys_are_swapped_are_whole(programme, monkeypatch):
    """Another connection swaps between the first query of the figures and the rest."""
    expected = _metrics()
    begin(programme)
    fill()
    before = keys()
    swaps = []

    def swap():
        swap_person_keys()
        connection.close()

    def baselines(*args):
        thread = threading.Thread(target=swap)
        thread.start()
        thread.join(30)
        swaps.append(not thread.is_alive())
        seen.append(keys())
        return original(*args)

    seen, original = [], period.baselines_on
    monkeypatch.setattr(period, "baselines_on", baselines)

    found = _metrics()

    assert swaps == [True]
    assert seen == [before]  # The figures went on in the version they began with.
    assert found == expected
    assert PersonKeysInForce.objects.get().next == ""
    assert keys() != before


def _metrics():
    return period.period_metrics(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
