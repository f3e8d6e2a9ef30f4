"""Pages for everybody: accessibility, personal data, cookies; and writing them."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.enums import PageLanguage, PageName
from accounts.models import EditablePage
from accounts.page_forms import PageForm, StatementForm
from accounts.pages import (
    LANGUAGES,
    OWN_NAMES,
    html_language,
    page_text,
    published_version,
    render,
    shipped_text,
)
from accounts.portal import LeaderRequiredMixin
from accounts.services.pages import PageChangedError, save_page
from core.errors import DomainError

_LATEST = 50


def heading_of(name):
    """Return the title for a heading: a long word may break there at a soft hyphen."""
    if name == PageName.ACCESSIBILITY:
        return pgettext("heading", "Accessibility statement")
    return name.label


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in one of its languages."""

    title: str
    lang: str
    url: str
    edit_url: str
    is_shown: bool


class PageView(TemplateView):
    """One of the pages, in the reader's language or in the one asked for."""

    name: PageName = PageName.PRIVACY
    template_name = "pages/page.html"

    def get_context_data(self, **context):
        language = self._language()
        return super().get_context_data(
            page=page_text(self.name, language),
            title=self.name.label,
            heading=heading_of(self.name),
            languages=[self._link(one, language) for one in LANGUAGES[self.name]],
            edit_url=reverse("pages:edit", args=[self.name, language]),
            **context,
        )

    def _language(self):
        asked = self.request.GET.get("language") or get_language()
        known = LANGUAGES[self.name]
        return PageLanguage(asked) if asked in known else PageLanguage.SWEDISH

    def _link(self, language, shown):
        return LanguageLink(
            OWN_NAMES[language],
            html_language(language),
            f"?language={language}",
            reverse("pages:edit", args=[self.name, language]),
            is_shown=language == shown,
        )


class CookiesView(PageView):
    """The text, and below it the cookies themselves, which nobody can write wrong."""

    name = PageName.COOKIES
    template_name = "pages/cookies.html"

    def get_context_data(self, **context):
        cookies = {
            "session": settings.SESSION_COOKIE_NAME,
            "csrf": settings.CSRF_COOKIE_NAME,
            "language": settings.LANGUAGE_COOKIE_NAME,
        }
        return super().get_context_data(cookies=cookies, **context)


class EditView(LeaderRequiredMixin, FormView):
    """Write a page, look at it, keep it as a draft or publish it.

    Or begin again from an earlier text.
    """

    template_name = "pages/edit.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            self.name = PageName(kwargs["name"])
            self.language = PageLanguage(kwargs["language"])
        except ValueError as error:
            raise Http404 from error
        if self.language not in LANGUAGES[self.name]:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return StatementForm if self.name == PageName.ACCESSIBILITY else PageForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "language": self.language,
            "body": self._text(),
            "initial": {"seen": self._seen()},
        }

    @cached_property
    def row(self):
        rows = EditablePage.objects.select_related("edited_by")
        return rows.filter(name=self.name, language=self.language).first()

    def form_valid(self, form):
        if form.is_to_be_looked_at:
            preview = render(form.body, self.language)
            context = self.get_context_data(form=form, preview=preview)
            return self.render_to_response(context)
        try:
            page = save_page(
                name=self.name,
                language=self.language,
                body=form.body,
                seen=parse_datetime(form.cleaned_data["seen"]),
                actor=self.request.user,
                is_draft=not form.is_to_be_published,
            )
        except PageChangedError as refusal:
            return self._changed_meanwhile(form, refusal)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return self._saved(page)

    def _changed_meanwhile(self, form, refusal):
        """Show the writer's text and below it what somebody else has saved."""
        del self.row  # It is from before the other one saved.
        form.show_as_now(self._seen())
        form.add_error(None, str(refusal))
        saved = render(self.row.body, self.language) if self.row else ""
        return self.render_to_response(self.get_context_data(form=form, saved=saved))

    def _saved(self, page):
        if page.is_draft:
            sentence = _("Saved as a draft. Readers see nothing of it.")
            messages.success(self.request, sentence)
            return redirect("pages:edit", self.name, self.language)
        messages.success(self.request, _("Published."))
        self._tell_blanks(page)
        return redirect(self._page_url())

    def get_context_data(self, **context):
        chosen = self.request.GET.get("version", "")
        shown = published_version(self.name, self.language)
        return super().get_context_data(
            title=self.name.label,
            heading=heading_of(self.name),
            page_language=OWN_NAMES[self.language],
            lang=html_language(self.language),
            page_url=self._page_url(),
            versions=self._versions().select_related("edited_by")[:_LATEST],
            shown=shown.history_id if shown else None,
            chosen=chosen,
            draft=self._draft(chosen),
            **context,
        )

    def _draft(self, chosen):
        """Return how the draft looks, if that is what the form begins with."""
        is_begun = self.request.method == "GET" and not chosen
        if is_begun and self.row and self.row.is_draft:
            return render(self.row.body, self.language)
        return ""

    def _seen(self):
        """Return when what is saved now was saved, as the form knows it."""
        return self.row.edited_at.isoformat() if self.row else ""

    def _page_url(self):
        return f"{reverse(f'pages:{self.name}')}?language={self.language}"

    def _text(self):
        """Return what the form begins with: the page, or the version asked for."""
        chosen = self.request.GET.get("version", "")
        if chosen == "shipped" or not (chosen or self.row):
            return shipped_text(self.name, self.language)
        if not chosen:
            return self.row.body
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
            raise Http404
        return get_object_or_404(self._versions(), history_id=chosen).body

    def _versions(self):
        versions = EditablePage.history.filter(name=self.name, language=self.language)
        return versions.order_by("-history_id")

    def _tell_blanks(self, page):
        if blanks := page_text(page.name, page.language).blanks:
            sentence = ngettext(
                "%d place in the text is still to be filled in.",
                "%d places in the text are still to be filled in.",
                blanks,
            )
            messages.warning(self.request, sentence % blanks)
