"""Pages are asked on Monday 23 November 2026, with the shipped content live."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from dosing.content.digest import digest_of
from dosing.content.load import shipped_formulary
from dosing.engine.codec import canonical, encode
from dosing.models import ContentRelease

from .posting import fields_of

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
Asking = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def content(db: None) -> ContentRelease:
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
def posted(client: Client, content: ContentRelease) -> Asking:
    """Post a payload as the page's form would; htmx=True asks for the answer alone."""

    def ask(payload: dict[str, Any], *, htmx: bool = False, to: str = "/") -> Any:
        headers = {"HX-Request": "true"} if htmx else {}
        return client.post(to, fields_of(payload), headers=headers)

    return ask


@pytest.fixture
def sheet(posted: Asking) -> Callable[[dict[str, Any]], HttpResponse]:
    """The plan sheet for a payload."""
    return lambda payload: posted(payload, to="/sheet/")
