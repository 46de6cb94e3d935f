"""The Django settings of one workbench, whose folder is in the environment variable `ASSAY_WORKBENCH`."""

from __future__ import annotations

import os
from pathlib import Path

from assay.workbench.workbench_folder import DATABASE, read_workbench_folder

PLACE = read_workbench_folder(Path(os.environ["ASSAY_WORKBENCH"]))

SECRET_KEY = PLACE.key
DEBUG = False
ALLOWED_HOSTS = list(PLACE.hosts)
ROOT_URLCONF = "assay.workbench.urls"
APPEND_SLASH = False
USE_TZ, TIME_ZONE = True, "Europe/London"
USE_I18N, LANGUAGE_CODE = True, "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "assay.workbench",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "assay.workbench.request_gate.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assay.workbench.request_gate.Gate",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "OPTIONS": {"environment": "assay.workbench.page_rendering.environment"},
    }
]

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": PLACE.folder / DATABASE,
    # A write takes its turn at once and is on disk before it is acknowledged (decision 0102).
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;",
    },
    "CONN_MAX_AGE": None,
}
_CONNECTION = dict(part.split("=", 1) for part in PLACE.postgresql.split())
_POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _CONNECTION.get("dbname", ""),
    "HOST": _CONNECTION.get("host", ""),
    "PORT": _CONNECTION.get("port", ""),
    "USER": _CONNECTION.get("user", ""),
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,  # a connection that the server has closed is opened anew, and nobody is shown an error
}
DATABASES = {"default": _POSTGRESQL if PLACE.postgresql else _SQLITE}

AUTH_USER_MODEL = "workbench.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "assay workbench"

AXES_FAILURE_LIMIT = PLACE.failures
AXES_COOLOFF_TIME = PLACE.locked_minutes / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
"""By code and address: by the code alone, anybody could lock out a named inspector from anywhere."""
AXES_CLIENT_IP_CALLABLE = "assay.workbench.sign_in.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
"""A lock-out ends after `locked_minutes`, however many attempts are made meanwhile."""
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["otp_token"]
AXES_LOCKOUT_CALLABLE = "assay.workbench.sign_in.locked_out"
AXES_VERBOSE = False

_TLS = PLACE.behind_tls
SESSION_COOKIE_AGE = PLACE.idle_minutes * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-assay" if _TLS else "assay"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "assay.workbench.request_gate.forged"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in PLACE.hosts] if _TLS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 0
"""No page accepts a file: every upload is refused."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"bare": {"()": "assay.workbench.log_redaction.RedactRequests"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["bare"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "axes": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
