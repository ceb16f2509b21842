"""A newer edition in a browser: three columns, decided by keyboard alone, without JavaScript."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from dosing.content import load
from dosing.content.load import load_shipped, read_formulary
from dosing.content.roles import set_up_roles
from dosing.models import DoseRow, Guidance, Upgrade
from tests.content.alterations import next_files

from .conftest import Watch
from .test_access import SIZES, complaints, sideways
from .test_release_journey import tab_to

PASSWORD = "a-test-password"
#: Writing rows and reading them again, on a busy machine.
SLOW = 20000


@pytest.fixture
def upgrade(live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """The next edition waits; one dose that it changes was edited here."""
    load_shipped(timezone.localdate())
    DoseRow.objects.filter(
        table__drug__slug="ganciclovir", table__slug="induction", low="50", amount="2.5"
    ).update(amount="2")
    newer = read_formulary(next_files(tmp_path))
    monkeypatch.setattr(load, "shipped_formulary", lambda: newer)
    arrived = load_shipped(timezone.localdate()).arrived
    assert arrived is not None
    set_up_roles()
    for name in ("editor", "reviewer"):
        person = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        person.groups.add(Group.objects.get(name=name))
    return arrived


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def door(upgrade: Upgrade, live_server: Any, browser: Browser) -> Iterator[Callable[..., Page]]:
    watch, opened = Watch(live_server.url), []

    def come_in(name: str, *, script: bool = True) -> Page:
        context = browser.new_context(java_script_enabled=script)
        opened.append(context)
        page = context.new_page()
        watch.follow(page)
        page.set_default_timeout(10000)
        page.goto(live_server.url + reverse("admin:index"))
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        page.goto(live_server.url + reverse("admin:dosing_upgrade_change", args=[upgrade.pk]))
        return page

    yield come_in
    for context in opened:
        context.close()
    assert watch.errors == []
    assert watch.foreign == []


def listed(page: Page) -> None:
    expect(page.get_by_role("table", name="5 differences shown")).to_be_visible()


def confirming(page: Page) -> None:
    page.locator("tr.loud").get_by_role("button", name="Take").click()
    expect(page.get_by_text("This overwrites ours")).to_be_visible()


def needing(page: Page) -> None:
    page.get_by_role("button", name="Take: guidance “New”").click()
    expect(page.get_by_role("button", name="Take it")).to_be_disabled()


def refused(page: Page) -> None:
    confirming(page)
    page.get_by_label("Reason").fill(" ")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".errorlist")).to_have_text("Say why.")


def decided(page: Page) -> None:
    confirming(page)
    page.get_by_label("Reason").fill("The new label.")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("Taken by editor").first).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("state", [listed, confirming, needing, refused, decided])
def test_states(
    door: Callable[..., Page], state: Callable[[Page], None], size: tuple[int, int]
) -> None:
    page = door("editor")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    state(page)
    assert complaints(page) == []
    assert sideways(page) <= 0, "the page scrolls sideways"


def test_a_reviewer_reads_and_cannot_decide(door: Callable[..., Page]) -> None:
    page = door("reviewer")
    expect(page.get_by_role("button", name="Take or leave")).to_be_disabled()
    expect(page.get_by_text("This is for editors.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    assert complaints(page) == []


def test_by_keyboard_alone(door: Callable[..., Page], script: bool) -> None:
    """A conflict is taken by name, and two others with one reason."""
    page = door("editor", script=script)
    expect(page.get_by_text("5\u00a0differences: 0 taken, 0 left, 5 open.")).to_be_visible()
    name = page.locator("tr.loud").get_by_role("button", name="Take").get_attribute("aria-label")
    assert name is not None
    tab_to(page, "button", name)
    page.keyboard.press("Enter")
    expect(page.get_by_text("This overwrites ours: 2 mg/kg")).to_be_visible()
    tab_to(page, "textbox", "Reason:")
    page.keyboard.type("The new label.")
    tab_to(page, "button", "Take it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done. 5\u00a0differences: 1 taken")).to_be_visible(timeout=SLOW)
    for where in ("Edition", "To be reviewed by"):
        tab_to(page, "checkbox", f"Tick: {where}")
        page.keyboard.press("Space")
    tab_to(page, "button", "Leave what is ticked …")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Leave: ours stays")).to_be_visible()
    tab_to(page, "textbox", "Reason:")
    page.keyboard.type("Ours has its own.")
    tab_to(page, "button", "Leave these 2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done. 5\u00a0differences: 1 taken, 2 left, 2 open.")).to_be_visible(
        timeout=SLOW
    )


def test_what_it_needs_is_taken_with_it(door: Callable[..., Page]) -> None:
    page = door("editor")
    needing(page)
    expect(page.get_by_role("alert")).to_contain_text("the source next-label")
    page.get_by_role("button", name="Look at them together").click()
    page.get_by_label("Reason").fill("It is new.")
    page.get_by_role("button", name="Take these 2").click()
    expect(page.get_by_text("Done.")).to_be_visible(timeout=SLOW)
    assert Guidance.objects.filter(slug="new").exists()
