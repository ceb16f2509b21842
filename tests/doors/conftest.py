"""Three doors on Monday 23 November 2026, with the shipped content live."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from dosing.content.digest import digest_of
from dosing.content.load import shipped_formulary
from dosing.engine import canonical, encode
from dosing.models import ContentRelease

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
ADDRESS = "/api/v1/calculate"
Answer = dict[str, Any]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def make_live() -> ContentRelease:
    """The shipped edition, live, without its working rows."""
    document = canonical(encode(shipped_formulary()))
    return ContentRelease.objects.create(
        edition=shipped_formulary().edition,
        digest=digest_of(document),
        document=document,
        frozen_at=NOW,
        is_shipped=True,
        use="live",
        live_from=NOW,
    )


@pytest.fixture
def content(db: None) -> ContentRelease:
    return make_live()


@pytest.fixture
def command(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[bytes], list[Answer]]:
    """What the command answers to a file, one answer a line."""

    def run(data: bytes) -> list[Answer]:
        file = tmp_path / "cohort.jsonl"
        file.write_bytes(data)
        capsys.readouterr()
        call_command("calculate", str(file))
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


@pytest.fixture
def api(client: Client) -> Callable[[Any], tuple[int, Answer]]:
    """Status and answer of the API to a payload or to a body as it is."""

    def post(payload: Any) -> tuple[int, Answer]:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        response = client.post(ADDRESS, body, content_type="application/json")
        return response.status_code, response.json()

    return post
