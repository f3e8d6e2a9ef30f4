"""Networks and their meetings, for project leaders."""

from django.contrib import admin
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.admin import PeopleMixin
from core.admin import FixedKeysMixin, HistoryAdmin, KeepRowsMixin
from core.querysets import subtotal
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember


@admin.register(Network)
class NetworkAdmin(FixedKeysMixin, KeepRowsMixin, admin.ModelAdmin):
    list_display = ["name", "ref", "role_code", "members_today"]
    search_fields = ["name", "ref", "role_code"]

    def get_queryset(self, request):
        today = NetworkMember.objects.on(timezone.localdate())
        members = subtotal(today, Count("pk"), per="network")
        return super().get_queryset(request).annotate(members_today=members)

    @admin.display(description=_("members today"), ordering="members_today")
    def members_today(self, network):
        return network.members_today


@admin.register(NetworkMember)
class NetworkMemberAdmin(PeopleMixin, KeepRowsMixin, HistoryAdmin):
    list_display = ["network", "participant", "company", "joined_on", "left_on"]
    list_filter = ["network", ("left_on", admin.EmptyFieldListFilter)]
    search_fields = ["network__name", "participant__ref"]
    list_select_related = ["network", "participant__company"]
    autocomplete_fields = ["network", "participant"]

    @admin.display(description=_("company"))
    def company(self, member):
        return member.participant.company


@admin.register(Meeting)
class MeetingAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    list_display = ["title", "network", "starts_at", "minutes", "host"]
    list_filter = ["network", "starts_at"]
    search_fields = ["title", "ref", "network__name"]
    list_select_related = ["network", "host"]
    autocomplete_fields = ["network", "host"]


@admin.register(MeetingAttendance)
class MeetingAttendanceAdmin(PeopleMixin, KeepRowsMixin, HistoryAdmin):
    list_display = ["meeting", "participant", "minutes"]
    list_filter = ["meeting__network"]
    search_fields = ["meeting__title", "participant__ref"]
    list_select_related = ["meeting__network", "participant"]
    autocomplete_fields = ["meeting", "participant"]
