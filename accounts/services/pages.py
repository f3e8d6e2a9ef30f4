"""Writing the pages that everybody may read."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import PageLanguage, PageName
from accounts.models import EditablePage, User
from accounts.pages import LANGUAGES, statement
from core.errors import DomainError

_LONGEST = 50_000


class PageChangedError(DomainError):
    """Somebody else saved the page after the writer had opened it."""


@transaction.atomic
def save_page(
    *,
    name: PageName,
    language: PageLanguage,
    body: str,
    seen: dt.datetime | None,
    actor: User,
    is_draft: bool = False,
) -> EditablePage:
    """Make the page say `body`; `seen` is when the text that was changed was saved.

    None stands for the shipped text. A draft is shown to project leaders alone. An
    accessibility statement is not published that lacks something that the law wants
    it to say.
    """
    if language not in LANGUAGES[name]:
        raise DomainError(_("This page has no text in that language."))
    text = "\n".join(body.strip().splitlines())
    _refuse_unfit(text)
    if name == PageName.ACCESSIBILITY and not is_draft:
        _refuse_lacking(language, text)
    page = _newest(name, language, seen)
    page.body, page.edited_at, page.edited_by = text, timezone.now(), actor
    page.published_at = None if is_draft else page.edited_at
    try:
        with transaction.atomic():
            page.save()
    except IntegrityError as error:  # Two wrote the first text at the same time.
        winner = EditablePage.objects.get(name=name, language=language)
        raise _changed_meanwhile(winner) from error
    action = "accounts.page_drafted" if is_draft else "accounts.page_saved"
    record(actor, action, page, page=name, language=language)
    return page


def _newest(
    name: PageName, language: PageLanguage, seen: dt.datetime | None
) -> EditablePage:
    """Return the row to write to, locked, or a new one; refuse if it is not as seen."""
    rows = EditablePage.objects.select_for_update()
    page = rows.filter(name=name, language=language).first()
    if (page.edited_at if page else None) != seen:
        raise _changed_meanwhile(page)
    return page or EditablePage(name=name, language=language)


def _refuse_unfit(text: str) -> None:
    if not text:
        raise DomainError(_("Write something: the page cannot be empty."))
    if len(text) > _LONGEST:
        raise DomainError(
            _("The text is longer than %(most)d characters.") % {"most": _LONGEST}
        )


def _refuse_lacking(language: PageLanguage, text: str) -> None:
    if lacking := statement.missing(language, text):
        raise DomainError(
            _("The law wants the statement to say this, too: %(missing)s.")
            % {"missing": statement.named(lacking)}
        )


def _changed_meanwhile(page: EditablePage | None) -> PageChangedError:
    if page is None:
        return PageChangedError(_("The page was changed by somebody else meanwhile."))
    when = date_format(timezone.localtime(page.edited_at), "Y-m-d H:i")
    return PageChangedError(
        _(
            "%(who)s saved this page at %(when)s, while you were writing. What is "
            "saved now stands below: bring it into your text, and save once more."
        )
        % {"who": page.edited_by, "when": when}
    )
