"""A database from before the life cycle keeps its live shipped release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = "0003_second_line", "0004_release_life_cycle"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def migrated(name: str) -> Any:
    """The models as they are after this migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([("dosing", name)])
    return executor.loader.project_state([("dosing", name)]).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Callable[[], Any]]:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("dosing")
    yield lambda: migrated(BEFORE)
    MigrationExecutor(connection).migrate(latest)


def test_the_live_shipped_release_stays_live_and_its_history_begins(
    before: Callable[[], Any],
) -> None:
    old = before().get_model("dosing", "ContentRelease")
    old.objects.create(
        edition="2026.2",
        digest="sha256:one",
        document="{}",
        frozen_at=NOW,
        is_shipped=True,
        is_live=True,
    )
    old.objects.create(edition="ours", digest="sha256:two", document="{}", frozen_at=NOW)
    apps = migrated(AFTER)
    release = apps.get_model("dosing", "ContentRelease")
    kept = release.objects.get(use="live")
    assert (kept.edition, kept.review, kept.live_from) == ("2026.2", "draft", NOW)
    assert release.objects.get(edition="ours").use == "unused"
    (begun,) = apps.get_model("dosing", "AuditEntry").objects.all()
    assert (begun.release_id, begun.action, begun.at) == (kept.pk, "ship", NOW)
