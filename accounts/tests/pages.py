"""What tests of the editable pages share: their names, and how one is saved."""

from django.urls import reverse

from accounts.enums import PageLanguage, PageName
from accounts.services.pages import save_page
from accounts.tests.factories import make_leader

SV, EASY, EN = PageLanguage
ACCESSIBILITY, PRIVACY, COOKIES = PageName


def save(body, *, name=PRIVACY, language=SV, seen=None, actor=None, is_draft=False):
    return save_page(
        name=name,
        language=language,
        body=body,
        seen=seen,
        actor=actor or make_leader(),
        is_draft=is_draft,
    )


def edit_url(name=PRIVACY, language=SV):
    return reverse("pages:edit", args=[name, language])


def post_text(client, text, seen="", button="publish"):
    return client.post(edit_url(), {"text": text, "seen": seen, button: "Go"})
