"""Which settings this process runs with, and whether they are whole."""

import os
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from kompetenslyft import oidc, production

SETTINGS = {
    "default": "kompetenslyft.settings.embedded",
    "production": "kompetenslyft.settings.base",
    "test": "kompetenslyft.settings.test",
}
ENV_FILE = Path(__file__).resolve().parents[1] / ".env"
FLAGS = dict.fromkeys(["1", "true", "yes", "on"], True) | dict.fromkeys(
    ["", "0", "false", "no", "off"], False
)
DATABASE_URL = re.compile(r"postgres(ql)?://[^/]*/.+|sqlite:///.+")


class Env(environ.Env):
    """Reads variables.

    Raises ImproperlyConfigured, which names the variable and never quotes its value.
    """

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        try:
            return super().get_value(var, *args, **options)
        except (ValueError, LookupError, ArithmeticError) as error:
            raise _senseless(var) from error

    def db_url(self, var: str, *args: Any, **options: Any) -> dict[str, Any]:
        if not DATABASE_URL.fullmatch(self.get_value(var)):
            raise ImproperlyConfigured(
                f"{var} must look like postgresql://user:password@host:5432/name"
            )
        try:
            return super().db_url(var, *args, **options)
        except ValueError as error:
            raise _senseless(var) from error

    def flag(self, var: str) -> bool:
        """Return yes or no, False where it is not set; a slip is no quiet no."""
        return self.get_value(var, cast=_flag, default=False)

    def oidc_apps(self, var: str) -> list[dict[str, Any]]:
        try:
            return oidc.read_apps(self.get_value(var, default=""))
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} {error}") from error

    def origins(self, var: str) -> list[str]:
        try:
            return oidc.read_origins(self.list(var, default=[]))
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} {error}") from error

    def email_url(self, var: str, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            return super().email_url(var, *args, **options)
        except (ValueError, ImproperlyConfigured) as error:
            raise _senseless(var) from error


def choose_settings() -> None:
    """Point Django at the settings that PORTAL_ENV names, and try them.

    Without it the portal runs in the default mode: one machine, no server beside
    it. Variables come from the environment and, but for tests, from `.env`, which
    never wins over the environment. Half a configuration stops the start with a
    sentence, before any server or worker has been forked; so does a data folder
    that cannot be used.
    """
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        if os.environ.get("PORTAL_ENV") != "test" and ENV_FILE.is_file():
            environ.Env.read_env(ENV_FILE)
        os.environ["DJANGO_SETTINGS_MODULE"] = _settings_module()
    try:
        if os.environ["DJANGO_SETTINGS_MODULE"] == SETTINGS["production"]:
            _refuse_half_a_production()
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as error:
        hint = "Every variable is explained in .env.example."
        raise SystemExit(f"{str(error).rstrip('.')}. {hint}") from None
    except OSError as error:
        raise SystemExit(unusable_folder(error)) from None


def database_variable(argv: Sequence[str]) -> str:
    """Name the variable that tells which database, and as whom, a command uses.

    `migrate` may have a role of its own, so that the portal's cannot change a table.
    """
    is_migrating = list(argv[1:2]) == ["migrate"]
    own = "MIGRATE_DATABASE_URL"
    return own if is_migrating and os.environ.get(own) else "DATABASE_URL"


def unusable_folder(error: OSError) -> str:
    """Return the sentence for a data folder, or something in it, that fails."""
    return (
        f"The data folder cannot be used: {error.filename}: {error.strerror}. "
        "PORTAL_VAR says which folder it is; the portal must be able to write there."
    )


def _flag(text: str) -> bool:
    return FLAGS[text.strip().lower()]


def _senseless(var: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{var} has a value that makes no sense")


def _settings_module() -> str:
    name = os.environ.get("PORTAL_ENV") or "default"
    if name not in SETTINGS:
        choices = ", ".join(SETTINGS)
        raise SystemExit(f"PORTAL_ENV is {name!r}; it can be one of: {choices}.")
    return SETTINGS[name]


def _refuse_half_a_production() -> None:
    if faults := production.faults(os.environ):
        raise ImproperlyConfigured("; ".join(faults))
