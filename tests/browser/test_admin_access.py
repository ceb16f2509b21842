"""axe finds nothing on any state of the admin, wide, narrow and zoomed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from dosing.content import lifecycle
from dosing.content.load import load_shipped
from dosing.models import ContentRelease, DoseTable, Drug, Regimen

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
    door.get_by_role("button", name="Add another Dose row").click()
    expect(door.locator("#rows-group .dynamic-rows").last.get_by_label("Amount")).to_be_visible()


def refused_row(door: Page) -> None:
    table(door)
    door.get_by_label("Amount").first.fill("much")
    door.get_by_role("button", name="Save", exact=True).first.click()
    expect(door.locator("#rows-group .errorlist")).to_be_visible()


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
