"""All settings, in one file. What an installation may change comes from the environment (env.py).

| variable | default | meaning |
|---|---|---|
| DATABASE_URL | SQLite in var/ | postgresql://user:password@host:port/name |
| SECRET_KEY | made once in var/ | at least 50 random characters |
| ALLOWED_HOSTS | 127.0.0.1,localhost | host names this server answers to |
| HTTPS | False | True behind a proxy that speaks https: cookies travel only encrypted |
| TIME_ZONE | UTC | the ward's; printed on the sheet |
| IDLE_SECONDS | 600 | after so long without use a page empties itself, from 60 to 3600 |
| MONITORING_POLICY | (none) | one policy for every plan here; none: chosen on the page |
| REVIEW_OVERDUE | say | stop: what is past its review date is not used; say: that is only said |
| DEBUG | False | True on a developer's own machine only |
"""

from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # everything this machine makes for itself; ignored by git

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret_key("SECRET_KEY", file=VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.host_names("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])

INSTALLED_APPS = [
    "dosing.apps.DosingConfig",  # first: its templates win over the packages'
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # static files need no session
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell nothing
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
# A misspelt field in a layout is an error, not a blank on the page.
CRISPY_FAIL_SILENTLY = False

# Database
DATABASES = {"default": env.database("DATABASE_URL", sqlite_file=VAR_DIR / "db.sqlite3")}
# Opening a connection costs more than most of our queries.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers go on while one writes.
        "init_command": "PRAGMA journal_mode=WAL",
        # A transaction asks for the write lock at its start, where waiting works. Asked for later,
        # SQLite refuses at once ("database is locked") instead of waiting.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for that lock
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who is who
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
HTTPS = env.flag("HTTPS", default=False)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# No script needs the token from the cookie: forms carry it.
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Headers
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Nothing inline, nothing from elsewhere: what is not named here, a browser neither loads nor runs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# A calculation is a few hundred bytes, a content page of the admin a few hundred fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# A workstation on a ward is shared: a page left alone empties itself.
IDLE_SECONDS = env.whole_number("IDLE_SECONDS", default=600, at_least=60, at_most=3600)

# A policy for the whole installation; without one it is chosen on the page.
MONITORING_POLICY = env.slug("MONITORING_POLICY")

# A release, a drug or a regimen past its review date: say so beside every dose, or stop using it.
REVIEW_OVERDUE = env.choice("REVIEW_OVERDUE", default="say", allowed=("say", "stop"))

# Words and dates
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")

# Static files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names carry a hash of the content, so no browser lays yesterday's style over today's page.
    # Tests replace it by the plain storage (tests/conftest.py).
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Logs go to standard error. No request body, no query string and no exception message is written:
# each may hold clinical values. Nothing is mailed either: Django's default mails request bodies.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.WithoutValues",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # runserver's access log writes whole URLs.
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        # These tell each step of making a PDF, and quote from the page.
        "weasyprint": {"handlers": ["nowhere"], "propagate": False},
        "fontTools": {"handlers": ["nowhere"], "propagate": False},
    },
}
