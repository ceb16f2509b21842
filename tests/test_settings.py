"""The environment is read strictly: a clear value, or a refusal that says what is allowed."""

import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.logs import WithoutValues

HERE = Path("unused")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda: env.flag("X", default=False), "True", True),
        (lambda: env.flag("X", default=True), "False", False),
        (lambda: env.flag("X", default=True), "", True),
        (
            lambda: env.host_names("X", default=[]),
            "a.example, b.example",
            ["a.example", "b.example"],
        ),
        (lambda: env.time_zone("X", default="UTC"), "Europe/London", "Europe/London"),
        (lambda: env.time_zone("X", default="UTC"), " ", "UTC"),
        (lambda: env.database("X", sqlite_file=HERE)["NAME"], "postgresql://u:p@h:1/ward", "ward"),
        (lambda: env.secret_key("X", file=HERE), "k" * 50, "k" * 50),
        (lambda: env.choice("X", default="say", allowed=("say", "stop")), "stop", "stop"),
        (lambda: env.choice("X", default="say", allowed=("say", "stop")), "", "say"),
    ],
)
def test_a_clear_value_is_taken(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], object], value: str, expected: object
) -> None:
    monkeypatch.setenv("X", value)
    assert read() == expected


@pytest.mark.parametrize(
    ("read", "value", "allowed"),
    [
        *(
            (lambda: env.flag("X", default=False), value, "True or False")
            for value in ("true", "1", "yes", "ture", "0")
        ),
        *(
            (lambda: env.host_names("X", default=[]), value, "host names without scheme")
            for value in ("*", "https://a.example", "a.example:80", "a.example,,b.example", "a b")
        ),
        *(
            (lambda: env.time_zone("X", default="UTC"), value, "Europe/London")
            for value in ("London", "+01:00", "../etc/passwd")
        ),
        *(
            (
                lambda: env.database("X", sqlite_file=HERE),
                value,
                "postgresql://user|database's name",
            )
            for value in ("mysql://u:hidden@h/n", "ward.sqlite3", "postgresql://u:hidden@h")
        ),
        (lambda: env.secret_key("X", file=HERE), "hidden", "at least 50"),
        *(
            (
                lambda: env.choice("X", default="say", allowed=("say", "stop")),
                value,
                "say or stop, written exactly so",
            )
            for value in ("Stop", "True", "stopp")
        ),
    ],
)
def test_anything_else_is_refused_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], object], value: str, allowed: str
) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=allowed) as refusal:
        read()
    assert "variable X is" in str(refusal.value)
    assert "hidden" not in str(refusal.value)  # no password, no key in an error message


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("X", raising=False)
    file = tmp_path / "var" / "secret-key"
    with ThreadPoolExecutor(8) as workers:
        keys = set(workers.map(lambda _: env.secret_key("X", file=file), range(64)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret-key"]


def test_without_a_database_url_it_is_a_file_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("X", raising=False)
    entry = env.database("X", sqlite_file=tmp_path / "var" / "db.sqlite3")
    assert entry == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": tmp_path / "var" / "db.sqlite3",
    }


def test_a_logged_error_shows_where_and_not_what() -> None:
    try:
        int("70.3 kg")
    except ValueError:
        text = WithoutValues().formatException(sys.exc_info())
    assert "ValueError (message withheld)" in text
    assert "test_settings.py" in text
    assert "invalid literal" not in text
