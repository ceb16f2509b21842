"""What every test stands on: settings for tests, the database, the browser, --only-database."""

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import override_settings

# Playwright's synchronous interface runs an event loop in this thread, and Django then takes every
# query for one made inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# No deadline: the first run on a busy machine of two cores is slow, and that is not what is tested.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")

PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only tests that touch the database (`make test` repeats these on PostgreSQL)",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Not a fixture: it must be in force before anything asks for a static file's address.
    override_settings(
        # Hashed names exist only after collectstatic, which live_server does not run.
        STORAGES=settings.STORAGES | {"staticfiles": PLAIN_STATIC},
        # The real ones are slow on purpose.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ).enable()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {connection.display_name}"


def touches_database(item: pytest.Item) -> bool:
    """Marked django_db, one of Django's own test cases, or built on a database fixture.

    fixturenames has every fixture the test rests on, so `live_server`, `admin_client` and our own
    count through the `db` or `transactional_db` beneath them. One fetched by
    request.getfixturevalue does not show: mark such a test django_db.
    """
    built_on = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
    return (
        item.get_closest_marker("django_db") is not None
        or not built_on.isdisjoint(getattr(item, "fixturenames", ()))
        or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    )


# Last, so that pytest-django's sorting and pytest-randomly's shuffling see every test.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        config.hook.pytest_deselected(items=[item for item in items if not touches_database(item)])
        items[:] = [item for item in items if touches_database(item)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in service: in memory, all threads of live_server would share one
    connection, and neither WAL nor waiting for a lock would be tested. A new folder for each run
    lets two runs go on at once."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The system's Chromium (Playwright's own is a download), cut off from every other host."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(chromium).exists():
        pytest.fail(f"No browser at {chromium}: run `make test` once, it installs what is missing.")
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": [
            "--no-sandbox",  # root, as in CI containers, cannot have the sandbox
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }
