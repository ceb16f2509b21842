"""The small formulary, as working rows and as the live release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from dosing.content import live, load
from dosing.content.rows import store
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, Upgrade

from .alterations import next_edition
from .releases import NOW, People, people
from .small_formulary import TODAY, small_formulary
from .upgrades import Ships

# Races need a database with more than one writer. Not collected, rather than skipped: a skipped
# test would count as one that ran.
collect_ignore = [] if connection.vendor == "postgresql" else ["test_races.py"]


@pytest.fixture
def small() -> Formulary:
    return small_formulary()


@pytest.fixture
def rows(db: None, small: Formulary) -> Formulary:
    """The small formulary in the working tables."""
    store(small)
    return small


@pytest.fixture
def live_small(
    db: None, small: Formulary, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ContentRelease]:
    """The small formulary as if it were the shipped edition: loaded, frozen, live."""
    monkeypatch.setattr(load, "shipped_formulary", lambda: small)
    live._decoded.cache_clear()
    done = load.load_shipped(TODAY)
    assert done.live is not None, done.findings
    yield done.live
    live._decoded.cache_clear()


@pytest.fixture
def they(db: None, time_machine: Any) -> People:
    """Everyone who moves releases, at the time the releases of releases.py stand at."""
    time_machine.move_to(NOW, tick=False)
    return people()


@pytest.fixture
def now(they: People, time_machine: Any) -> Any:
    """To let time pass."""
    return time_machine


@pytest.fixture
def shipped(small: Formulary, monkeypatch: pytest.MonkeyPatch) -> Ships:
    """The product as it comes with this edition; the small one was loaded before."""

    def comes_with(content: Formulary) -> Any:
        monkeypatch.setattr(load, "shipped_formulary", lambda: content)
        return load.load_shipped(TODAY)

    comes_with(small)
    return comes_with


@pytest.fixture
def waiting(shipped: Ships, small: Formulary) -> Upgrade:
    """The made-up next edition, over rows nobody has edited."""
    arrived = shipped(next_edition(small)).arrived
    assert isinstance(arrived, Upgrade)
    return arrived


@pytest.fixture
def at(client: Client) -> Any:
    """Somebody's browser."""

    def signed_in(person: User) -> Client:
        client.force_login(person)
        return client

    return signed_in
