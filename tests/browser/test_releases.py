"""Reading and judging a release in a real browser: difference, impact with its progress, access."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from dosing.content import frozen
from dosing.content.digest import digest_of
from dosing.content.impact import impact_of
from dosing.content.load import shipped_formulary
from dosing.content.population import population
from dosing.content.roles import set_up_roles
from dosing.engine.codec import canonical, encode
from dosing.engine.formulary import Formulary
from dosing.models import ContentRelease, ImpactRun
from tests.content.faults import change_row

from .conftest import Watch
from .test_access import SIZES, complaints, sideways

PASSWORD = "a-test-password"


def ours() -> Formulary:
    shipped = replace(shipped_formulary(), edition="ours 1")
    return change_row(shipped, "vial", lambda table: table.rows[1], frequency="q24h")


@pytest.fixture
def pair(content: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The shipped release and ours, live once; a child process is told of this database."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.child_settings")
    monkeypatch.setenv("TEST_DATABASE", str(connection.settings_dict["NAME"]))
    frozen.formulary_of.cache_clear()
    document = canonical(encode(ours()))
    digest = digest_of(document)
    ContentRelease.objects.create(
        edition="ours 1",
        digest=digest,
        document=document,
        frozen_at=timezone.now(),
        is_shipped=True,
        use="superseded",
        live_from=timezone.now(),
    )
    set_up_roles()
    user = get_user_model().objects.create_user("reviewer", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="reviewer"))
    yield "?before=2026.3&after=ours+1"
    frozen.formulary_of.cache_clear()


def come_in(page: Page, address: str) -> None:
    page.set_default_timeout(10000)
    page.goto(address)
    page.get_by_label("Username").fill("reviewer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_reviewer_reads_the_difference_and_the_impact(
    pair: str, watch: Watch, live_server: Any, page: Page
) -> None:
    come_in(page, f"{live_server.url}/content/impact/{pair}")
    page.get_by_role("link", name="The difference in words").click()
    expect(page.get_by_role("listitem").filter(has_text="50 to below 70")).to_contain_text("−50%")
    page.get_by_role("link", name="The impact on a synthetic population").click()
    page.get_by_role("button", name="Calculate with both releases").click()
    expect(page.locator("#impact progress")).to_be_visible()
    assert complaints(page) == []
    seen = progress(page)
    assert len(seen) > 2, "the page follows by itself"
    assert seen == sorted(seen)
    expect(page.locator("#impact .headline")).to_contain_text("would be dosed differently")
    expect(page.locator("#impact svg .column")).to_have_count(12)
    assert complaints(page) == []


def progress(page: Page) -> list[int]:
    """What the page says while it runs, and that the site answers meanwhile."""
    seen: list[int] = []
    headline = page.locator("#impact .headline")
    ends = time.monotonic() + 180
    while not headline.count():
        assert time.monotonic() < ends, f"no result after {seen}"
        said = re.match(r"([\d,]+) of", page.locator("#impact").inner_text())
        if said and (not seen or int(said[1].replace(",", "")) != seen[-1]):
            seen.append(int(said[1].replace(",", "")))
        begin = time.monotonic()
        assert page.request.get(page.url.split("/content")[0] + "/").ok
        assert time.monotonic() - begin < 3, "the site waits for the impact"
        page.wait_for_timeout(200)
    return seen


def test_without_scripts_the_page_loads_anew(pair: str, live_server: Any, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    come_in(page, f"{live_server.url}/content/impact/{pair}")
    page.get_by_role("button", name="Calculate with both releases").click()
    expect(page.locator("#impact progress")).to_be_visible()
    expect(page.locator("#impact .headline")).to_be_visible(timeout=180000)
    context.close()


@pytest.fixture
def judged(pair: str) -> str:
    """A finished run over a small part of the population."""
    before, after = shipped_formulary(), ours()
    some = [one for _, found in population(before, after, 3_000) for one in found]
    now = timezone.now()
    ImpactRun.objects.create(
        before=digest_of(canonical(encode(before))),
        after=digest_of(canonical(encode(after))),
        attempt=1,
        started_at=now,
        heard_at=now,
        finished_at=now,
        done=len(some),
        total=len(some),
        result=encode(impact_of(some, before, after)),
    )
    return pair


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("address", ["/content/", "/content/compare/", "/content/impact/"])
def test_states(
    judged: str,
    watch: Watch,
    live_server: Any,
    page: Page,
    address: str,
    size: tuple[int, int],
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    come_in(page, f"{live_server.url}/content/impact/{judged}")
    page.goto(f"{live_server.url}{address}{judged}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert complaints(page) == []
    assert sideways(page) <= 0, "the page scrolls sideways"


def test_folded_lists_are_printed(
    judged: str, watch: Watch, live_server: Any, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/content/compare/{judged}")
    expect(page.get_by_text("Edition: 2026.3")).to_be_hidden()
    page.pdf(path=tmp_path / "difference.pdf")
    text = " ".join(one.extract_text() for one in PdfReader(tmp_path / "difference.pdf").pages)
    assert "50 to below 70" in text
    assert "Edition: 2026.3" in text.replace("\u00a0", " ")
    assert "Release before" not in text
