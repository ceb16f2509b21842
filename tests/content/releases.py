"""Releases in every state, as rows, and the people who move them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from dosing.content.digest import digest_of
from dosing.content.lifecycle import NotAllowed
from dosing.content.roles import ROLES, set_up_roles
from dosing.engine.codec import canonical, encode
from dosing.models import AuditEntry, ContentRelease

from .small_formulary import small_formulary

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=1)
WHY = "Because of the new label."


@dataclass(frozen=True)
class People:
    """One user for each role, an author, an administrator, and one with no role."""

    author: User
    editor: User
    reviewer: User
    publisher: User
    visitor: User
    administrator: User


def people() -> People:
    """Everyone, each in the group of that name."""
    set_up_roles()
    made = {name: User.objects.create_user(name, is_staff=True) for name in (*ROLES, "visitor")}
    for name in ROLES:
        made[name].groups.add(Group.objects.get(name=name))
    author = User.objects.create_user("author", is_staff=True)
    author.groups.add(Group.objects.get(name="editor"))
    return People(
        author=author, administrator=User.objects.create_superuser("administrator"), **made
    )


def columns(state: str, they: People) -> Mapping[str, Any]:
    """The columns of a release in this state."""
    sent = {"sent_by": they.author, "sent_at": EARLIER}
    approved = sent | {
        "review": "approved",
        "approved_by": they.reviewer,
        "approved_at": EARLIER,
    }
    used = approved | {"live_by": they.publisher, "live_from": EARLIER}
    return {
        "draft": {},
        "in-review": sent | {"review": "in-review"},
        "returned": sent
        | {
            "review": "returned",
            "returned_by": they.reviewer,
            "returned_at": EARLIER,
            "comment": "A band is wrong.",
        },
        "approved": approved,
        "scheduled": used | {"use": "scheduled", "live_from": NOW + timedelta(hours=1)},
        "live": used | {"use": "live"},
        "superseded": used | {"use": "superseded", "live_from": EARLIER - timedelta(days=30)},
        "withdrawn": used | {"use": "withdrawn"},
        "shipped": {"is_shipped": True, "use": "live", "live_from": EARLIER},
    }[state]


def release(state: str, they: People, edition: str = "", **values: Any) -> ContentRelease:
    """A release in this state, with a name and a digest of its own."""
    name = edition or f"edition {state}"
    document = canonical(encode(replace(small_formulary(), edition=name)))
    made: dict[str, Any] = {"digest": digest_of(document), "document": document}
    return ContentRelease.objects.create(
        edition=name, frozen_at=EARLIER, **(made | dict(columns(state, they)) | values)
    )


def refusal(call: Callable[[], object]) -> NotAllowed:
    with pytest.raises(NotAllowed) as caught:
        call()
    return caught.value


def history() -> list[tuple[str, str, str]]:
    """Action, who, of which edition, oldest first."""
    rows = AuditEntry.objects.order_by("at", "pk").select_related("by", "release")
    return [
        (row.action, row.by.username if row.by else "", row.release.edition if row.release else "")
        for row in rows
    ]
