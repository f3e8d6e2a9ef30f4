"""Which providers of OpenID Connect an installation names, read and checked."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

KEYS = {"provider_id", "name", "client_id", "secret", "settings"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Nothing that would end a source of the content security policy.
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
LOOPBACK = {"localhost", "127.0.0.1"}


def read_apps(text: str) -> list[dict[str, Any]]:
    """Return the providers; raise ValueError with what is wrong, and no value."""
    try:
        apps = json.loads(text or "[]")
    except ValueError as error:
        raise ValueError("is not JSON") from error
    if not isinstance(apps, list) or not all(isinstance(app, dict) for app in apps):
        raise ValueError("must be a list of providers, each in braces")
    for number, app in enumerate(apps, start=1):
        if fault := _fault(app):
            raise ValueError(f"says of provider {number} {fault}")
    # By the second the library finds the provider again after a second factor.
    for key in ("provider_id", "client_id"):
        if len({app[key] for app in apps}) < len(apps):
            raise ValueError(f"names a {key} of a provider twice")
    return apps


def read_origins(origins: Iterable[str]) -> list[str]:
    """Return the origins; raise ValueError where one is not scheme and host."""
    found = [origin.strip().lower() for origin in origins]
    if not all(_is_origin(origin) for origin in found):
        raise ValueError("must be origins such as https://login.example.org")
    return found


def origins_of(apps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return where the providers are found, each once."""
    return sorted({_origin(app["settings"]["server_url"]) for app in apps})


def _fault(app: Mapping[str, Any]) -> str:
    """Return what is wrong with one provider, in words without its values."""
    if set(app) != KEYS:
        return "other things than the example does"
    texts = [app[key] for key in sorted(KEYS - {"settings"})]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        return "nothing where it needs a text"
    if not SLUG.fullmatch(app["provider_id"]):
        return "a provider_id with other signs than a to z, 0 to 9 and hyphens"
    settings = app["settings"]
    if not isinstance(settings, dict) or not _is_address(settings.get("server_url")):
        return "no server_url with https among its settings"
    if not isinstance(settings.get("second_factor", False), bool):
        return "a second_factor that is neither true nor false"
    return ""


def _is_address(url: object) -> bool:
    return isinstance(url, str) and _is_origin(_origin(url))


def _is_origin(origin: str) -> bool:
    is_safe = origin.startswith("https:") or urlsplit(origin).hostname in LOOPBACK
    return bool(ORIGIN.fullmatch(origin)) and is_safe


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()
