"""Rates, rules and costs of co-financing and state aid, each dated and sourced."""

from django.contrib import admin

from core.admin import HistoryAdmin, KeepRowsMixin
from reporting.models import DeMinimisRule, EligibleCost, TrainingAidRule, UnitCost

_DATED = ["valid_from", "valid_until", "source"]


@admin.register(UnitCost)
class UnitCostAdmin(KeepRowsMixin, HistoryAdmin):
    list_display = ["occupation", "county", "kronor", *_DATED]
    list_display_links = ["kronor"]
    list_filter = ["county", "valid_from"]


@admin.register(TrainingAidRule)
class TrainingAidRuleAdmin(KeepRowsMixin, HistoryAdmin):
    list_display = [
        "valid_from",
        "valid_until",
        "percent",
        "medium_more",
        "small_more",
        "disadvantaged_more",
        "most_percent",
        "ceiling_euros",
        "source",
    ]


@admin.register(DeMinimisRule)
class DeMinimisRuleAdmin(KeepRowsMixin, HistoryAdmin):
    list_display = ["name", "euros", "years", "counting", *_DATED]


@admin.register(EligibleCost)
class EligibleCostAdmin(KeepRowsMixin, HistoryAdmin):
    list_display = ["company", "booked_on", "kind", "kronor", "source"]
    list_filter = ["kind", "booked_on"]
    list_select_related = ["company"]
    autocomplete_fields = ["company"]
