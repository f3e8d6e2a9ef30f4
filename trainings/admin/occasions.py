"""Occasions with their sessions, quotas and accessibility card."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin import FixedKeysMixin, HistoryAdmin, KeepRowsMixin, ReadOnlyMixin
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import (
    AccessibilityCard,
    Attendance,
    Occasion,
    Quota,
    Session,
)
from trainings.selectors import session_changes
from trainings.selectors.planning import plan_of
from trainings.services.occasions import lock
from trainings.services.planning import late_card
from trainings.services.sessions import CERTIFIED
from trainings.sittings import NamedSitting, Sitting, overlap_faults


class SessionFormSet(BaseInlineFormSet):
    def clean(self):
        """Refuse sessions that overlap, and new times of one that is certified."""
        super().clean()
        if any(self.errors):
            return
        rows = [form.instance for form in self.forms if form.instance.starts_at]
        sittings = [Sitting(row.starts_at, row.ends_at, row.minutes) for row in rows]
        named = [NamedSitting(one, str(one)) for one in sittings]
        faults = [*overlap_faults(named, []), *self._faults_of_certified()]
        if faults:
            raise ValidationError(faults)

    def _faults_of_certified(self):
        changed = [
            form.instance.pk for form in self.initial_forms if form.has_changed()
        ]
        certified = Attendance.objects.filter(session__in=changed)
        if certified.exclude(certified_at=None).exists():
            yield CERTIFIED


class SessionInline(admin.TabularInline):
    """Once the occasion has been opened, people hear of a change: by its plan."""

    model = Session
    formset = SessionFormSet
    exclude = ["ref"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return _is_planned(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _is_planned(obj) and super().has_change_permission(request, obj)


class QuotaInline(ReadOnlyMixin, admin.TabularInline):
    """Set on the page of quotas, which judges all of them together."""

    model = Quota
    extra = 0


class AccessibilityCardForm(forms.ModelForm):
    def clean(self):
        super().clean()
        ask_by = self.cleaned_data.get("ask_by")
        if not (ask_by and self.instance.occasion_id):
            return
        first_day = plan_of(self.instance.occasion).first_day
        if sentence := late_card(ask_by, first_day):
            self.add_error("ask_by", sentence)


class AccessibilityCardInline(admin.StackedInline):
    model = AccessibilityCard
    form = AccessibilityCardForm
    extra = 0
    can_delete = False


def _is_planned(occasion):
    return occasion is None or occasion.status == OccasionStatus.PLANNED


@admin.register(Occasion)
class OccasionAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    """The status moves only through the actions, each a service with its checks."""

    list_display = [
        "ref",
        "course",
        "provider",
        "first_starts_at",
        "seats_taken",
        "capacity",
        "status",
    ]
    list_filter = ["status", "delivery", "course__theme", "provider"]
    search_fields = ["ref", "course__title", "course__code", "place"]
    list_select_related = ["course", "provider"]
    autocomplete_fields = ["course", "provider"]
    readonly_fields = ["status", "plan_page", "quotas_page"]
    inlines = [SessionInline, AccessibilityCardInline, QuotaInline]
    actions = ["open", "start", "complete", "cancel"]
    object_history_template = "simple_history/occasion_history.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_first_session().with_seats()

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Lock what is saved, so that a seat or a step meanwhile is not overwritten."""
        if object_id and request.method == "POST":
            occasion = self.get_object(request, unquote(object_id))
            if occasion:
                lock(occasion)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request, form, formsets, change):
        """Offer the seats that more room has set free."""
        super().save_related(request, form, formsets, change)
        services.move_up(form.instance)

    def history_view(self, request, object_id, extra_context=None):
        """Tell what was changed on the sessions as well: they have no own page."""
        occasion = self.get_object(request, unquote(object_id))
        changes = session_changes(occasion) if occasion else []
        context = {**(extra_context or {}), "session_changes": changes}
        return super().history_view(request, object_id, context)

    @admin.display(description=_("first session"), ordering="first_starts_at")
    def first_starts_at(self, occasion):
        return occasion.first_starts_at

    @admin.display(description=_("seats taken"), ordering="seats_taken")
    def seats_taken(self, occasion):
        return occasion.seats_taken

    @admin.display(description=_("sessions"))
    def plan_page(self, occasion):
        if occasion.pk is None:
            return _("Add them below, or on the page of the plan later.")
        url = reverse("trainings:plan", args=[occasion.ref])
        return format_html('<a href="{}">{}</a>', url, _("Change them in the plan"))

    @admin.display(description=_("quotas"))
    def quotas_page(self, occasion):
        if occasion.pk is None:
            return _("Set them when the occasion is saved.")
        url = reverse("trainings:quotas", args=[occasion.ref])
        return format_html('<a href="{}">{}</a>', url, _("Set them on their page"))

    @admin.action(description=_("Open for nomination"), permissions=["change"])
    def open(self, request, occasions):
        self._move(request, occasions, services.open_occasion)

    @admin.action(description=_("Start"), permissions=["change"])
    def start(self, request, occasions):
        self._move(request, occasions, services.start_occasion)

    @admin.action(description=_("Complete"), permissions=["change"])
    def complete(self, request, occasions):
        self._move(request, occasions, services.complete_occasion)

    @admin.action(description=_("Cancel the occasion"), permissions=["change"])
    def cancel(self, request, occasions):
        """Lead to the page that asks why; each occasion has a reason of its own."""
        if len(occasions) > 1:
            sentence = _(
                "Choose one occasion at a time: each is cancelled for a reason."
            )
            self.message_user(request, sentence, messages.ERROR)
            return None
        return redirect("trainings:occasion-step", occasions[0].ref, "cancel")

    def _move(self, request, occasions, step):
        for occasion in occasions:
            try:
                moved = step(occasion=occasion, actor=request.user)
            except DomainError as refusal:
                for sentence in str(refusal).splitlines():
                    told = f"{occasion}: {sentence}"
                    self.message_user(request, told, messages.ERROR)
            else:
                now = moved.get_status_display()
                self.message_user(request, f"{occasion}: {now}", messages.SUCCESS)
