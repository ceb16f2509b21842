"""Whole journeys, with and without JavaScript: the same numbers."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.patients import CHILD, COLITIS, COLITIS_ON_DIALYSIS, FIRST, FOSCARNET, HAEMODIALYSIS

from .conftest import fill

CASES = {
    "adult by creatinine": (FIRST, ["475 mg", "every 12 hours", "9.5 mL"]),
    "foscarnet, peripheral line": (FOSCARNET, ["4,900 mg", "204.2 mL/h", "45.8 mL", "49 mmol"]),
    "child": (CHILD, ["775 mg", "15.5 mL", "once a day"]),
    "haemodialysis": (HAEMODIALYSIS, ["38 mg", "3 times a week, after haemodialysis"]),
    "colitis": (COLITIS, ["330 mg", "900 mg", "2 tablets"]),
}
SOME = pytest.mark.parametrize(("payload", "said"), CASES.values(), ids=CASES.keys())


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@SOME
def test_the_answer_follows_the_input(desk: Page, payload: dict[str, Any], said: list[str]) -> None:
    fill(desk, payload)
    expect(desk.locator("#answer .plan")).to_be_visible()
    text = plain(desk.locator("#answer").inner_text())
    assert [one for one in said if one not in text] == []


@SOME
def test_without_javascript(plain_desk: Page, payload: dict[str, Any], said: list[str]) -> None:
    fill(plain_desk, payload)
    plain_desk.get_by_role("button", name="Calculate").click()
    expect(plain_desk.locator("#answer .plan")).to_be_visible()
    text = plain(plain_desk.locator("#answer").inner_text())
    assert [one for one in said if one not in text] == []


def test_enter_calculates_also_without_javascript(plain_desk: Page) -> None:
    fill(plain_desk, FIRST)
    plain_desk.locator("#id_weight_kg").press("Enter")
    expect(plain_desk.locator("#answer .dose")).to_have_text("475\u00a0mg")


@pytest.mark.parametrize("script", [True, False], ids=["with", "without"])
def test_the_sheet_opens_beside_the_answer(
    desk: Page, plain_desk: Page, context: BrowserContext, script: bool
) -> None:
    page = desk if script else plain_desk
    fill(page, FIRST)
    if not script:
        page.get_by_role("button", name="Calculate").click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Plan sheet (new tab)").click()
    sheet = opened.value
    expect(sheet.locator(".dose")).to_have_text("475\u00a0mg")
    expect(page.locator("#answer .dose")).to_have_text("475\u00a0mg")
    assert "94.5" not in sheet.url


def test_refusals_are_told_and_lead_to_their_fields(desk: Page) -> None:
    fill(desk, FIRST | {"weight_kg": "945"})
    desk.get_by_role("button", name="Calculate").click()
    expect(desk.locator("#summary")).to_be_focused()
    expect(desk.locator("#note_weight_kg .error")).to_contain_text("is outside")
    expect(desk.locator("#id_weight_kg")).to_have_attribute("aria-invalid", "true")
    desk.locator("#summary a").first.click()
    expect(desk.locator("#id_weight_kg")).to_be_focused()
    desk.locator("#id_weight_kg").fill("94.5")
    expect(desk.locator("#answer .dose")).to_have_text("475\u00a0mg")
    expect(desk.locator("#note_weight_kg .error")).to_have_count(0)


def test_the_offered_regimen_is_one_click_away(desk: Page) -> None:
    fill(desk, COLITIS_ON_DIALYSIS)
    desk.get_by_role("button", name="instead").click()
    expect(desk.locator("#id_regimen")).to_have_value("ganciclovir-induction")
    expect(desk.locator("#id_phase_days_1")).to_have_value("21")
    expect(desk.locator("#answer .dose")).to_be_visible()
    expect(desk.locator("#answer .stop")).to_have_count(0)


def test_the_offered_regimen_without_javascript(plain_desk: Page) -> None:
    fill(plain_desk, COLITIS_ON_DIALYSIS)
    plain_desk.get_by_role("button", name="Calculate").click()
    plain_desk.get_by_role("button", name="instead").click()
    expect(plain_desk.locator("#id_regimen")).to_have_value("ganciclovir-induction")
    expect(plain_desk.locator("#answer .stop")).to_have_count(0)


def test_rows_that_do_not_apply_are_gone(desk: Page) -> None:
    row = "[data-row='{}']".format
    expect(desk.locator(row("venous_access"))).to_be_hidden()
    desk.locator("#id_regimen").select_option("foscarnet-induction-90")
    expect(desk.locator(row("venous_access"))).to_be_visible()
    desk.locator("#id_serum_creatinine").fill("1.0")
    desk.locator("#id_dialysis").select_option("haemodialysis")
    # What was entered stays in sight.
    expect(desk.locator(row("serum_creatinine"))).to_be_visible()
    desk.locator("#id_serum_creatinine").fill("")
    expect(desk.locator(row("serum_creatinine"))).to_be_hidden()


def test_units_are_remembered_and_nothing_else(desk: Page) -> None:
    expect(desk.locator("#id_serum_creatinine_unit")).to_have_value("")
    fill(desk, FIRST | {"serum_creatinine": "186", "serum_creatinine_unit": "umol/L"})
    expect(desk.locator("#answer .plan")).to_be_visible()
    desk.reload()
    expect(desk.locator("#id_serum_creatinine_unit")).to_have_value("umol/L")
    expect(desk.locator("#id_weight_kg")).to_have_value("")
    kept = desk.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    for value in ("94.5", "186", "28", "male", "ganciclovir"):
        assert value not in kept


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on this field; a person would have to as well."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")


@pytest.mark.parametrize("script", [True, False], ids=["with", "without"])
def test_the_whole_journey_by_keyboard(desk: Page, plain_desk: Page, script: bool) -> None:
    page = desk if script else plain_desk
    tab_to(page, "age")
    page.keyboard.type("28")
    tab_to(page, "sex")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "weight_kg")
    page.keyboard.type("94.5")
    tab_to(page, "serum_creatinine")
    page.keyboard.type("2.1")
    tab_to(page, "serum_creatinine_unit")
    page.keyboard.press("m")
    tab_to(page, "regimen")
    page.keyboard.press("ArrowDown")
    tab_to(page, "phase_days_1")
    page.keyboard.press("Enter")
    expect(page.locator("#answer .dose")).to_have_text("475\u00a0mg")


def test_a_new_patient_by_one_key(desk: Page) -> None:
    fill(desk, FIRST)
    expect(desk.locator("#answer .dose")).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.locator("#id_age")).to_be_focused()
    expect(desk.locator("#id_weight_kg")).to_have_value("")
