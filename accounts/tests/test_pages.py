"""The pages about accessibility, personal data and cookies: shown, written, kept."""

import threading

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from accounts.audit import AuditEntry
from accounts.enums import PageLanguage, PageName
from accounts.models import EditablePage
from accounts.pages import page_text, shipped_text, statement
from accounts.pages.markdown import to_html
from accounts.services.pages import PageChangedError, save_page
from accounts.tests.factories import UserFactory, make_funder, make_leader
from core.errors import DomainError

pytestmark = pytest.mark.django_db

SV, EASY, EN = PageLanguage
ACCESSIBILITY, PRIVACY, COOKIES = PageName
SAID = {
    "body": "Region Exempel",
    "service": "Kompetenslyft, https://portal.example.org",
    "compliance": "partly",
    "inaccessible": "The charts of the workbooks have no text alternative.",
    "contact": "Write to <office@example.org>.",
    "complaint": "[Complain to Digg](https://www.digg.se/tdosanmalan)",
    "burden": "Nothing is exempted.",
    "outside": "Nothing is exempted.",
    "method": "We tested it ourselves.",
    "assessed_on": "2026-04-30",
    "updated_on": "2026-05-04",
}


@pytest.fixture(autouse=True)
def english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with override("en"):
        yield


@pytest.fixture
def leader(client):
    leader = make_leader(name="Lena Leder")
    client.force_login(leader)
    return leader


def invented_facts():
    return {"owner": "Region <b>Exempel</b>"}


def html(body, **facts):
    return to_html(body, facts, top_heading=2)


def save(body, *, name=PRIVACY, language=SV, seen=None, actor=None):
    return save_page(
        name=name,
        language=language,
        body=body,
        seen=seen,
        actor=actor or make_leader(),
    )


def edit_url(name=PRIVACY, language=SV):
    return reverse("pages:edit", args=[name, language])


def post_text(client, text, seen="", name=PRIVACY, language=SV):
    return client.post(
        edit_url(name, language), {"text": text, "seen": seen, "save": "Save"}
    )


# Shown


@pytest.mark.parametrize("name", PageName)
def test_strangers_read_the_page_in_their_language(client, name):
    response = client.get(reverse(f"pages:{name}"))

    page = response.content.decode()
    assert response.status_code == 200
    assert f"<h1>{PageName(name).label}</h1>" in page
    assert page.count("<h1") == 1
    assert '<div class="card-plain written" lang="en">' in page


def test_the_easy_text_is_a_page_of_its_own(client):
    response = client.get(reverse("pages:privacy"), {"language": "sv-easy"})

    page = response.content.decode()
    assert '<div class="card-plain written" lang="sv">' in page
    assert "Vi frågar <strong>inte</strong> om du är sjuk." in page


@pytest.mark.parametrize("language", ["xx", "", "sv-easy", "\x00"])
def test_a_language_that_the_page_has_not_gives_a_text_all_the_same(client, language):
    url = reverse("pages:cookies")
    status = client.get(url, {"language": language}).status_code

    assert status == (404 if "\x00" in language else 200)


def test_the_names_of_the_cookies_are_those_that_are_set(client, settings):
    settings.SESSION_COOKIE_NAME = "__Host-session"

    page = client.get(reverse("pages:cookies")).content.decode()

    names = ["__Host-session", "csrftoken", "language"]
    assert [name for name in names if f"<code>{name}</code>" not in page] == []


def test_a_fact_stands_in_the_text_as_text(settings):
    settings.PAGE_FACTS = f"{__name__}.invented_facts"

    text = page_text(PRIVACY, EN).html

    assert "Region &lt;b&gt;Exempel&lt;/b&gt; owns the project" in text


def test_a_fact_that_there_is_not_stays_as_it_was_typed(settings):
    settings.PAGE_FACTS = f"{__name__}.invented_facts"
    save("{{ nothing }} {{ owner }}", language=EN)

    assert "{{ nothing }} Region" in page_text(PRIVACY, EN).html


def test_the_participants_page_may_put_the_text_below_a_heading_of_its_own():
    text = page_text(PRIVACY, EN, top_heading=3).html

    assert "<h3>Who is responsible</h3>" in text
    assert "<h2" not in text


PATHS = {
    "home": "/",
    "sign-in": "/accounts/login/",
    "admin": "/admin/",
    "admin list": "/admin/accounts/user/",
    "not found": "/no-such-page/",
    "edit": "/about/privacy/edit/sv/",
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_every_page_links_to_them(client, leader, path):
    if path == "/accounts/login/":
        client.logout()

    page = client.get(path, follow=True).content.decode()

    for name in PageName:
        assert f'<a href="{reverse(f"pages:{name}")}">' in page


def test_the_links_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("base_plain.html")

    assert page.count('href="/about/') == len(PageName)


# Markdown


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](/admin/)",
        "![x](https://evil.example/x.png)",
        "<javascript:alert(1)>",
        "[x]\n\n[x]: javascript:alert(1)",
        "`</code><script>alert(1)</script>`",
        "```\n</code></pre><script>alert(1)</script>\n```",
        '[x](https://a.example/" onmouseover="alert(1))',
        "{{ owner }}",
        "`{{ owner }}`",
        "[Fyll i: <script>alert(1)</script>]",
        '|a|\n|:-:|\n|<b onclick="alert(1)">|',
    ],
)
def test_nothing_that_is_typed_becomes_a_script_a_style_or_a_strange_link(body):
    shown = html(body, owner="<script>alert(1)</script>")

    for danger in ("<script", "<img", "<b", "style=", 'href="/', 'href="d', 'href="v'):
        assert danger not in shown
    assert 'href="java' not in shown.lower()
    assert '" on' not in shown


def test_web_and_mail_addresses_become_links():
    shown = html("[x](https://a.example) <me@example.org> [y](http://b.example)")

    assert shown == (
        '<p><a href="https://a.example">x</a> '
        '<a href="mailto:me@example.org">me@example.org</a> '
        '<a href="http://b.example">y</a></p>\n'
    )


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# A\n# B", [2, 2]),
        ("## A\n### B", [2, 3]),
        ("# A\n#### B\n## C", [2, 3, 3]),
        ("###### A", [2]),
        ("A\n===\nB\n---", [2, 3]),
    ],
)
def test_headings_begin_below_the_pages_own_and_skip_no_level(body, levels):
    shown = html(body)

    assert [int(part[0]) for part in shown.split("<h")[1:]] == levels


# Written


def test_a_leader_writes_the_page(client, leader):
    response = post_text(client, "# Nytt\r\n\r\nOm uppgifterna.")

    page = EditablePage.objects.get()
    assert response.url == "/about/privacy/?language=sv"
    assert page.body == "# Nytt\n\nOm uppgifterna."
    assert page.edited_by == leader
    assert "<h2>Nytt</h2>" in client.get(response.url).content.decode()
    entry = AuditEntry.objects.filter(action="accounts.page_saved").get()
    assert entry.payload.facts == {"page": "privacy", "language": "sv"}


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


# The accessibility statement


def save_statement(**changes):
    said = {statement.Item(item): text for item, text in (SAID | changes).items()}
    body = statement.compose(EN, said)
    return save(body, name=ACCESSIBILITY, language=EN)


def test_a_statement_with_all_that_the_law_wants_is_saved_and_read_again():
    page = save_statement()

    said = statement.read(EN, page.body)
    assert list(said) == list(statement.Item)
    assert statement.compliance_in(EN, said[statement.Item.COMPLIANCE]) == "partly"
    assert {k: v for k, v in said.items() if k != "compliance"} == {
        k: v for k, v in SAID.items() if k != "compliance"
    }


@pytest.mark.parametrize("item", statement.Item)
def test_a_statement_without_one_of_the_eleven_is_refused_by_name(item):
    body = statement.compose(EN, {statement.Item(k): v for k, v in SAID.items()})
    heading = statement.HEADINGS[EN][item]
    before, _heading, after = body.partition(f"## {heading}\n")
    rest = after.partition("\n## ")
    without = before + (f"## {rest[2]}" if rest[1] else "")

    with pytest.raises(DomainError) as refusal:
        save(without, name=ACCESSIBILITY, language=EN)

    assert str(refusal.value) == (
        f"The law wants the statement to say this, too: “{heading}”."
    )


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("contact", "Call us."),
        ("contact", "[Fill in: address] <a@example.org>"),
        ("complaint", "Complain to [somebody](https://example.org)."),
        ("complaint", "https://www.digg.se/tdosanmalan"),
        ("assessed_on", "in spring"),
        ("updated_on", "2026-02-30"),
        ("body", "   "),
    ],
)
def test_a_part_that_does_not_say_it_counts_as_missing(item, text):
    with pytest.raises(DomainError, match=statement.HEADINGS[EN][item]):
        save_statement(**{item: text})


def test_a_statement_names_exactly_one_level():
    heading = statement.HEADINGS[EN]["compliance"]
    body = statement.compose(EN, {statement.Item(k): v for k, v in SAID.items()})

    for wrong in (
        "The service is partially compliant and fully compliant.",
        "The service is good.",
    ):
        start, _heading, rest = body.partition(f"## {heading}\n\n")
        end = rest.partition("\n\n## ")[2]
        with pytest.raises(DomainError, match=heading):
            save(
                f"{start}## {heading}\n\n{wrong}\n\n## {end}",
                name=ACCESSIBILITY,
                language=EN,
            )


@pytest.mark.parametrize("language", [SV, EN])
def test_the_shipped_statement_lacks_only_what_the_project_alone_knows(language):
    body = shipped_text(ACCESSIBILITY, language)

    assert statement.missing(language, body) == [
        "service",
        "inaccessible",
        "contact",
        "method",
        "assessed_on",
        "updated_on",
    ]


def test_the_leader_fills_in_the_parts_one_by_one(client, leader):
    url = edit_url(ACCESSIBILITY, EN)
    begun = client.get(url).context["form"]
    assert begun["compliance"].value() == "partly"
    assert begun["assessed_on"].value() is None

    response = client.post(url, SAID | {"seen": "", "save": "Save"})

    assert response.url == "/about/accessibility/?language=en"
    page = client.get(response.url).content.decode()
    assert "<strong>partially compliant</strong>" in page
    assert 'href="https://www.digg.se/tdosanmalan"' in page


@pytest.mark.parametrize(
    ("item", "text", "error"),
    [
        *((item, "", "The law wants the statement to say this.") for item in SAID),
        ("compliance", "almost", "Select a valid choice"),
        ("contact", "Call us.", "Give a link or an address"),
        ("complaint", "Write.", "Link to https://www.digg.se/tdosanmalan."),
        ("method", "# Own\n\nYes.", "Begin a heading inside this part with ###."),
        ("method", "[Fill in: how]", "Fill in what stands between square brackets."),
        ("assessed_on", "4/5/2026", "Write the date as YYYY-MM-DD."),
        ("assessed_on", "2999-01-01", "The day has not come yet."),
        ("updated_on", "2026-01-01", "at least as new as the assessment"),
    ],
)
def test_a_fault_is_told_beside_its_part(client, leader, item, text, error):
    response = client.post(
        edit_url(ACCESSIBILITY, EN), SAID | {item: text, "seen": "", "save": "Save"}
    )

    assert error in str(response.context["form"].errors[item])
    assert not EditablePage.objects.exists()
