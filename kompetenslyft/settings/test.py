"""Settings for the test suite: a throw-away data folder and a fast password hash.

With DATABASE_URL and REDIS_URL the same suite runs on those servers, on a database
and a Redis number of its own, so that two runs never meet.
"""

import os
import tempfile

if not os.environ.get("PORTAL_VAR"):
    os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-test-")

from tests.own_redis import take_redis

if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = take_redis(os.environ["REDIS_URL"])

from .embedded import *  # noqa: F403 - The environment is filled in first.
from .embedded import DATABASES, VAR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"] == "core.sqlite":
    # A file, so that the workers of a test can open it; it need survive no crash.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
else:
    name = DATABASES["default"]["NAME"]
    DATABASES["default"]["TEST"] = {"NAME": f"test_{name}_{os.getpid()}"}
