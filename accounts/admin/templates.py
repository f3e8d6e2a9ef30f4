"""The words of messages in the admin: written, looked at, taken back.

The list shows every message in every language, also those with the standard words,
which have no row of their own.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.message_templates import (
    FRAME,
    MessageWords,
    faults_of,
    message_kinds,
    preview_of,
    standard_words,
)
from accounts.models import MessageTemplate
from accounts.services.templates import (
    TemplateChangedError,
    as_written,
    restore_standard_words,
    save_template,
)
from accounts.template_forms import WordsForm
from core.admin import HistoryAdmin, KeepRowsMixin
from core.errors import DomainError

_LATEST = 20
_EDIT = "accounts_messagetemplate_words"


@dataclass(frozen=True, slots=True)
class WrittenIn:
    """The words of a message in one language; `row` is None for the standard ones."""

    language: str
    url: str
    row: MessageTemplate | None


@admin.register(MessageTemplate)
class MessageTemplateAdmin(KeepRowsMixin, HistoryAdmin):
    """Pages of its own, for a message is known by its kind, not by a row."""

    actions = None

    def has_add_permission(self, request):
        return False

    def get_urls(self):
        words = path(
            "words/<str:kind>/<str:language>/",
            self.admin_site.admin_view(self.words_view),
            name=_EDIT,
        )
        return [words, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        rows = MessageTemplate.objects.select_related("changed_by")
        written = {(row.kind, row.language): row for row in rows}
        listed = [
            (
                capfirst(str(kind.label)),
                [
                    WrittenIn(name, _address(code, key), written.get((code, key)))
                    for key, name in settings.LANGUAGES
                ],
            )
            for code, kind in message_kinds().items()
        ]
        context = self._context(request, _("Words of messages"), listed=listed)
        return TemplateResponse(request, "admin/accounts/templates.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None or row.kind not in message_kinds():
            raise Http404
        return self.words_view(request, row.kind, row.language)

    def words_view(self, request, kind, language):
        """Show and take the words of one message in one language."""
        known = message_kinds().get(kind)
        if known is None or language not in dict(settings.LANGUAGES):
            raise Http404
        editor = _Editor(self, request, known, language)
        return editor.save() if request.method == "POST" else editor.show()

    def _context(self, request, title, **context):
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            **context,
        }


class _Editor:
    """One visit to the page of a message."""

    def __init__(self, site, request, kind, language):
        self.site, self.request = site, request
        self.kind, self.language = kind, language
        rows = MessageTemplate.objects.select_related("changed_by")
        self.row = rows.filter(kind=kind.code, language=language).first()

    def show(self, form=None, **context):
        form = form or self._unbound()
        standard = standard_words(self.kind.code, self.language)
        names = dict(settings.LANGUAGES)
        name = capfirst(str(self.kind.label))
        page = {
            "form": form,
            "kind": self.kind,
            "required": self.kind.required,
            "is_frame": self.kind.code == FRAME.code,
            "row": self.row,
            "language_name": names[self.language],
            "language_code": self.language,
            "standard": standard,
            "versions": self._versions().select_related("history_user")[:_LATEST],
            "examples": self.kind.examples(self.language),
        }
        if "preview" not in context:
            saved = self._saved()
            context["preview"] = preview_of(self.kind, saved, self.language)
        title = f"{name}, {names[self.language]}"
        return TemplateResponse(
            self.request,
            "admin/accounts/template.html",
            self.site._context(self.request, title, **page, **context),
        )

    def save(self):
        if "restore" in self.request.POST:
            return self._restore()
        form = WordsForm(self.request.POST)
        if not form.is_valid():
            return self.show(form, preview=None)
        if faults := faults_of(self.kind, as_written(*_both(form.words))):
            return self._refused(form, faults)
        if "preview" in self.request.POST:
            words = as_written(*_both(form.words))
            preview = preview_of(self.kind, words, self.language)
            return self.show(form, preview=preview, is_unsaved=True)
        return self._save(form)

    def _save(self, form):
        try:
            save_template(
                kind=self.kind.code,
                language=self.language,
                words=form.words,
                seen=form.seen_at,
                actor=self.request.user,
            )
        except TemplateChangedError as refusal:
            form.show_as_now(self._seen())
            return self._refused(form, [str(refusal)], saved=self._saved())
        except DomainError as refusal:
            return self._refused(form, str(refusal).splitlines())
        return self._done(_("Saved. Letters that are written from now on say this."))

    def _restore(self):
        form = WordsForm(self.request.POST)
        if not form.is_valid():
            return self.show(form, preview=None)
        try:
            restore_standard_words(
                kind=self.kind.code,
                language=self.language,
                seen=form.seen_at,
                actor=self.request.user,
            )
        except DomainError as refusal:
            form.show_as_now(self._seen())
            return self._refused(form, [str(refusal)], saved=self._saved())
        return self._done(_("The standard words are in force again."))

    def _refused(self, form, faults, **context):
        for fault in faults:
            form.add_error(None, fault)
        return self.show(form, preview=None, **context)

    def _done(self, sentence):
        messages.success(self.request, sentence)
        return redirect(_address(self.kind.code, self.language))

    def _unbound(self):
        words = self._asked_for()
        initial = {"subject": words.subject, "text": words.text, "seen": self._seen()}
        return WordsForm(initial=initial)

    def _asked_for(self):
        """Return what the form begins with: what is in force, or an earlier text."""
        chosen = self.request.GET.get("version", "")
        if chosen == "standard":
            return standard_words(self.kind.code, self.language)
        if not chosen:
            return self._saved()
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
            raise Http404
        version = self._versions().filter(history_id=chosen).first()
        if version is None:
            raise Http404
        return MessageWords(version.subject, version.text)

    def _saved(self):
        if self.row is None:
            return standard_words(self.kind.code, self.language)
        return MessageWords(self.row.subject, self.row.text)

    def _seen(self):
        return self.row.changed_at.isoformat() if self.row else ""

    def _versions(self):
        kept = {"kind": self.kind.code, "language": self.language}
        return MessageTemplate.history.filter(**kept).order_by("-history_id")


def _both(words):
    return words.subject, words.text


def _address(kind, language):
    return reverse(f"admin:{_EDIT}", args=[kind, language])
