"""What is on screen belongs together: no dose ever stands beside inputs it was not made from."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.patients import FIRST

from .conftest import Delay, Watch, fill

DOSE = "#answer .dose"


def no_dose(page: Page) -> None:
    """Nothing in the answer, its heading or the line that is read out says a dose."""
    text = page.locator(".answer").inner_text() + page.title()
    assert page.locator(DOSE).count() == 0
    assert " mg" not in text.replace("\u00a0", " "), text


def answered(page: Page) -> None:
    fill(page, FIRST)
    expect(page.locator(DOSE)).to_have_text("475\u00a0mg")


def test_from_the_first_changed_character_the_old_numbers_are_gone(
    desk: Page, delay: Delay
) -> None:
    answered(desk)
    delay.seconds = [2.0]
    desk.locator("#id_weight_kg").press("End")
    desk.locator("#id_weight_kg").press("Backspace")
    no_dose(desk)
    expect(desk.locator("#status")).to_contain_text("taken away")
    desk.wait_for_timeout(1500)
    no_dose(desk)
    desk.locator("#id_weight_kg").fill("100")
    no_dose(desk)
    expect(desk.locator(DOSE)).to_have_text("500\u00a0mg")


def test_late_answers_are_dropped(desk: Page, delay: Delay) -> None:
    answered(desk)
    delay.asked, delay.seconds = 0, [1.5, 0.0]
    desk.locator("#id_weight_kg").fill("60")
    desk.wait_for_timeout(700)  # the first question is on its way
    desk.locator("#id_weight_kg").fill("80")
    expect(desk.locator(DOSE)).to_have_text("200\u00a0mg", timeout=1400)
    desk.wait_for_timeout(1500)
    expect(desk.locator(DOSE)).to_have_text("200\u00a0mg")
    assert delay.asked >= 2


def test_weight_and_regimen_changed_again_and_again(desk: Page, delay: Delay) -> None:
    answered(desk)
    delay.seconds = [2.0, 0.1, 1.0, 0.1]
    for weight, regimen in (
        ("61", "ganciclovir-induction"),
        ("62", "ganciclovir-maintenance"),
        ("63", "foscarnet-induction-90"),
        ("64", "ganciclovir-induction"),
    ):
        desk.locator("#id_weight_kg").fill(weight)
        no_dose(desk)
        desk.locator("#id_regimen").select_option(regimen)
        no_dose(desk)
        desk.wait_for_timeout(450)
        if desk.locator(DOSE).count():
            assert f"{weight}\u00a0kg" in desk.locator("#answer .recap").inner_text()
    expect(desk.locator(DOSE)).to_be_visible()
    expect(desk.locator("#answer .recap")).to_contain_text("64\u00a0kg")


def test_a_request_that_takes_over_three_seconds_says_so(
    desk: Page, delay: Delay, watch: Watch
) -> None:
    watch.allowed += ["htmx:timeout", "htmx:afterRequest"]
    answered(desk)
    delay.seconds = [4.0]
    desk.locator("#id_weight_kg").fill("60")
    expect(desk.locator("#status")).to_contain_text("No answer within 3 seconds", timeout=6000)
    no_dose(desk)
    desk.wait_for_timeout(1500)  # the answer itself comes now, and is dropped
    no_dose(desk)
    delay.seconds = [0.0]
    desk.get_by_role("button", name="Try again").click()
    expect(desk.locator(DOSE)).to_have_text("150\u00a0mg")


def test_a_server_that_is_gone_says_so(desk: Page, watch: Watch) -> None:
    watch.allowed += ["htmx:sendError", "htmx:afterRequest", "ERR_INTERNET_DISCONNECTED"]
    answered(desk)
    desk.context.set_offline(True)
    desk.locator("#id_weight_kg").fill("60")
    expect(desk.locator("#status")).to_contain_text("cannot be reached")
    no_dose(desk)
    desk.keyboard.press("F2")
    no_dose(desk)
    expect(desk.locator("#id_weight_kg")).to_have_value("")


def test_a_server_that_breaks_says_so(
    desk: Page, watch: Watch, monkeypatch: pytest.MonkeyPatch, live_server: Any
) -> None:
    watch.allowed += ["status of 500", "Response Status Error Code 500"]
    answered(desk)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("dosing.views.calculator.ask", broken)
    desk.locator("#id_weight_kg").fill("60")
    expect(desk.locator("#status")).to_contain_text("could not answer")
    no_dose(desk)


def test_new_patient_empties_everything(desk: Page, delay: Delay) -> None:
    answered(desk)
    delay.seconds = [1.0]
    desk.locator("#id_weight_kg").fill("60")
    desk.wait_for_timeout(500)
    desk.keyboard.press("F2")
    no_dose(desk)
    for name in ("age", "weight_kg", "serum_creatinine", "regimen"):
        expect(desk.locator(f"#id_{name}")).to_have_value("")
    assert not desk.locator("[name=sex]:checked").count()
    desk.wait_for_timeout(1200)  # the answer to the last patient's question comes now
    no_dose(desk)


def test_new_patient_by_mouse_and_after_a_page_without_scripts_answer(desk: Page) -> None:
    answered(desk)
    desk.get_by_role("link", name="New patient").click()
    no_dose(desk)
    expect(desk.locator("#id_weight_kg")).to_have_value("")


@pytest.mark.parametrize("way", ["back", "reload", "restored"])
def test_back_reload_and_a_restored_tab(desk: Page, live_server: Any, way: str) -> None:
    answered(desk)
    if way == "back":
        desk.goto(f"{live_server.url}/reference/dialysis/")
        desk.go_back()
    elif way == "reload":
        desk.reload()
    else:
        state = desk.context.storage_state()
        desk = desk.context.browser.new_context(storage_state=state).new_page()  # type: ignore[union-attr]
        desk.goto(live_server.url)
    expect(desk.locator("#plan")).to_be_visible()
    desk.wait_for_timeout(800)
    if desk.locator(DOSE).count():
        expect(desk.locator("#id_weight_kg")).to_have_value("94.5")
    else:
        no_dose(desk)
        expect(desk.locator("#id_weight_kg")).to_have_value("")


def test_values_put_in_without_an_event_are_noticed(desk: Page) -> None:
    answered(desk)
    desk.evaluate("document.getElementById('id_weight_kg').value = '80'")
    expect(desk.locator(DOSE)).to_have_text("200\u00a0mg")


def test_a_page_left_alone_warns_and_empties_itself(
    settings: Any, content: None, watch: Watch, live_server: Any, page: Page
) -> None:
    settings.IDLE_SECONDS = 4
    page.goto(live_server.url)
    answered(page)
    expect(page.locator("#idle")).to_contain_text("empties itself", timeout=4000)
    page.mouse.move(300, 300)
    page.mouse.move(310, 310)
    expect(page.locator("#idle")).to_be_empty()
    expect(page.locator("#status")).to_contain_text("Emptied", timeout=8000)
    no_dose(page)
    expect(page.locator("#id_weight_kg")).to_have_value("")
