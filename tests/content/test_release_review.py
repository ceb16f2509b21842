"""What the reviewer reads on the page of a release: difference, impact, what is in the way."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from dosing.content import impact_run, lifecycle
from dosing.models import ContentRelease, ImpactRun

from .releases import NOW, WHY, People, release
from .test_admin import said
from .test_release_page import disabled, enabled, page, step


def test_the_reviewer_reads_what_differs_from_the_live_release(they: People, at: Any) -> None:
    live = release("live", they)
    row = release("in-review", they)
    html = at(they.reviewer).get(page(row)).content.decode()
    assert "Against edition live, which is live" in html
    assert "1 difference, the weightiest first." in html
    assert f"?before={live.digest.replace(':', '%3A')}&amp;after=" in html
    own = at(they.reviewer).get(page(live)).content.decode()
    assert "Against edition live" not in own


def test_an_altered_release_has_no_difference_in_words(they: People, at: Any) -> None:
    release("live", they)
    row = release("in-review", they)
    document = row.document.replace('"q24h"', '"q12h"', 1)
    ContentRelease.objects.filter(pk=row.pk).update(document=document)
    html = at(they.reviewer).get(page(row)).content.decode()
    assert "This release was altered" in html
    assert "the weightiest first" not in html
    assert "Against edition live" not in html


def test_the_impact_stands_on_the_reviewer_s_page(
    they: People, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, row = release("live", they), release("in-review", they)
    started: list[ImpactRun] = []
    monkeypatch.setattr(impact_run, "spawn_child", started.append)
    browser = at(they.reviewer)
    html = browser.get(page(row)).content.decode()
    (address,) = re.findall(r'action="(/content/impact/[^"]+)"', html)
    assert "htmx" not in html, "nothing to ask for while nothing runs"
    answer = browser.post(unescape(address))
    assert answer["Location"] == f"{page(row)}#whom"
    assert [(run.before, run.after) for run in started] == [(live.digest, row.digest)]
    html = browser.get(page(row)).content.decode()
    assert 'hx-trigger="every 1s"' in html
    assert "Starting." in html
    (asked,) = re.findall(r'hx-get="(.*?)"', html)
    part = browser.get(unescape(asked), headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{asked}"' in part, "it goes on asking as it began"


def test_what_is_in_the_way_now_keeps_a_reviewed_release_from_its_next_step(
    they: People, at: Any, now: Any
) -> None:
    rows = {state: release(state, they) for state in ("in-review", "approved")}
    shown = at(they.administrator).get(page(rows["in-review"]))
    assert "Readiness: nothing is in the way." in said(shown)
    assert "Approve" in enabled(shown)
    now.move_to(NOW + timedelta(days=4000))
    not_ready = "It is not ready: see what is in the way, above."
    for state, titles in (
        ("in-review", ["Approve"]),
        ("approved", ["Set live now", "Set live at this time"]),
    ):
        shown = at(they.administrator).get(page(rows[state]))
        assert "In the way" in said(shown)
        assert [disabled(shown)[title] for title in titles] == [not_ready] * len(titles)
        assert "Withdraw this release" in enabled(shown) or state == "in-review"
    browser = at(they.administrator)
    for state, action in (("in-review", "approve"), ("approved", "go-live")):
        answer = browser.post(step(rows[state], action), {"reason": WHY})
        assert "This content is not ready. In the way:" in said(answer)
        rows[state].refresh_from_db()
        assert rows[state].state == state
    with pytest.raises(lifecycle.NotAllowed, match="not ready"):
        lifecycle.schedule(
            release=rows["approved"],
            by=they.publisher,
            reason=WHY,
            at=NOW + timedelta(days=4001),
        )
