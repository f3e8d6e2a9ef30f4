"""What production must be told before it starts, and what it does not take.

Everything is judged at once, so that an operator mends it in one go. A sentence names
a variable and never quotes its value.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

NEEDED = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "NUMBER_KEYS",
    "PERSON_KEY_SECRET",
    "REDIS_URL",
    "SECRET_KEY",
)
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")  # A colon ends it in a ciphertext.
_SHORTEST_SECRET = 50
_FEWEST_SIGNS = 12
_MOST_SCAN_MB = 24  # A request has at most 25, see kompetenslyft/web.py.
_LOST_MAIL = ("consolemail", "dummymail", "memorymail")


def faults(environment: Mapping[str, str]) -> list[str]:
    """Return all that is missing or unfit, a phrase for each; none: it may start."""
    return list(_faults(environment))


def _faults(environment: Mapping[str, str]) -> Iterator[str]:
    if missing := [name for name in NEEDED if not environment.get(name)]:
        yield f"Production needs {', '.join(missing)}"
    for name, (is_fit, sentence) in _RULES.items():
        if environment.get(name) and not is_fit(environment[name]):
            yield f"{name} {sentence}"
    if twice := _used_twice(environment):
        yield f"{' and '.join(twice)} must not hold the same key"
    hosts = environment.get("ALLOWED_HOSTS", "")
    if _has_wildcard(hosts) and not environment.get("PORTAL_URL"):
        yield "ALLOWED_HOSTS with a wildcard needs PORTAL_URL, which letters lead to"


def _names_hosts(text: str) -> bool:
    hosts = [host.strip() for host in text.split(",")]
    return all(hosts) and not any("*" in host or "/" in host for host in hosts)


def _has_wildcard(text: str) -> bool:
    return any(host.strip().startswith(".") for host in text.split(","))


def _is_postgres(text: str) -> bool:
    return text.startswith(("postgres://", "postgresql://"))


def _is_key(text: object) -> bool:
    return isinstance(text, str) and _key_bytes(text) is not None


def _key_bytes(text: str) -> bytes | None:
    """Return the key, or None if it is no key: short, or the same few bytes again."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return key if len(key) == _KEY_BYTES and len(set(key)) >= _FEWEST_SIGNS else None


def _number_keys(text: str) -> dict[str, object]:
    try:
        keys = json.loads(text)
    except ValueError:
        return {}
    return keys if isinstance(keys, dict) else {}


def _are_number_keys(text: str) -> bool:
    keys = _number_keys(text)
    names_fit = all(_KEY_ID.fullmatch(name) for name in keys)
    return bool(keys) and names_fit and all(_is_key(key) for key in keys.values())


def _is_strong(text: str) -> bool:
    return (
        len(text) >= _SHORTEST_SECRET
        and len(set(text)) >= _FEWEST_SIGNS
        and not text.startswith("django-insecure-")
    )


def _goes_out(text: str) -> bool:
    return not text.startswith(_LOST_MAIL)


def _takes_texts(text: str) -> bool:
    """Whether text messages go to a service, in secret and named, or to files."""
    if text.startswith("filesms:///"):
        return True
    try:
        way = urlsplit(text)
    except ValueError:
        return False
    return (
        way.scheme == "https" and bool(way.hostname) and "from" in parse_qs(way.query)
    )


def _fits_a_request(text: str) -> bool:
    return text.isdecimal() and 1 <= int(text) <= _MOST_SCAN_MB


def _is_an_address(text: str) -> bool:
    _name, at, host = text.rstrip("> ").rpartition("@")
    return bool(at) and "." in host


def _used_twice(environment: Mapping[str, str]) -> list[str]:
    """Return the variables that hold a key which stands somewhere else, too."""
    named = [
        (name, environment[name])
        for name in ("PERSON_KEY_SECRET", "PERSON_KEY_SECRET_NEXT", "SECRET_KEY")
        if environment.get(name)
    ]
    number_keys = _number_keys(environment.get("NUMBER_KEYS", ""))
    named += [("NUMBER_KEYS", str(key)) for key in number_keys.values()]
    counts = Counter(key for _name, key in named)
    return sorted({name for name, key in named if counts[key] > 1})


_RULES: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "ALLOWED_HOSTS": (_names_hosts, "must name the portal's own hosts, without *"),
    "DATABASE_URL": (_is_postgres, "must name a PostgreSQL database"),
    "DEFAULT_FROM_EMAIL": (_is_an_address, "must be an e-mail address"),
    "EMAIL_URL": (_goes_out, "must name a mail server, such as smtp+tls://…"),
    "MIGRATE_DATABASE_URL": (_is_postgres, "must name a PostgreSQL database"),
    "NUMBER_KEYS": (_are_number_keys, 'must look like {"1": "base64 of 32 bytes"}'),
    "PERSON_KEY_SECRET": (_is_key, "must be base64 of 32 random bytes"),
    "PERSON_KEY_SECRET_NEXT": (_is_key, "must be base64 of 32 random bytes"),
    "PORTAL_URL": (lambda url: url.startswith("https://"), "must begin with https://"),
    "REDIS_URL": (
        lambda url: url.startswith(("redis://", "rediss://")),
        "must name a Redis server",
    ),
    "SCAN_MAX_MB": (_fits_a_request, "must be a whole number from 1 to 24"),
    "SMS_URL": (_takes_texts, "must look like https://user:password@host/path?from=Me"),
    "SECRET_KEY": (_is_strong, "must be 50 random characters or more"),
}
