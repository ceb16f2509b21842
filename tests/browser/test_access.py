"""axe finds nothing on any state of the page, wide, narrow and zoomed."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.patients import COMBINATION, FIRST, STOPPED

from .conftest import fill

SIZES = {"wide": (1280, 720), "narrow": (320, 720), "zoomed": (640, 360)}
STATES: dict[str, dict[str, Any] | None] = {
    "empty": None,
    "refused": FIRST | {"weight_kg": "945"},
    "result": FIRST | {"labs": {"anc": "2", "platelets": "140", "haemoglobin": "101"}},
    "caution": COMBINATION,
    "stop": STOPPED["no neutrophils"],
}


def complaints(page: Page) -> list[str]:
    # Preloading writes a style element where a style sheet imports another; the policy refuses it.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("payload", STATES.values(), ids=STATES.keys())
def test_states(desk: Page, payload: dict[str, Any] | None, size: tuple[int, int]) -> None:
    desk.set_viewport_size({"width": size[0], "height": size[1]})
    if payload is not None:
        fill(desk, payload)
        desk.get_by_role("button", name="Calculate").click()
        expect(desk.locator("#answer > [data-state]")).not_to_have_attribute("data-state", "empty")
    assert complaints(desk) == []
    assert sideways(desk) <= 0, "the page scrolls sideways"


def test_the_sheet(desk: Page) -> None:
    fill(desk, COMBINATION)
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Plan sheet (new tab)").click()
    assert complaints(opened.value) == []


def test_the_reference_page(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/reference/dialysis/")
    assert complaints(desk) == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_the_comparison(desk: Page, size: tuple[int, int]) -> None:
    fill(desk, FIRST | {"regimen": "ibd-colitis"})
    with desk.context.expect_page() as opened:
        desk.locator('[name="other"]').first.click()
    page = opened.value
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.locator(".compare")).to_be_visible()
    assert complaints(page) == []
    assert sideways(page) <= 0, "the page scrolls sideways"
