"""From edited rows to the ward's page and back, by keyboard alone, each person in a browser."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from dosing.content import lifecycle
from dosing.content.frozen import formulary_of
from dosing.content.live import Live, live_formulary
from dosing.content.load import load_shipped
from dosing.content.roles import ROLES, set_up_roles
from dosing.exports.answering import Answerer
from dosing.models import ContentRelease, DoseTable, Drug, Edition, ExpectedOrder

from .conftest import Watch, fill

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
    open_release(publisher, "2026.3")
    state(publisher, "2026.3: superseded, not approved.")
    back = publisher.get_by_role("button", name="Bring back …")
    expect(back).to_have_accessible_description(
        "It is not approved, and an approved release has been set live since."
    )
    live = ContentRelease.objects.live()
    assert live is not None
    assert live.edition == "ours 1"


# A band is narrowed

#: Just below the edge as shipped, above it as edited.
PATIENT = {
    "regimen": "ganciclovir-induction",
    "age_years": "50",
    "weight_kg": "70",
    "crcl_ml_min": "68",
    "start_date": "2026-11-23",
}
AS_SHIPPED, AS_EDITED = "175 mg", "350 mg"


@pytest.fixture
def approved(door: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[ContentRelease]:
    """The shipped edition, approved, and the worked examples of the edge that will be moved."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.child_settings")
    monkeypatch.setenv("TEST_DATABASE", str(connection.settings_dict["NAME"]))
    formulary_of.cache_clear()
    release = ContentRelease.objects.get()
    people = {one.username: one for one in User.objects.all()}
    lifecycle.send_for_review(release=release, by=people["editor"], reason="As shipped.")
    lifecycle.approve(release=release, by=people["reviewer"], reason="Read beside the labels.")
    Edition.objects.update(edition="ours 1")
    for order in ExpectedOrder.objects.filter(drug_id="ganciclovir", frequency="q12h"):
        if order.band == "[50, 70)" and order.example.slug in JUST_BELOW_70:
            order.band, order.dose_mg = "[65, ∞)", 2 * (order.dose_mg or 0)
        order.band = order.band.replace("70", "65")
        order.save()
    yield release
    formulary_of.cache_clear()


JUST_BELOW_70 = ("ganciclovir-induction-just-below-70", "immunocompromised-disease-two-bands")


def calculated(page: Page, address: str) -> str:
    """The dose on the ward's page."""
    page.goto(address)
    fill(page, {name: value for name, value in PATIENT.items() if name != "start_date"})
    page.get_by_role("button", name="Calculate").click()
    dose = page.locator(".order .dose").first
    expect(dose).to_be_visible()
    return dose.inner_text().replace("\u00a0", " ")


def answered(live: Live) -> str:
    return json.dumps(Answerer(live, timezone.localdate()).line(json.dumps(PATIENT)))


def test_a_band_is_narrowed_and_the_old_release_is_brought_back(
    approved: ContentRelease, door: Door, live_server: Any
) -> None:
    editor = door("editor")
    ward = editor.context.browser.new_page()  # type: ignore[union-attr]
    ward.set_default_timeout(10000)
    assert calculated(ward, live_server.url) == AS_SHIPPED
    before = answered(live_formulary())
    assert approved.digest in before

    # A gap is refused, with the gap named; nothing typed is lost.
    table = DoseTable.objects.get(drug__slug="ganciclovir", slug="induction")
    address = live_server.url + reverse("admin:dosing_dosetable_change", args=[table.pk])
    editor.goto(address)
    row = "[name^=rows-][name$='-{}'][value='70']"
    editor.locator(row.format("high")).fill("65")
    editor.get_by_label("Why this change?").fill("Our policy counts 65 to 70 as normal.")
    editor.get_by_role("button", name="Save", exact=True).first.click()
    expect(editor.locator(".problems")).to_contain_text(
        "No row covers a clearance from 65 to 70 mL/min"
    )
    assert table.rows.filter(high="70").exists()

    # Mended, saved, sent; the own release cannot be approved, and the button says why.
    editor.locator(row.format("low")).fill("65")
    editor.get_by_role("button", name="Save", exact=True).first.click()
    expect(editor.locator(".messagelist")).to_contain_text("was changed successfully")
    assert table.rows.filter(high="65").exists()
    editor.goto(live_server.url + reverse("admin:dosing_contentrelease_send"))
    take(editor, "Send the working rows for review", "65 to 70 mL/min counts as normal.")
    state(editor, "ours 1: in review.")
    approve = editor.get_by_role("button", name="Approve")
    expect(approve).to_be_disabled()
    expect(approve).to_have_accessible_description("This is for reviewers.")
    assert calculated(ward, live_server.url) == AS_SHIPPED

    # Another person reads the difference and the impact, and approves.
    reviewer = door("reviewer")
    open_release(reviewer, "ours 1")
    expect(reviewer.locator(".difference").first).to_contain_text("65 to below 70 mL/min")
    reviewer.get_by_role("button", name="Calculate with both releases").click()
    expect(reviewer.locator("#impact progress")).to_be_visible()
    expect(reviewer.locator("#impact .headline")).to_be_visible(timeout=240000)
    expect(reviewer.locator("#impact")).to_contain_text(re.compile(r"in a day \+\d+"))
    take(reviewer, "Approve", "The policy of March, page 4.")
    state(reviewer, "ours 1: approved.")
    assert calculated(ward, live_server.url) == AS_SHIPPED

    # Live: the next calculation uses it; what was made before can be made again from its digest.
    publisher = door("publisher")
    releases = publisher.url
    open_release(publisher, "ours 1")
    take(publisher, "Set live now", "Agreed at the meeting.")
    state(publisher, "ours 1: live.")
    assert calculated(ward, live_server.url) == AS_EDITED
    assert answered(live_formulary()) != before
    again = Live(formulary_of(approved.digest), "2026.3", approved.digest, approved=True)
    assert answered(again) == before

    # The old release is brought back.
    publisher.goto(releases)
    open_release(publisher, "2026.3")
    state(publisher, "2026.3: superseded.")
    tab_to(publisher, "link", "Bring back …")
    publisher.keyboard.press("Enter")
    take(publisher, "Bring back", "The policy is under discussion again.")
    state(publisher, "2026.3: live.")
    assert calculated(ward, live_server.url) == AS_SHIPPED
    assert answered(live_formulary()) == before
    ward.close()
