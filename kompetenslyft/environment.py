"""Which settings this process runs with, and whether they are whole."""

import base64
import json
import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SETTINGS = {
    "default": "kompetenslyft.settings.embedded",
    "production": "kompetenslyft.settings.base",
    "test": "kompetenslyft.settings.test",
}
ENV_FILE = Path(__file__).resolve().parents[1] / ".env"
PRODUCTION_NEEDS = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "NUMBER_KEYS",
    "PERSON_KEY_SECRET",
    "REDIS_URL",
    "SECRET_KEY",
)
KEY_BYTES = 32
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


def unusable_folder(error: OSError) -> str:
    """Return the sentence for a data folder, or something in it, that fails."""
    return (
        f"The data folder cannot be used: {error.filename}: {error.strerror}. "
        "PORTAL_VAR says which folder it is; the portal must be able to write there."
    )


def _senseless(var: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{var} has a value that makes no sense")


def _settings_module() -> str:
    name = os.environ.get("PORTAL_ENV") or "default"
    if name not in SETTINGS:
        choices = ", ".join(SETTINGS)
        raise SystemExit(f"PORTAL_ENV is {name!r}; it can be one of: {choices}.")
    return SETTINGS[name]


def _refuse_half_a_production() -> None:
    missing = [name for name in PRODUCTION_NEEDS if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(f"Production needs {', '.join(missing)}")
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database")
    if not os.environ["REDIS_URL"].startswith("redis"):
        raise ImproperlyConfigured("REDIS_URL must name a Redis server")
    try:
        number_keys = list(json.loads(os.environ["NUMBER_KEYS"]).values())
        sizes = {len(base64.b64decode(key, validate=True)) for key in number_keys}
    except (ValueError, TypeError, AttributeError):
        sizes = set()
    if sizes != {KEY_BYTES}:
        example = '{"1": "base64 of 32 bytes"}'
        raise ImproperlyConfigured(f"NUMBER_KEYS must look like {example}")
    try:
        size = len(base64.b64decode(os.environ["PERSON_KEY_SECRET"], validate=True))
    except ValueError:
        size = 0
    if size != KEY_BYTES:
        raise ImproperlyConfigured("PERSON_KEY_SECRET must be base64 of 32 bytes")
