"""Settings for production; `embedded` and `test` only relax them.

Every value that differs between installations is read from the environment,
and a missing secret stops the start, by name. `.env.example` lists them all.
"""

import codecs
import logging
import sys
from fractions import Fraction
from pathlib import Path

import bootstrap_wrapper
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from kompetenslyft.environment import Env, database_variable
from kompetenslyft.oidc import origins_of
from kompetenslyft.settings.schedule import schedule

BASE_DIR = Path(__file__).resolve().parents[2]

env = Env()

VAR = Path(env.str("PORTAL_VAR", default="") or BASE_DIR / "var").resolve()

# Security: safe unless told otherwise

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
NUMBER_KEYS = env.json("NUMBER_KEYS")  # {"1": base64 of 32 bytes}: the last encrypts.
PERSON_KEY_SECRET = env.str("PERSON_KEY_SECRET")  # Base64 of 32 bytes.
PERSON_KEY_SECRET_NEXT = env.str("PERSON_KEY_SECRET_NEXT", default="")
KEYS_FOLDER: Path | None = None  # Where keys lie that no variable holds.
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # Asked from inside, past the proxy.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
# A name with this prefix is taken from this host alone, and only over https.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
KIOSK_COOKIE_NAME = "__Host-kiosk"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 8 * 60 * 60  # Seconds: a working day.
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Applications, from the foundation up: see [tool.importlinter] in pyproject.toml

FIRST_PARTY_APPS = [
    "core",
    "accounts",
    "companies",
    "trainings",
    "networks",
    "reporting",
    "kompetenslyft",
]
INSTALLED_APPS = [
    "kompetenslyft.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # Templates of allauth.usersessions load it.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "simple_history",
    *FIRST_PARTY_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page needs a login unless it says @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kompetenslyft.second_factor.RequireSecondFactor",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.middleware.KeepOutOfCaches",
    "core.middleware.FindNothingUnderNul",
    "kompetenslyft.refused_method.TellRefusedMethod",
    "companies.kiosk.ReturnToKiosk",
]

ROOT_URLCONF = "kompetenslyft.urls"
WSGI_APPLICATION = "kompetenslyft.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.csp_nonce",
                "kompetenslyft.navigation.navigation",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Sign-in: by e-mail; accounts are made by a project leader, never by a stranger.

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
USERSESSIONS_ADAPTER = "accounts.adapter.UserSessionsAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # Of every change of how somebody signs in.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # An office may share one address.
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "5/5m/user",
    "reset_password": "10/m/ip,3/10m/key",
    "change_password": "5/5m/user",
    # A participant's code: asked for, by client, by client and typed address, and by
    # the address alone, which strangers may know; typed in.
    "own_code_asked": "60/m/ip,600/h/ip",
    "own_code_from_here": "1/m/key,5/h/key",
    "own_code_address": "20/h/key",
    "own_code_typed": "60/m/ip,600/h/ip",
    "kiosk_failed": "20/h/key",  # Wrong codes with any names, by kiosk.
    "report_verified": "60/m/ip,2000/h/ip",  # Files whose checksum strangers ask about.
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)

# The second factor: leaders, funders and suppliers always; see second_factor.py.

HR_SECOND_FACTOR = env.flag("HR_SECOND_FACTOR")
MFA_ADAPTER = "accounts.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
    "login_webauthn": "accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
}
# Addresses are proved by invitation; the library's own proof is not used.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - A class.
)

# Providers of OpenID Connect sign in only whoever has an account already.

OIDC_APPS = env.oidc_apps("OIDC_APPS")
OIDC_ORIGINS = env.origins("OIDC_ORIGINS")
SOCIALACCOUNT_ADAPTER = "accounts.oidc.SocialAccountAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": OIDC_APPS}
}
# The form that signs in leads, in the end, to the provider's own page.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
    *origins_of(OIDC_APPS),
    *OIDC_ORIGINS,
]

# What the pages that a project leader writes are told about this portal.
PAGE_FACTS = "kompetenslyft.page_facts.page_facts"
# The messages whose words a project leader may write.
MESSAGE_KINDS = "trainings.notices.words.KINDS"

# Services

DATABASES = {
    "default": env.db_url(database_variable(sys.argv))
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Compiling the figures' long statement takes seconds and gains nothing.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c jit=off -c work_mem=64MB"
    )
PREPARES_DATABASE = False  # Here whoever deploys decides when to migrate.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 30  # Seconds that a mail server may be silent.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
# How text messages leave, see accounts/sms.py; with neither, none does.
SMS_URL = env.str("SMS_URL", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
SMS_TIMEOUT = 10  # Seconds that the service may be silent.
# What links in letters begin with; empty: the host that the request came to.
PORTAL_URL = env.str("PORTAL_URL", default="")
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
PERSONAL_LINK_DAYS = env.int("PERSONAL_LINK_DAYS", default=90)
# To answer who asks for an adaptation; by the day before the first session anyway.
ACCOMMODATION_ANSWER_DAYS = env.int("ACCOMMODATION_ANSWER_DAYS", default=5)
NOTICE_PAUSE_MINUTES = env.int("NOTICE_PAUSE_MINUTES", default=10)
REMINDER_DAYS = env.int("REMINDER_DAYS", default=2)  # Before the first session.
OFFER_HOURS = env.int("OFFER_HOURS", default=48)  # To answer the offer of a seat,
OFFER_LEAST_HOURS = env.int("OFFER_LEAST_HOURS", default=4)  # close to the start, too.
EVALUATION_DAYS = env.int("EVALUATION_DAYS", default=14)  # After the last session,
EVALUATION_LATE_DAYS = env.int("EVALUATION_LATE_DAYS", default=60)  # and after these.

# A job's row is the truth, so a message may come twice or late; see docs/architecture.

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60 * 60}  # > the time limit.
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60  # Raised inside the task, which says it failed.
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 8
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "scheduler")
JOB_SWEEP_SECONDS = env.float("JOB_SWEEP_SECONDS", default=15)
CELERY_BEAT_SCHEDULE = schedule(sweep_seconds=JOB_SWEEP_SECONDS)

# Files: exports hold figures under embargo, uploads personal data: no public URL

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
]
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR = VAR / "uploads"  # Plain while they are read; see core/uploads.
for _folder in (VAR, FILE_UPLOAD_TEMP_DIR):
    _folder.mkdir(parents=True, exist_ok=True, mode=0o700)
SCAN_MAX_MB = env.int("SCAN_MAX_MB", default=15)  # Of 25 that a request may have.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # A large attendance grid is one form.

# Language and time

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = CELERY_TIMEZONE = "Europe/Stockholm"
USE_TZ = True

# People who were erased are kept, by ref alone, beside the database: a backup of it
# would bring them back. Weeks for which traces of work that is done are kept.

ERASED_PEOPLE_FILE = Path(
    env.str("ERASED_PEOPLE_FILE", default=str(VAR / "erased-people"))
)
FINISHED_KEPT_WEEKS = env.int("FINISHED_KEPT_WEEKS", default=12)
# Addresses of invitations that are over, and the words of answered corrections.
ANSWERED_KEPT_DAYS = env.int("ANSWERED_KEPT_DAYS", default=365)
PARCEL_DAYS = env.int("PARCEL_DAYS", default=14)  # Certificates of a month.
LIST_DAYS = env.int("LIST_DAYS", default=7)  # Lists taken out as files.
MAIL_FILES_KEPT_DAYS = env.int("MAIL_FILES_KEPT_DAYS", default=30)

# Rules of the programme that a contract may change; see docs/figures.md

MIRROR_MARGIN = env.get_value("MIRROR_MARGIN", cast=Fraction, default=Fraction(5, 100))
MIRROR_MARGIN_RELATIVE = env.get_value(
    "MIRROR_MARGIN_RELATIVE", cast=Fraction, default=Fraction(1, 5)
)
# Counts of people from 1 to one less are hidden from funders, and between companies.
SMALLEST_SHOWN = env.int("SMALLEST_SHOWN", default=5)
VERIFY_MAX_MB = env.int("VERIFY_MAX_MB", default=64)  # Of a file that anybody verifies.
# Themes whose courses are leadership courses, whatever their case.
LEADERSHIP_THEMES = env.list("LEADERSHIP_THEMES", default=["ledarskap", "leadership"])
TARGET_FORECAST_DAYS = env.int("TARGET_FORECAST_DAYS", default=30)  # Until the first.
TARGET_WARNING_MARGIN = env.get_value(  # Of the target; less is no warning.
    "TARGET_WARNING_MARGIN", cast=Fraction, default=Fraction(5, 100)
)
# Of the ceiling of de minimis aid, from which a group's ledger warns.
DE_MINIMIS_WARNING_PERCENT = env.int("DE_MINIMIS_WARNING_PERCENT", default=80)

# The monthly file for Statistics Sweden; see docs/operations.md
# The last four of somebody under protected identity; that of men is not published.
STATISTICS_PROTECTED_WOMAN = env.str("STATISTICS_PROTECTED_WOMAN", default="Tf29")
STATISTICS_PROTECTED_MAN = env.str("STATISTICS_PROTECTED_MAN", default="")
STATISTICS_DUE_DAYS = env.int("STATISTICS_DUE_DAYS", default=28)  # After the month.
STATISTICS_FILE_NAME = env.str(
    "STATISTICS_FILE_NAME", default="[month][year]_Projekt[number]"
)
STATISTICS_CSV_ENCODING = env.get_value(
    "STATISTICS_CSV_ENCODING",
    cast=lambda name: codecs.lookup(name).name,
    default="utf-8-sig",
)
STATISTICS_CSV_SEPARATOR = env.get_value(
    "STATISTICS_CSV_SEPARATOR",
    cast={";": ";", ",": ",", "tab": "\t"}.__getitem__,
    default=";",
)
STATISTICS_FILE_DAYS = env.int("STATISTICS_FILE_DAYS", default=35)
# After the programme's last day; at most until its people are kept no longer.
STATISTICS_KEPT_DAYS = env.int("STATISTICS_KEPT_DAYS", default=730)

# What nobody foresaw may quote a person, so no handler writes an error's own words.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "core.logs.PlaceFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Without the handlers that Django gives them.
    "loggers": {
        "django": {"handlers": []},
        "django.server": {"propagate": True},
        "fido2": {"level": "WARNING"},  # Below it, it names people's passkeys.
    },
    "root": {
        "handlers": ["stderr"],
        "level": env.get_value(
            "LOG_LEVEL",
            cast=lambda name: logging.getLevelNamesMapping()[name],
            default=logging.INFO,
        ),
    },
}
