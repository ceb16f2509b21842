"""Pages are asked on Monday 23 November 2026, with the shipped content live."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client

from dosing.content.digest import digest_of
from dosing.content.load import load_rows, shipped_formulary
from dosing.content.roles import ROLES, set_up_roles
from dosing.engine.codec import canonical, encode
from dosing.models import ContentRelease

from .drafts import At, changed, frozen
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


@pytest.fixture
def draft(content: ContentRelease) -> ContentRelease:
    """A release that differs from the live one."""
    return frozen(changed())


@pytest.fixture
def rows(content: ContentRelease) -> str:
    """The address of the working rows, which differ from the live release."""
    load_rows(changed())
    return "/content/preview/rows/"


@pytest.fixture
def at(db: None) -> At:
    """A browser of somebody by name; a name that is no role has no right to drafts."""
    set_up_roles()

    def signed_in(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            staff = name != "plain"
            made = (
                User.objects.create_superuser if name == "superuser" else User.objects.create_user
            )
            user = made(name, is_staff=staff)
            if name in ROLES:
                user.groups.add(Group.objects.get(name=name))
            client.force_login(user)
        return client

    return signed_in
