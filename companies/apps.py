from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("companies and people")

    def ready(self) -> None:
        from companies import checks  # noqa: F401, PLC0415 - Needs the models.
