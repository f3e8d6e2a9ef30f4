"""The accessibility statement says all that the law wants before it is published."""

import pytest

from accounts.models import EditablePage
from accounts.pages import shipped_text, statement
from accounts.tests.factories import make_leader
from accounts.tests.pages import ACCESSIBILITY, EN, SV, edit_url, save
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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


@pytest.fixture
def leader(client):
    leader = make_leader(name="Lena Leder")
    client.force_login(leader)
    return leader


def post(client, said, button="publish"):
    return client.post(edit_url(ACCESSIBILITY, EN), said | {"seen": "", button: "Go"})


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
    begun = client.get(edit_url(ACCESSIBILITY, EN)).context["form"]
    assert begun["compliance"].value() == "partly"
    assert begun["assessed_on"].value() == ""

    response = post(client, SAID)

    assert response.url == "/about/accessibility/?language=en"
    page = client.get(response.url).content.decode()
    assert "<strong>partially compliant</strong>" in page
    assert 'href="https://www.digg.se/tdosanmalan"' in page


@pytest.mark.parametrize(
    ("item", "text", "error"),
    [
        *((item, "", "The law wants the statement to say this.") for item in SAID),
        ("compliance", "almost", "Select a valid choice"),
        ("contact", "Call us.", "Give an e-mail address, a telephone number or a link"),
        ("complaint", "Write.", "Link to https://www.digg.se/tdosanmalan."),
        ("method", "# Own\n\nYes.", "Begin a heading inside this part with ###."),
        ("method", "[Fill in: how]", "Fill in what stands between square brackets."),
        ("method", "```\ncode", "Close with ``` what you have opened with it."),
        ("assessed_on", "4/5/2026", "Write the date as YYYY-MM-DD."),
        ("assessed_on", "20260430", "Write the date as YYYY-MM-DD."),
        ("assessed_on", "2999-01-01", "The day has not come yet."),
        ("updated_on", "2999-01-01", "The day has not come yet."),
        ("updated_on", "2026-01-01", "at least as new as the assessment"),
    ],
)
def test_a_fault_is_told_beside_its_part(client, leader, item, text, error):
    response = post(client, SAID | {item: text})

    assert error in str(response.context["form"].errors[item])
    assert not EditablePage.objects.exists()


@pytest.mark.parametrize(
    "contact",
    [
        "office@example.org",
        "Write to office@example.org, or call.",
        "021-12 34 56",
        "Call +46 21 123 456.",
        "0771-11 44 00",
        "<office@example.org>",
        "[The form](https://example.org/form)",
    ],
)
def test_an_address_a_telephone_or_a_link_is_a_way_to_reach_us(client, leader, contact):
    response = post(client, SAID | {"contact": contact})

    assert response.status_code == 302


@pytest.mark.parametrize(
    "contact", ["Come in.", "office@", "1937:2018", "2026-05-04", "Room 0123", "112"]
)
def test_what_nobody_can_write_to_or_call_is_not(client, leader, contact):
    response = post(client, SAID | {"contact": contact})

    assert list(response.context["form"].errors) == ["contact", "__all__"]


def test_all_that_is_missing_is_named_at_once_with_what_has_been_written(
    client, leader
):
    response = post(client, SAID | {"service": "", "contact": "Hm", "updated_on": ""})

    form = response.context["form"]
    (sentence,) = form.non_field_errors()
    assert sentence == (
        "It is not published yet. See to this first, or save it as a draft: “Which "
        "service this is about”, “Tell us what does not work”, “When the statement "
        "was last updated”."
    )
    assert form["method"].value() == "We tested it ourselves."
    assert not EditablePage.objects.exists()


# Before it is whole


def test_a_draft_is_saved_at_any_time_and_the_form_has_it_again(client, leader):
    so_far = dict.fromkeys(SAID, "") | {
        "service": "Kompetenslyft, [Fill in: the address]",
        "method": "# Own\n\nYes.\n\n### More\n\nNo.",
        "assessed_on": "in spring",
    }

    response = post(client, so_far, button="draft")

    assert response.url == edit_url(ACCESSIBILITY, EN)
    form = client.get(response.url).context["form"]
    assert {item: form[item].value() or "" for item in SAID} == so_far


def test_a_draft_is_kept_from_those_who_read(client, leader):
    post(client, SAID | {"contact": "", "method": "With our own hands."}, "draft")
    client.logout()

    page = client.get("/about/accessibility/?language=en").content.decode()

    assert "With our own hands." not in page


def test_the_draft_is_shown_in_the_form_with_its_blanks_marked(client, leader):
    post(client, SAID | {"contact": "", "service": "[Fill in: name]"}, "draft")

    page = client.get(edit_url(ACCESSIBILITY, EN)).content.decode()

    draft = page.partition('<h2 id="draft">')[2].partition("</section>")[0]
    assert "<mark>[Fill in: name]</mark>" in draft
    assert "<mark>[Fill in: what is missing here]</mark>" in draft
    assert draft.count("<mark>") == 2


def test_what_is_not_whole_is_previewed_and_not_saved(client, leader):
    response = post(client, SAID | {"contact": "", "assessed_on": ""}, "preview")

    assert response.context["form"].errors == {}
    assert response.context["preview"].count("<mark>") == 2
    assert not EditablePage.objects.exists()


def test_a_draft_is_published_only_when_it_is_whole(client, leader):
    post(client, SAID | {"contact": ""}, "draft")
    draft = EditablePage.objects.get()

    for contact in ("", "office@example.org"):
        client.post(
            edit_url(ACCESSIBILITY, EN),
            SAID
            | {"contact": contact, "seen": draft.edited_at.isoformat(), "publish": "1"},
        )

    assert [v.published_at is None for v in EditablePage.history.order_by("pk")] == [
        True,
        False,
    ]
    page = client.get("/about/accessibility/?language=en").content.decode()
    assert '<a href="mailto:office@example.org">office@example.org</a>' in page


def test_the_service_publishes_no_statement_that_is_not_whole():
    with pytest.raises(DomainError, match="Tell us what does not work"):
        save_statement(contact="")

    said = {statement.Item(item): "" for item in SAID}
    draft = save(
        statement.compose(EN, said), name=ACCESSIBILITY, language=EN, is_draft=True
    )
    assert statement.missing(EN, draft.body) == list(statement.Item)
