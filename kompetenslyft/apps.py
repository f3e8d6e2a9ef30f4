from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project itself, for the commands that span all apps."""

    name = "kompetenslyft"
