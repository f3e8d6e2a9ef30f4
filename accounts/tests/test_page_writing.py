"""A project leader writes a page; what stood before is kept."""

import threading

import pytest
from django.db import connection
from django.utils.translation import override

from accounts.audit import AuditEntry
from accounts.models import EditablePage
from accounts.pages import page_text
from accounts.services.pages import PageChangedError
from accounts.tests.factories import UserFactory, make_funder, make_leader
from accounts.tests.pages import (
    COOKIES,
    PRIVACY,
    SV,
    edit_url,
    post_text,
    save,
)
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader(client):
    leader = make_leader(name="Lena Leder")
    client.force_login(leader)
    return leader


def test_a_leader_writes_the_page(client, leader):
    response = post_text(client, "# Nytt\r\n\r\nOm uppgifterna.")

    page = EditablePage.objects.get()
    assert response.url == "/about/privacy/?language=sv"
    assert page.body == "# Nytt\n\nOm uppgifterna."
    assert page.edited_by == leader
    assert "<h2>Nytt</h2>" in client.get(response.url).content.decode()
    entry = AuditEntry.objects.filter(action="accounts.page_saved").get()
    assert entry.payload.facts == {"page": "privacy", "language": "sv"}


def test_a_draft_is_seen_by_leaders_alone_until_it_is_published(client, leader):
    save("Förut", actor=leader)
    seen = EditablePage.objects.get().edited_at.isoformat()

    response = post_text(client, "Nästa [Fyll i: namn]", seen=seen, button="draft")

    assert response.url == edit_url()
    form_page = client.get(response.url)
    assert "Nästa <mark>[Fyll i: namn]</mark>" in form_page.content.decode()
    assert form_page.context["form"].initial["text"] == "Nästa [Fyll i: namn]"
    shown = client.get("/about/privacy/?language=sv").content.decode()
    assert "<p>Förut</p>" in shown
    assert "There is a draft that is newer" in shown
    client.logout()
    to_strangers = client.get("/about/privacy/?language=sv").content.decode()
    assert "<p>Förut</p>" in to_strangers
    assert "draft" not in to_strangers
    assert "Nästa" not in to_strangers

    client.force_login(leader)
    draft = EditablePage.objects.get()
    post_text(client, draft.body, seen=draft.edited_at.isoformat())

    shown = client.get("/about/privacy/?language=sv").content.decode()
    assert "Nästa <mark>" in shown
    assert "There is a draft" not in shown


def test_a_draft_of_a_page_that_nobody_has_written_leaves_the_shipped_text(leader):
    shipped = page_text(PRIVACY, SV)
    save("Mitt", is_draft=True, actor=leader)

    text = page_text(PRIVACY, SV)

    assert (text.html, text.edited_at) == (shipped.html, None)
    assert (shipped.has_draft, text.has_draft) == (False, True)


def test_whatever_says_nothing_of_publishing_is_a_draft(client, leader):
    post_text(client, "Mitt", button="nothing")

    assert EditablePage.objects.get().is_draft


def test_each_version_tells_whether_it_is_shown(client, leader):
    save("Ett", actor=leader)
    two = save("Två", seen=EditablePage.objects.get().edited_at, actor=leader)
    save("Tre", seen=two.edited_at, actor=leader, is_draft=True)

    page = client.get(edit_url())

    versions = page.context["versions"]
    assert [(v.body, v.published_at is None) for v in versions] == [
        ("Tre", True),
        ("Två", False),
        ("Ett", False),
    ]
    assert page.context["shown"] == versions[1].history_id
    text = page.content.decode()
    assert text.count("Shown now") == 1
    assert text.count(">draft</span>") == 1


def test_a_draft_is_written_down_as_one(leader):
    save("Mitt", is_draft=True, actor=leader)

    entry = AuditEntry.objects.get(action="accounts.page_drafted")
    assert entry.payload.facts == {"page": "privacy", "language": "sv"}
    assert not AuditEntry.objects.filter(action="accounts.page_saved").exists()


def test_nobody_but_leaders_finds_the_form(client):
    for user in (UserFactory(), make_funder()):
        client.force_login(user)
        assert client.get(edit_url()).status_code == 404
        assert post_text(client, "Mitt").status_code == 404
    assert not EditablePage.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get(edit_url())

    assert response.url == f"/accounts/login/?next={edit_url()}"


@pytest.mark.parametrize(
    ("name", "language"),
    [("nothing", "sv"), ("privacy", "de"), ("cookies", "sv-easy")],
)
def test_a_page_that_there_is_not_is_not_found(client, leader, name, language):
    assert client.get(edit_url(name, language)).status_code == 404


@pytest.mark.parametrize("version", ["0", "x", "-1", "9" * 19, "9" * 30, "٣"])
def test_a_version_that_there_is_not_is_not_found(client, leader, version):
    assert client.get(edit_url(), {"version": version}).status_code == 404


def test_a_preview_saves_nothing(client, leader):
    response = client.post(
        edit_url(), {"text": "# Så här", "seen": "", "preview": "Show"}
    )

    assert "<h2>Så här</h2>" in response.content.decode()
    assert not EditablePage.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 50_001])
def test_an_empty_or_endless_text_is_refused(client, leader, text):
    response = post_text(client, text)

    assert response.status_code == 200
    assert response.context["form"].errors
    with pytest.raises(DomainError):
        save(text)
    assert not EditablePage.objects.exists()


def test_what_stood_before_is_kept_with_who_and_when(client, leader):
    other = make_leader(name="Olle Ledare")
    first = save("Först", actor=other)
    save("Sedan", seen=first.edited_at, actor=leader)

    page = client.get(edit_url())

    kept = [(v.body, v.edited_by.name) for v in page.context["versions"]]
    assert kept == [("Sedan", "Lena Leder"), ("Först", "Olle Ledare")]
    earlier = page.context["versions"][1]
    again = client.get(edit_url(), {"version": earlier.history_id})
    assert again.context["form"].initial["text"] == "Först"
    assert page_text(PRIVACY, SV).html == "<p>Sedan</p>\n"


def test_a_version_of_another_page_is_not_found(client, leader):
    save("Om kakor", name=COOKIES)
    version = EditablePage.history.get().history_id

    assert client.get(edit_url(), {"version": version}).status_code == 404


def test_the_second_who_saves_is_told_and_loses_nothing(client, leader):
    save("Den andras text", actor=make_leader(name="Olle Ledare"))

    refused = post_text(client, "Min text", seen="")

    page = refused.content.decode()
    assert "Olle Ledare saved this page at" in page
    assert "<p>Den andras text</p>" in page
    assert refused.context["form"]["text"].value() == "Min text"
    assert EditablePage.objects.get().body == "Den andras text"

    seen = refused.context["form"]["seen"].value()
    assert post_text(client, "Bådas text", seen=seen).status_code == 302
    assert EditablePage.objects.get().body == "Bådas text"


@pytest.mark.parametrize("seen", ["yesterday", "2026-13-01", "2026-02-30T00:00"])
def test_a_forged_moment_is_an_error_of_the_form(client, leader, seen):
    assert post_text(client, "Text", seen=seen).status_code == 200
    assert not EditablePage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_first_texts_at_once_one_is_saved():
    writers = [make_leader(), make_leader()]
    start = threading.Barrier(2)
    outcomes = []

    def write(writer):
        try:
            with override("en"):
                start.wait()
                save(f"Av {writer.pk}", actor=writer)
            outcomes.append("saved")
        except PageChangedError:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["saved", "told"]
    assert EditablePage.objects.count() == EditablePage.history.count() == 1
