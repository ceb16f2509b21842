"""A draft in a real browser: it shouts wherever one looks, hides nothing, stays with itself."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from dosing.content.digest import digest_of
from dosing.content.load import load_rows, shipped_formulary
from dosing.content.roles import set_up_roles
from dosing.engine.codec import canonical, encode
from dosing.models import ContentRelease
from tests.content.faults import change_row
from tests.web.patients import COLITIS, FIRST, STOPPED

from .conftest import Watch, fill
from .test_access import SIZES, complaints, sideways

SHOUT = "Draft, not for patients"
DOSE = "#answer .dose"
#: Whether an element is what one sees at its middle, and whether it is inside the window.
SEEN = """(one) => {
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.top >= 0 && box.bottom <= innerHeight && (top === one || one.contains(top));
}"""


@pytest.fixture
def tried(content: None, watch: Watch, live_server: Any, page: Page) -> Page:
    """The calculator with a draft that gives FIRST 3 mg/kg, before a reviewer."""
    set_up_roles()
    reviewer = User.objects.create_user("reviewer", is_staff=True)
    reviewer.groups.add(Group.objects.get(name="reviewer"))
    changed = replace(shipped_formulary(), edition="2031.1")
    changed = change_row(changed, "vial", lambda table: table.rows[0], amount=Decimal("3"))
    document = canonical(encode(changed))
    draft = ContentRelease.objects.create(
        edition="2031.1",
        digest=digest_of(document),
        document=document,
        frozen_at=timezone.now(),
    )
    load_rows(changed)
    client = Client()
    client.force_login(reviewer)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
    )
    page.set_viewport_size({"width": 1280, "height": 720})
    page.set_default_timeout(10000)
    page.goto(f"{live_server.url}/content/preview/{draft.pk}/")
    return page


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("payload", [FIRST, STOPPED["no neutrophils"]], ids=["dose", "stop"])
def test_it_shouts_wherever_one_looks_and_hides_nothing(
    tried: Page, size: tuple[int, int], payload: dict[str, Any]
) -> None:
    tried.set_viewport_size({"width": size[0], "height": size[1]})
    band = tried.locator("aside.draft")
    expect(band).to_have_text(SHOUT)
    assert band.evaluate(SEEN), "before anything was entered"
    fill(tried, payload)
    order = tried.locator("#answer .line").first
    expect(order).to_be_visible()
    places = [
        "#answer .approval",
        "#answer .facts h1",
        "#answer .line",
        "#answer section.sources li",
    ]
    for place in (*places, "#plan [name=weight_kg]", ".go button"):
        one = tried.locator(place).first
        one.evaluate("one => one.scrollIntoView({block: 'start'})")
        assert band.evaluate(SEEN), f"the band, beside {place}"
        one.evaluate("one => one.scrollIntoView({block: 'center'})")
        assert band.evaluate(SEEN), f"the band, beside {place}"
        assert one.evaluate(SEEN), f"{place} is covered"
    order.evaluate("one => one.scrollIntoView({block: 'center'})")
    if size == SIZES["wide"]:
        # The facts used keep their place under the band, not behind it.
        tried.locator("#answer section.sources").evaluate("one => one.scrollIntoView()")
        assert tried.locator("#answer .facts h1").evaluate(SEEN), "the facts are covered"
    assert band.evaluate("one => one.scrollWidth <= one.clientWidth"), "its words are cut"
    assert complaints(tried) == []
    assert sideways(tried) <= 0, "the page scrolls sideways"


def test_its_questions_go_to_the_draft_and_its_title_stays(tried: Page) -> None:
    asked: list[str] = []
    tried.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    assert tried.title().startswith(f"{SHOUT} – ")
    fill(tried, FIRST)
    expect(tried.locator(DOSE)).to_have_text("285\u00a0mg")
    assert tried.title() == f"{SHOUT} – Ganciclovir IV – induction – CMV dosing"
    tried.locator("#id_weight_kg").fill("")
    assert tried.title() == f"{SHOUT} – CMV dosing"
    tried.get_by_role("button", name="Calculate").click()
    expect(tried.locator("#summary")).to_be_visible()
    assert tried.title().startswith(f"{SHOUT} – Error")
    assert len(asked) > 1
    assert all(re.search(r"/content/preview/\d+/$", one) for one in asked), asked
    tried.keyboard.press("F2")
    assert tried.title() == f"{SHOUT} – CMV dosing"
    tried.get_by_role("link", name="Leave the draft").click()
    expect(tried).to_have_title("CMV dosing")
    assert tried.locator("aside.draft").count() == 0


def test_signed_out_meanwhile_there_is_no_dose(tried: Page, watch: Watch) -> None:
    watch.allowed += ["status of 403", "Response Status Error Code 403"]
    fill(tried, FIRST)
    expect(tried.locator(DOSE)).to_be_visible()
    tried.context.clear_cookies()
    tried.locator("#id_weight_kg").fill("60")
    expect(tried.locator("#status")).to_contain_text("No dose is shown")
    assert tried.locator(DOSE).count() == 0


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_its_sheet_and_its_comparison_shout_too(tried: Page, size: tuple[int, int]) -> None:
    fill(tried, COLITIS)
    for press in ("Plan sheet (new tab)", "other"):
        with tried.context.expect_page() as opened:
            if press == "other":
                tried.locator('[name="other"]').first.click()
            else:
                tried.get_by_role("button", name=press).click()
        page = opened.value
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.title().startswith(f"{SHOUT} – ")
        band = page.locator("aside.draft")
        assert band.evaluate(SEEN)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert band.evaluate(SEEN)
        # A narrow sheet scrolls its grid sideways, which axe wants reachable by key: as live.
        if size != SIZES["narrow"] or press == "other":
            assert complaints(page) == []
        assert sideways(page) <= 0


@pytest.mark.parametrize("of", ["sheet", "calculator"])
def test_what_a_browser_prints_says_it_on_every_page(tried: Page, of: str) -> None:
    fill(tried, COLITIS)
    expect(tried.locator(DOSE).first).to_be_visible()
    page = tried
    if of == "sheet":
        with tried.context.expect_page() as opened:
            tried.get_by_role("button", name="Plan sheet (new tab)").click()
        page = opened.value
        page.wait_for_load_state()
    file = page.pdf(prefer_css_page_size=True)
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(file)).pages]
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        plain = re.sub(r"\s+", " ", text)
        # In the band; and in the foot of the sheet, or across the page.
        assert plain.count(SHOUT) >= 2, f"page {number}: {plain[:200]}"
        assert "200 mg" in plain or number > 1


def test_the_rows_too(tried: Page, live_server: Any) -> None:
    tried.goto(f"{live_server.url}/content/preview/rows/")
    fill(tried, FIRST)
    expect(tried.locator(DOSE)).to_have_text("285\u00a0mg")
    expect(tried.locator(".bar")).to_contain_text("Working rows, as of")
    expect(tried.locator(".bar")).to_contain_text("no digest")
    assert complaints(tried) == []
