"""axe finds nothing on any state of the admin, wide, narrow and zoomed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from dosing.content import lifecycle
from dosing.content.load import load_shipped
from dosing.models import ContentRelease, DoseTable, Drug, Regimen, Source

from .conftest import Watch
from .test_access import SIZES, complaints, sideways

PASSWORD = "a-test-password"
#: Django hides what overflows a row of an inline; the page's own width does not show it.
ROWS_TOO_WIDE = """[...document.querySelectorAll(".inline-related")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.id)"""


@pytest.fixture
def door(watch: Watch, live_server: Any, page: Page) -> Page:
    """The admin's login page, with the shipped rows and one editor behind it."""
    load_shipped(timezone.localdate())
    get_user_model().objects.create_superuser("editor", password=PASSWORD)
    page.set_default_timeout(10000)
    page.goto(live_server.url + reverse("admin:index"))
    return page


def come_in(door: Page, password: str = PASSWORD) -> None:
    door.get_by_label("Username").fill("editor")
    door.get_by_label("Password").fill(password)
    door.get_by_role("button", name="Log in").click()


def open_row(door: Page, row: Any, heading: str = "") -> None:
    index(door)
    place = reverse(f"admin:dosing_{row._meta.model_name}_change", args=[row.pk])
    door.goto(door.url.removesuffix(reverse("admin:index")) + place)
    expect(door.get_by_role("heading", level=1)).to_have_text(
        f"{heading}{row}" if heading else f"Change {row._meta.verbose_name}"
    )


def login(door: Page) -> None:
    expect(door.get_by_role("heading", level=1)).to_have_text("Log in")


def refused_login(door: Page) -> None:
    come_in(door, "not-the-password")
    expect(door.locator(".errornote")).to_be_visible()


def index(door: Page) -> None:
    come_in(door)
    expect(door.get_by_role("button", name="Log out")).to_be_visible()


def changelist(door: Page) -> None:
    index(door)
    door.get_by_role("link", name="Dose tables").click()
    expect(door.locator("#result_list")).to_be_visible()


def drug(door: Page) -> None:
    open_row(door, Drug.objects.get(slug="ganciclovir"))


def regimen(door: Page) -> None:
    open_row(door, Regimen.objects.first())


def table(door: Page) -> None:
    open_row(door, DoseTable.objects.first())


def added_row(door: Page) -> None:
    table(door)
    door.get_by_role("button", name="Add another Row").click()
    added = door.locator("#rows-group .dynamic-rows").last.get_by_label("dose", exact=True)
    expect(added).to_be_visible()


def refused_row(door: Page) -> None:
    table(door)
    door.get_by_label("dose", exact=True).first.fill("much")
    door.get_by_role("button", name="Save", exact=True).click()
    expect(door.locator("#rows-group .errorlist")).to_be_visible()


def refused_gap(door: Page) -> None:
    """Said on top, linked to the row, drawn and in words; what was typed still stands there."""
    open_row(door, DoseTable.objects.get(drug__slug="ganciclovir", slug="induction"))
    edge = door.locator("#id_rows-1-low")
    edge.fill("60")
    door.get_by_role("button", name="Save", exact=True).click()
    expect(door.locator(".problems")).to_be_focused()
    link = door.get_by_role("link", name="No row covers a clearance from 50 to 60 mL/min")
    expect(link).to_have_attribute("href", re.compile("#rows-[12]"))
    expect(edge).to_have_value("60")
    expect(
        door.get_by_role("row", name="50 to below 60 mL/min No row covers this.")
    ).to_be_visible()
    expect(door.locator("svg .fault").first).to_be_visible()


def history(door: Page) -> None:
    """By keyboard alone: another title, why, save; then it stands in the history."""
    row = DoseTable.objects.get(drug__slug="ganciclovir", slug="induction")
    open_row(door, row)
    door.get_by_label("Title").fill("induction, twice a day")
    door.get_by_label("Why this change?").fill("Says how often.")
    door.keyboard.press("Tab")
    door.keyboard.press("Enter")
    expect(door.locator(".messagelist .success")).to_be_visible()
    door.goto(door.url + f"{row.pk}/history/")
    expect(door.get_by_text("title: induction → induction, twice a day")).to_be_visible()


def edits(door: Page) -> None:
    history(door)
    door.get_by_role("link", name="All edits of rows").click()
    expect(door.get_by_text("Says how often.")).to_be_visible()


def deletion(door: Page) -> None:
    row = Source.objects.create(slug="unused", title="Unused")
    index(door)
    place = reverse("admin:dosing_source_delete", args=[row.pk])
    door.goto(door.url.removesuffix(reverse("admin:index")) + place)
    door.get_by_role("button", name="Delete").click()
    expect(door.get_by_text("Say why this change is made.")).to_be_visible()


def releases(door: Page) -> None:
    index(door)
    door.get_by_role("link", name="Content releases").click()
    expect(door.locator("#result_list")).to_be_visible()


def release(door: Page) -> None:
    """The live shipped edition, one drug withdrawn."""
    editor = get_user_model().objects.get()
    lifecycle.withdraw_drug(
        drug="foscarnet", release=ContentRelease.objects.get(), by=editor, reason="A wrong table."
    )
    open_row(door, ContentRelease.objects.get(), "Release ")
    expect(door.get_by_role("button", name="Approve")).to_be_disabled()


def refused_step(door: Page) -> None:
    release(door)
    form = door.get_by_role("form", name="Withdraw this release")
    form.get_by_label("Reason").fill(" ")
    form.get_by_role("button").click()
    expect(door.locator(".errorlist")).to_have_text("Say why.")


def way_back(door: Page) -> None:
    release(door)
    door.get_by_role("link", name="End the withdrawal of foscarnet").click()
    expect(door.get_by_role("button", name="End the withdrawal")).to_be_enabled()


def sending(door: Page) -> None:
    releases(door)
    door.get_by_role("link", name="Send the working rows for review").click()
    expect(door.get_by_role("button", name="Send for review")).to_be_enabled()


STATES = [
    login,
    refused_login,
    index,
    changelist,
    drug,
    regimen,
    table,
    added_row,
    refused_row,
    refused_gap,
    history,
    edits,
    deletion,
    releases,
    release,
    refused_step,
    way_back,
    sending,
]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_states(door: Page, state: Callable[[Page], None], size: tuple[int, int]) -> None:
    door.set_viewport_size({"width": size[0], "height": size[1]})
    state(door)
    assert complaints(door) == []
    assert sideways(door) <= 0, "the page scrolls sideways"
    assert door.evaluate(ROWS_TOO_WIDE) == []
