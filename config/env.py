"""Readers of the environment that refuse anything but a clear value.

django-environ reads `DEBUG=ture` as False and `DATABASE_URL=postgre://…` as a strange database.
Here each mistake stops the start and the message names the variable, the value and what is allowed.
A variable that is set but empty counts as not set: that is how compose files write "no value".
"""

import os
import re
import secrets
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


def _read(name: str) -> str | None:
    return _env.str(name, default="").strip() or None


def _refusal(name: str, value: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"The environment variable {name} is {value!r}. Allowed: {allowed}."
    )


def flag(name: str, *, default: bool) -> bool:
    value = _read(name)
    if value is None:
        return default
    if value not in ("True", "False"):
        raise _refusal(name, value, "True or False, written exactly so")
    return value == "True"


def whole_number(name: str, *, default: int, at_least: int, at_most: int) -> int:
    value = _read(name)
    if value is None:
        return default
    # isascii: int() would also take digits of other scripts.
    if not (value.isascii() and value.isdigit() and at_least <= int(value) <= at_most):
        raise _refusal(name, value, f"a whole number from {at_least} to {at_most}")
    return int(value)


def host_names(name: str, *, default: list[str]) -> list[str]:
    value = _read(name)
    if value is None:
        return default
    hosts = [host.strip() for host in value.split(",")]
    # A scheme, a port or a bare * are the usual slips; * would switch Django's host check off.
    if any(not host or host == "*" or set(host) & set("/: ") for host in hosts):
        raise _refusal(name, value, "host names without scheme or port, separated by commas")
    return hosts


def choice(name: str, *, default: str, allowed: tuple[str, ...]) -> str:
    value = _read(name) or default
    if value not in allowed:
        raise _refusal(name, value, f"{' or '.join(allowed)}, written exactly so")
    return value


def slug(name: str) -> str:
    """A name of the content (small letters, digits, hyphens), or "" where none is given."""
    value = _read(name) or ""
    if not re.fullmatch(r"[a-z0-9-]*", value):
        raise _refusal(name, value, "a name of small letters, digits and hyphens")
    return value


def time_zone(name: str, *, default: str) -> str:
    value = _read(name) or default
    if value not in zoneinfo.available_timezones():
        raise _refusal(name, value, "a name from the time zone database, such as Europe/London")
    return value


def database(name: str, *, sqlite_file: Path) -> dict[str, Any]:
    """Django's entry for the database: PostgreSQL if the variable says so, else a file here."""
    value = _read(name)
    if value is None:
        sqlite_file.parent.mkdir(mode=0o700, exist_ok=True)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": sqlite_file}
    scheme = value.partition("://")[0]
    if scheme not in ("postgres", "postgresql"):
        # Only the scheme is shown: the rest may hold a password.
        raise _refusal(
            name,
            f"{scheme}://…",
            "postgresql://user:password@host:port/name, or not set for SQLite",
        )
    entry = dict(_env.db_url_config(value))
    if not entry["NAME"]:
        raise _refusal(
            name,
            f"{scheme}://{urlsplit(value).hostname or ''}",
            "a URL that ends in the database's name",
        )
    return entry


def secret_key(name: str, *, file: Path) -> str:
    """The key from the environment, or one made once and kept in a file only its owner reads."""
    value = _read(name)
    if value is not None:
        if len(value) < 50:
            raise _refusal(name, f"… ({len(value)} characters)", "at least 50 random characters")
        return value
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(50))
    return file.read_text()


def _write_once(file: Path, text: str) -> None:
    """Two workers may start at once: each writes its own file, link() lets the first one win."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
