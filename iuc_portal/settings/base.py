"""Settings from the environment; a bad or missing value stops the start with its name.

`DEMO=1` (the default of `make run`) needs nothing: SQLite, a broker of its own, files as
mailbox, demo accounts. Without it `SECRET_KEY` and `ALLOWED_HOSTS` are required.
"""

import tomllib
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from iuc_portal import embedded

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# The version stands once, in pyproject.toml.
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)

# Everything the running portal writes lies here: database, mails, uploads, the broker's socket.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

# `manage.py portal` tells its web that it watches, and writes down how the parts are.
UNDER_PORTAL = env.bool("UNDER_PORTAL", default=False)
PARTS_FILE = VAR_DIR / "parts.json"


def _secret_key() -> str:
    """Return the configured key; a demo makes its own once and keeps it."""
    key = env("SECRET_KEY", default="")
    if key:
        return str(key)
    if not DEMO:
        message = "Set SECRET_KEY (or DEMO=1 to try the portal)."
        raise ImproperlyConfigured(message)
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address people use, for links in mails.
BASE_URL = env("BASE_URL", default=f"http://localhost:{env('PORT', default='8000')}").rstrip("/")

INSTALLED_APPS = [
    # Ours come first, so that our templates override those of the libraries.
    "iuc_portal",
    "iuc_portal.homes",
    "iuc_portal.colleagues",
    "reminders",
    "showcase.open_api",
    "showcase",
    "action_plans",
    "pairings.matching",
    "pairings",
    "applications.assessment",
    "applications.bulk",
    "applications.casework",
    "applications",
    "questionnaires",
    "programme.calls",
    "programme.organisations",
    "programme",
    "accounts",
    "core.duties",
    "core.jobs",
    "core.post",
    "core.papers",
    "core.files",
    "core.threads",
    "core.trail",
    "core.kit",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_fsm",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, so that these carry the policy too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "iuc_portal.middleware.KnownMethodsMiddleware",
    "iuc_portal.middleware.BodySizeMiddleware",
    "iuc_portal.middleware.PublicGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.LookingMiddleware",
    "accounts.middleware.StaffSecondFactorMiddleware",
    "accounts.middleware.UnsentTextMiddleware",
    "programme.organisations.middleware.MovedOrganisationMiddleware",
    "core.kit.middleware.SentTwiceMiddleware",
    "core.kit.middleware.PortalErrorMiddleware",
    "iuc_portal.middleware.ImpossibleValuesMiddleware",
]

ROOT_URLCONF = "iuc_portal.urls"
WSGI_APPLICATION = "iuc_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iuc_portal.context_processors.portal",
            ],
            "builtins": ["core.kit.templatetags.form_token"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database ---------------------------------------------------------------------------
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"),
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The only setting under which several processes write without "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A database that does not answer is an error page in seconds, not a hanging browser.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.UnlikeThePersonValidator"},
    {
        "NAME": "accounts.passwords.LongEnoughValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "accounts.passwords.UncommonValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:after_sign_in"
ACCOUNT_LOGOUT_REDIRECT_URL = "showcase:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpDetails"
ACCOUNT_FORMS = {
    "signup": "accounts.signup.SignUpForm",
    "add_email": "accounts.signup.AddAddressForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How often one address may ask the open interface: allauth's limiter counts.
OPEN_API_RATE = "120/m/ip"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if BASE_URL.startswith("http:") else "https"
ACCOUNT_RATE_LIMITS = {
    # The links of commitments are guessed by nobody; who tries is slowed down all the same.
    "commit_online": "30/h/ip",
    # Forms that came after sign-out, each kept in a session of its own: per form and per visitor.
    "keep_unsent": "5/h/key,60/h/ip",
    # Mails of a call that somebody sends to oneself to see how they read.
    "mail_test": "20/h/user",
}
# Sign-in is limited per address of the visitor: behind proxies it stands in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "IUC portal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
if not DEMO:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # The autosave script reads it.
CSRF_FAILURE_VIEW = "iuc_portal.views.csrf_failure"

# Security headers -------------------------------------------------------------------
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if DEMO else 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Words, dates, numbers --------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [
    ("en-gb", "English"),
    ("es", "Español"),
    ("pt", "Português"),
    ("hi", "हिन्दी"),
    ("ja", "日本語"),
    ("zh-hans", "中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Django abbreviates the months of British English; in a sentence we do not.
FORMAT_MODULE_PATH = ["iuc_portal.formats"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Files ------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# No MEDIA_URL: files are only ever served by a view that checks the right (core.files).
MEDIA_ROOT = VAR_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "core.files.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "iuc_portal.storage.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
# All files of one application together.
APPLICATION_MAX_BYTES = 60 * 1024 * 1024
# The scanner for viruses, e.g. unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310; "" for none.
CLAMAV = env("CLAMAV", default="")
# A file stays in memory until it is looked at: a full disk is met by core.files, which says so.
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MAX_BYTES

# Mail: every mail Django sends becomes a row of the outbox; the worker delivers it with
# the real backend below.
EMAIL_BACKEND = "core.post.backends.OutboxBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="IUC portal <no-reply@iuc.invalid>")
# Where the public writes to the coordination unit; shown on the contact page.
CONTACT_EMAIL = env("CONTACT_EMAIL", default="contact@iuc.invalid")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DIR = VAR_DIR / "mails"
if env("EMAIL_URL", default=""):
    _email = env.email_url("EMAIL_URL")
    OUTBOX_DELIVERY_BACKEND = _email.pop("EMAIL_BACKEND")
    vars().update(_email)
else:
    OUTBOX_DELIVERY_BACKEND = "core.post.backends.FolderBackend"
EMAIL_TIMEOUT = 20

# Celery -----------------------------------------------------------------------------
# Where no Redis is named, a server of our own serves as broker and cache (iuc_portal.embedded).
# `manage.py portal` runs it; whatever runs beside it finds it on its socket.
BROKER_DIR = VAR_DIR / "broker"
REDIS_URL = CELERY_BROKER_URL = env("REDIS_URL", default="")
BROKER_IS_EMBEDDED = not REDIS_URL and embedded.can_serve(BROKER_DIR)
if BROKER_IS_EMBEDDED:
    REDIS_URL = embedded.address(BROKER_DIR)
    CELERY_BROKER_URL = embedded.celery_address(BROKER_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    # An applicant must never wait for a broker that accepts but does not answer.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        # No second try from the web: beat looks again in 30 seconds anyway.
        "max_retries": 0,
        "visibility_timeout": 3600,
    }
else:
    # No server for this machine: messages and cache are files.
    (BROKER_DIR / "queue").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "folder": str(BROKER_DIR / "queue"),
        # Seconds between two looks into the folder: for a wake-up as for a stop.
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Remote control needs a broker that can broadcast.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker however long it is away.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# What a broker answers to rubbish among its keys is no reason for a worker to end.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
# Beat starts with a round of everything, so it remembers nothing: there is no file to be broken.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    # Every 30 seconds: send what waits in the outbox, whatever became of the wake-up.
    "send-outbox": {"task": "core.post.tasks.send_outbox", "schedule": 30.0},
    # Every 30 seconds: queue each reminder that is due by now and not yet recorded.
    "sweep-reminders": {"task": "reminders.tasks.sweep_reminders", "schedule": 30.0},
    # Every 30 seconds: find a worker for each job that waits, remove jobs of last week.
    "sweep-jobs": {"task": "core.jobs.tasks.sweep_jobs", "schedule": 30.0},
    # Every five minutes: once a day, tell those who write of new answers to questions.
    "tell-answers": {"task": "programme.calls.tasks.tell_answers", "schedule": 300.0},
    # Every five minutes: let organisations have the name whose day has come.
    "begin-names": {"task": "programme.organisations.tasks.begin_names", "schedule": 300.0},
    # Every ten minutes: end the proposals of pairings that nobody has answered for too long.
    "lapse-proposals": {"task": "pairings.tasks.lapse_proposals", "schedule": 600.0},
    # Every minute: note which organisations look alike, of those with a new name.
    "compare-names": {"task": "programme.organisations.tasks.compare_names", "schedule": 60.0},
    # Every six hours: remove files that nothing belongs to any more.
    "sweep-files": {"task": "core.files.tasks.sweep_files", "schedule": 6 * 3600.0},
    # Every minute: ask the scanner for viruses about files that came while it was away.
    "scan-files": {"task": "core.files.tasks.scan_files", "schedule": 60.0},
    # Every six hours: forget forms that nobody sends twice any more.
    "sweep-keys": {"task": "core.kit.tasks.sweep_keys", "schedule": 6 * 3600.0},
    # Every six hours: remove sessions that have ended, and the unsent text that waits in them.
    "sweep-sessions": {"task": "core.kit.tasks.sweep_sessions", "schedule": 6 * 3600.0},
    # Every six hours: gather the numbers of many changes to the public list into one.
    "sweep-changes": {"task": "showcase.tasks.sweep_changes", "schedule": 6 * 3600.0},
    # Every ten minutes: seal the record of deeds, once a day.
    "seal-records": {"task": "core.trail.tasks.seal_records", "schedule": 600.0},
    # Every 10 seconds: show /health/ready that beat and a worker are alive.
    "heartbeat": {"task": "core.jobs.tasks.heartbeat", "schedule": 10.0},
}
for _entry in CELERY_BEAT_SCHEDULE.values():
    # What no worker took for a minute is asked for again: a worker that comes back late does not
    # do the same thing a thousand times.
    _entry["options"] = {"expires": 60}

CACHES = {
    "default": {
        "BACKEND": "iuc_portal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "cache"),
        # Few enough would let many made-up names push out the counts of sign-in attempts.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "iuc_portal.logs.TokenlessFormatter",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "filters": {"refusals": {"()": "iuc_portal.logs.NoTraceOfRefusals"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
