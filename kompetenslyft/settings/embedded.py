"""Settings for one machine with no server beside it: SQLite and a queue of files.

The default mode. `DATABASE_URL` and `REDIS_URL` are still heard when they are set.
"""

import os
from pathlib import Path
from urllib.parse import quote

from core.keys import make_keys

_root = Path(__file__).resolve().parents[2]
if not os.environ.get("PORTAL_VAR"):  # Empty would mean the folder one stands in.
    os.environ["PORTAL_VAR"] = str(_root / "var")
_var = Path(os.environ["PORTAL_VAR"]).resolve()
_var.mkdir(parents=True, exist_ok=True, mode=0o700)  # Names and addresses lie in it.
for _folder in (
    "cache",
    "files",
    "queue/messages",
    "queue/control",
    "locks",
    "mail",
    "static",
):
    (_var / _folder).mkdir(parents=True, exist_ok=True, mode=0o700)
for _name, _value in make_keys(_var / "keys").items():
    os.environ.setdefault(_name, _value)
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_var / 'portal.sqlite3'}")
_has_redis = bool(os.environ.get("REDIS_URL"))
os.environ.setdefault("REDIS_URL", "")
os.environ.setdefault("TRUSTED_PROXY_COUNT", "0")
os.environ.setdefault("STATIC_ROOT", str(_var / "static"))
os.environ.setdefault("EMAIL_URL", f"filemail:///{_var / 'mail'}")
os.environ.setdefault("SMS_URL", f"filesms://{quote(str(_var / 'mail'))}")

from .base import *  # noqa: E402, F403 - The environment is filled in first.
from .base import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, VAR  # noqa: E402

PREPARES_DATABASE = True
KEYS_FOLDER = VAR / "keys"

# Plain http on this machine.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 0
LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrftoken"
LANGUAGE_COOKIE_NAME, KIOSK_COOKIE_NAME = "language", "kiosk"
CSRF_TRUSTED_ORIGINS: list[str] = []
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# No collectstatic: files are found where they lie.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "ENGINE": "core.sqlite",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            # A reader that turns into a writer would be refused at once, not wait.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }

if not _has_redis:
    CACHES = {
        "default": {
            "BACKEND": "core.cache.SharedFileCache",
            "LOCATION": VAR / "cache",
            # Past so many, counters of tries would be thrown away.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    CELERY_BROKER_URL = "filesystem://localhost"  # The folders are below.
    CELERY_BROKER_TRANSPORT = "core.queue:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "queue/messages"),
        "data_folder_out": str(VAR / "queue/messages"),
        "control_folder": str(VAR / "queue/control"),
        "polling_interval": 0.05,
    }
