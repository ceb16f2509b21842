"""From edited rows to the ward's page and back, by keyboard alone, each person in a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from dosing.content.load import load_shipped
from dosing.content.roles import ROLES, set_up_roles
from dosing.models import ContentRelease, Drug, Edition

from .conftest import Watch

PASSWORD = "a-test-password"
Door = Callable[[str], Page]


@pytest.fixture
def door(live_server: Any, browser: Browser) -> Iterator[Door]:
    """A browser for each person, signed in; nothing on the console, nothing from elsewhere."""
    load_shipped(timezone.localdate())
    set_up_roles()
    for name in ROLES:
        person = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        person.groups.add(Group.objects.get(name=name))
    watch, opened = Watch(live_server.url), []

    def come_in(name: str) -> Page:
        context = browser.new_context()
        opened.append(context)
        page = context.new_page()
        watch.follow(page)
        page.set_default_timeout(10000)
        page.goto(live_server.url + reverse("admin:index"))
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        page.goto(live_server.url + reverse("admin:dosing_contentrelease_changelist"))
        return page

    yield come_in
    for context in opened:
        context.close()
    assert watch.errors == []
    assert watch.foreign == []


def tab_to(page: Page, role: Any, name: str) -> None:
    """By the Tab key alone, as far as it takes."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("all => all.includes(document.activeElement)"):
            return
    pytest.fail(f"The Tab key does not reach {name}.")


def take(page: Page, step: str, reason: str) -> None:
    """A step on the page: its reason, then its button."""
    form = page.get_by_role("form", name=step, exact=True)
    for _ in range(120):
        page.keyboard.press("Tab")
        if form.get_by_label("Reason").evaluate("one => one === document.activeElement"):
            break
    page.keyboard.type(reason)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def open_release(page: Page, edition: str) -> None:
    tab_to(page, "link", edition)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Release {edition}")


def state(page: Page, words: str) -> None:
    expect(page.locator(".state")).to_have_text(words)


def test_sent_approved_live_withdrawn_and_brought_back(door: Door, live_server: Any) -> None:
    Edition.objects.update(edition="ours 1")
    Drug.objects.filter(slug="ganciclovir").update(brands="Ours")

    editor = door("editor")
    tab_to(editor, "link", "Send the working rows for review …")
    editor.keyboard.press("Enter")
    take(editor, "Send the working rows for review", "Our own brand.")
    state(editor, "ours 1: in review.")
    approve = editor.get_by_role("button", name="Approve")
    expect(approve).to_be_disabled()
    expect(approve).to_have_accessible_description("This is for reviewers.")

    reviewer = door("reviewer")
    open_release(reviewer, "ours 1")
    take(reviewer, "Approve", "Compared with the label.")
    state(reviewer, "ours 1: approved.")

    publisher = door("publisher")
    publisher_list = publisher.url
    open_release(publisher, "ours 1")
    take(publisher, "Set live now", "Agreed at the meeting.")
    state(publisher, "ours 1: live.")

    ward = editor.context.new_page()
    ward.goto(live_server.url)
    expect(ward.locator("body")).to_contain_text("ours 1")

    take(publisher, "Withdraw this release", "A wrong band was found.")
    state(publisher, "ours 1: withdrawn.")
    ward.reload()
    expect(ward.locator("body")).to_contain_text("A wrong band was found.")

    tab_to(publisher, "link", "End the withdrawal …")
    publisher.keyboard.press("Enter")
    take(publisher, "End the withdrawal", "It was right.")
    state(publisher, "ours 1: superseded.")
    tab_to(publisher, "link", "Bring back …")
    publisher.keyboard.press("Enter")
    take(publisher, "Bring back", "It was right.")
    state(publisher, "ours 1: live.")

    publisher.goto(publisher_list)
    open_release(publisher, "2026.2")
    state(publisher, "2026.2: superseded, not approved.")
    back = publisher.get_by_role("button", name="Bring back …")
    expect(back).to_have_accessible_description(
        "It is not approved, and an approved release has been set live since."
    )
    live = ContentRelease.objects.live()
    assert live is not None
    assert live.edition == "ours 1"
