"""Which settings this process runs with."""

import os

SETTINGS = {
    "default": "kompetenslyft.settings.embedded",
    "production": "kompetenslyft.settings.base",
    "test": "kompetenslyft.settings.test",
}


def choose_settings() -> None:
    """Point Django at the settings that PORTAL_ENV names.

    Without it the portal runs in the default mode: one machine, no server
    beside it. An unknown name stops the start.
    """
    name = os.environ.get("PORTAL_ENV", "default")
    if name not in SETTINGS:
        choices = ", ".join(SETTINGS)
        raise SystemExit(f"PORTAL_ENV is {name!r}; it can be one of: {choices}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS[name])
