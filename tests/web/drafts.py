"""Drafts beside the live content, and how they are asked for and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from dosing.content.digest import digest_of
from dosing.content.load import shipped_formulary
from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease
from tests.content.faults import change_row

from . import papers
from .posting import fields_of

SHOUT = "Draft, not for patients"
#: What FIRST comes to: by the shipped content, and by the draft made of it here.
LIVE_DOSE, DRAFT_DOSE = "475\u00a0mg", "285\u00a0mg"
BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
PAGES = ("", "compare/", "sheet/", "sheet.pdf", "reference/dialysis/")
At = Callable[[str], Client]


def changed() -> Formulary:
    """The shipped edition with 3 mg/kg where FIRST is given 5."""
    shipped = replace(shipped_formulary(), edition="2031.1")
    return change_row(shipped, "vial", lambda table: table.rows[0], amount=Decimal("3"))


def frozen(formulary: Formulary, **values: Any) -> ContentRelease:
    document = canonical(encode(formulary))
    return ContentRelease.objects.create(
        edition=formulary.edition,
        digest=digest_of(document),
        document=document,
        frozen_at=timezone.now(),
        **values,
    )


def address(release: ContentRelease, page: str = "") -> str:
    return f"/content/preview/{release.pk}/{page}"


def post(client: Client, to: str, payload: dict[str, Any], *, htmx: bool = False) -> HttpResponse:
    headers = {"HX-Request": "true"} if htmx else {}
    answer: Any = client.post(to, fields_of(payload), headers=headers)
    return answer


def words(answer: Any) -> str:
    """The text of a page, of a fragment or of a PDF."""
    if answer["Content-Type"] == "application/pdf":
        return " ".join(papers.pages(answer.content))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
