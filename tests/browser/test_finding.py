"""From who the patient is and what is wrong to a regimen, by keyboard, with and without script."""

from playwright.sync_api import Page, expect

from dosing.content.load import shipped_formulary

from .conftest import fill

PATIENT = {
    "age_years": "44",
    "sex": "female",
    "weight_kg": "66",
    "serum_creatinine": "180",
    "serum_creatinine_unit": "umol/L",
}
TITLES = {slug: regimen.title for slug, regimen in shipped_formulary().regimens.items()}


def shown(page: Page) -> list[str]:
    labels = page.locator('[data-row="suggested"] label:visible strong').all_inner_texts()
    return [one.strip() for one in labels]


def test_by_keyboard(desk: Page) -> None:
    fill(desk, PATIENT)
    desk.locator("#id_group").focus()
    desk.keyboard.type("infl")
    desk.keyboard.press("Tab")
    desk.keyboard.type("gut")
    expect(desk.locator('[data-row="suggested"]')).to_be_visible()
    assert shown(desk)[:2] == [TITLES["ibd-colitis"], TITLES["ibd-colitis-daily-step-down"]]
    assert len(shown(desk)) == 3
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(desk.locator("#answer h1")).to_have_text(TITLES["ibd-colitis"])
    assert desk.locator("#id_regimen").input_value() == "ibd-colitis"
    expect(desk.locator("#answer .dose").first).to_have_text("165\u00a0mg")
    # Another one, by the arrow; then the whole list takes the mark away from it.
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#answer h1")).to_have_text(TITLES["ibd-colitis-daily-step-down"])
    desk.locator("#id_regimen").select_option("pneumonitis")
    expect(desk.locator("#answer h1")).to_have_text(TITLES["pneumonitis"])
    expect(desk.locator('[name="suggested"]:checked')).to_have_count(0)


def test_nothing_found_is_said(desk: Page) -> None:
    desk.locator("#id_group").select_option("child")
    desk.locator("#id_situation").select_option("gut")
    expect(desk.get_by_text("No regimen in this edition for that.")).to_be_visible()
    assert shown(desk) == []


def test_a_new_patient_finds_no_old_suggestion(desk: Page) -> None:
    desk.locator("#id_group").select_option("ibd")
    desk.locator("#id_situation").select_option("gut")
    expect(desk.locator('[data-row="suggested"]')).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.locator('[data-row="suggested"]')).to_be_hidden()


def test_without_javascript(plain_desk: Page) -> None:
    fill(plain_desk, PATIENT)
    plain_desk.locator("#id_group").select_option("ibd")
    plain_desk.locator("#id_situation").select_option("gut")
    plain_desk.get_by_role("button", name="Calculate").click()
    expect(plain_desk.locator("#answer")).to_contain_text("Choose a regimen.")
    plain_desk.locator('[name="suggested"][value="ibd-colitis"]').check()
    plain_desk.get_by_role("button", name="Calculate").click()
    expect(plain_desk.locator("#answer h1")).to_have_text(TITLES["ibd-colitis"])
    expect(plain_desk.locator("#answer .dose").first).to_have_text("165\u00a0mg")
