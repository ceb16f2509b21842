"""Play the tasks of a first-time user by keyboard alone, and print what they cost.

Run by hand against a page that is served:
.venv/bin/python tools/first_time_tasks.py http://127.0.0.1:8000 [NAME OF A TASK ...]
Exit status 1 if a task does not end with what it should. Chromium: environment variable CHROMIUM.
The seconds of a person are an estimate by the keystroke-level model (Card, Moran and Newell, 1980):
0.28 s a key, 1.35 s to think before each field or decision, and the wait that was measured.
Reading the answer is not in it.
"""

import os
import re
import sys
import time

from playwright.sync_api import Browser, Page, sync_playwright

KEY_SECONDS, THINK_SECONDS = 0.28, 1.35
PATIENCE_SECONDS, MOST_TABS = 10.0, 60

# What the focused thing is called: its label, or its own words and the line around it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one.matches("a, button, input, select, summary")) return "";
  const around = one.tagName === "A" ? (one.closest("p, li") || one).textContent : "";
  const name = one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || "";
  return (name + " | " + around).replace(/\\s+/g, " ").trim();
}"""
# Can the words be read as the page stands: inside the window and under nothing else?
ON_SCREEN = """(words) => {
  const close = (text) => text.replace(/\\s+/g, "");
  const has = (one) => close(one.textContent).includes(close(words));
  const inner = (one) => has(one) && ![...one.children].some(has);
  return [...document.querySelectorAll("body *")].filter(inner).some((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || box.height < 8 || box.top < 0 || box.bottom > innerHeight) return false;
    const top = document.elementFromPoint(box.left + 4, box.top + box.height / 2);
    return top !== null && (one.contains(top) || top.contains(one));
  });
}"""
TYPED = """() => [...document.querySelectorAll("#plan input[type=text], #plan input[type=date]")]
  .map((one) => one.value).join("")"""

# One field or decision: Tab to what is called so, these keys, and the words that then appear.
Step = tuple[str, str, str]


def go(to: str, keys: str, see: str = "") -> Step:
    """A step; a name in <> is one key, anything else is typed."""
    return to, keys, see


def patient(age: str, sex: str, weight: str, *kidneys: Step) -> tuple[Step, ...]:
    """New patient and the first fields; the arrow key goes from female to male."""
    mark = {"female": "<Space>", "male": "<ArrowDown>"}[sex]
    return go("", "<F2>"), go("Age", age), go("female", mark), go("Weight", weight), *kidneys


def creatinine(value: str, unit: str) -> tuple[Step, Step]:
    """Value and unit: "m" finds mg/dL; the micro sign is on few keyboards, so arrow keys."""
    keys = {"mg/dL": "m", "µmol/L": "<ArrowDown><ArrowDown>"}[unit]
    return go("Creatinine", value), go("Unit of creatinine", keys)


DOSE = "350 mg IV over 60 minutes every 12 hours"
ADULT = (*patient("45", "male", "70", *creatinine("88", "µmol/L")), go("Regimen", "ganc", DOSE))
UNIT, HEIGHT = "If the laboratory reports µmol/L, choose µmol/L.", "Enter the height"
PRINT, START_OVER, SOURCE = "Print the sheet", "Start over", "Source of a number"

TASKS: dict[str, tuple[Step, ...]] = {
    "Adult by creatinine": ADULT,
    "Child": (
        *patient("8", "female", "25", go("Height", "125"), *creatinine("0.5", "mg/dL")),
        go("Regimen", "chi", "The transplanted organ was not stated"),
        go("Transplanted organ", "k", "900 mg = 18 mL by mouth once a day"),
    ),
    "Dialysis": (
        *patient("60", "female", "70", go("Dialysis", "h")),
        go("Regimen", "ganc", "85 mg IV over 60 minutes 3 times a week, after haemodialysis"),
    ),
    "Foscarnet, peripheral line": (
        *patient("50", "male", "70", *creatinine("1", "mg/dL")),
        go("Regimen", "fos"),
        go("central line", "<ArrowDown>", "Peripheral line: add 204.2 mL"),
    ),
    "Wrong unit, put right": (
        *patient("45", "male", "70", *creatinine("180", "mg/dL")),
        go("Regimen", "ganc", UNIT),
        go(UNIT, "<Enter>"),
        go("Unit of creatinine", "<ArrowDown>", "175 mg IV over 60 minutes once a day"),
    ),
    "Height missing for the ideal weight": (
        *ADULT,
        go("Start and options", "<Enter>"),
        go("Weight in the kidney estimate", "i"),
        go("Calculate", "<Enter>", HEIGHT),
        go(HEIGHT, "<Enter>"),
        go("", "175", "by Cockcroft-Gault, ideal weight"),
    ),
    "A stop: ANC 0.3": (
        *ADULT,
        go("Today’s counts", "<Enter>"),
        go("Neutrophils", "0.3", "ANC 0.3 ×10⁹/L is below 0.5 ×10⁹/L: do not start"),
    ),
    "Colitis in ulcerative colitis, kidney transplant": (
        *patient("44", "female", "66", *creatinine("180", "µmol/L")),
        go("Who", "i"),
        go("What for", "g"),
        go("IBD colitis", "<Space>", "165 mg IV over 60 minutes once a day"),
    ),
    PRINT: (
        go("Plan sheet (new tab)", "<Enter>", "Calculated dose by content"),
        go("Print plan sheet", "<Enter>", DOSE),
    ),
    START_OVER: (go("", "<F2>", "Enter the next patient."),),
    SOURCE: (go("5 mg/kg × 70 kg", "<Enter>", "Ganciclovir injection (Pharmascience)"),),
}
# These begin where an answer is on the page already.
AFTER_AN_ANSWER = (PRINT, START_OVER, SOURCE)


class Player:
    """Presses keys as a person does, and counts keys, decisions and the wait."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.decisions = 0
        self.waited = 0.0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def play(self, steps: tuple[Step, ...]) -> None:
        """Tab to each place, press, and wait for what is expected."""
        for to, keys, see in steps:
            if to:
                self.find(to)
            for one in re.findall("<[^>]+>|.", keys):
                self.press(one.strip("<>"))
            self.decisions += 1
            if see:
                self.wait_for(see)

    def find(self, name: str) -> None:
        """Tab until the thing of that name has the focus."""
        begun = self.keys
        while name not in str(self.page.evaluate(FOCUSED)):
            if self.keys - begun == MOST_TABS:
                raise AssertionError(f"not reached with {MOST_TABS} Tabs: {name}")
            self.press("Tab")

    def wait_for(self, words: str) -> None:
        """Until the words can be read without scrolling, here or in a tab that opened."""
        begin = time.monotonic()
        while time.monotonic() - begin < PATIENCE_SECONDS:
            self.page = self.page.context.pages[-1]
            self.page.wait_for_load_state()
            if self.page.evaluate(ON_SCREEN, words):
                self.waited += time.monotonic() - begin
                return
            time.sleep(0.02)
        raise AssertionError(f"not on the screen: {words}")


def row(browser: Browser, address: str, name: str) -> str:
    """Play one task in a browser that remembers nothing; its line of the table."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
    # The system's own print dialogue cannot be driven: count that it was asked for.
    context.add_init_script("window.asked = 0; window.print = () => { window.asked += 1; };")
    page = context.new_page()
    page.goto(address)
    if name in AFTER_AN_ANSWER:
        Player(page).play(ADULT)
    player = Player(page)
    player.play(TASKS[name])
    if name == PRINT and player.page.evaluate("window.asked") != 1:
        raise AssertionError("the print dialogue was not asked for")
    if name == START_OVER and page.evaluate(TYPED):
        raise AssertionError("something typed is still there")
    context.close()
    person = player.keys * KEY_SECONDS + player.decisions * THINK_SECONDS + player.waited
    seen = TASKS[name][-1][2]
    return f"| {name} | “{seen}” | {player.keys} | {player.waited:.1f} | {person:.0f} |"


def main(address: str, names: list[str]) -> int:
    print("| Task | Seen at the end | Keys | Waited, s | Person, s (estimate) |")
    print("| --- | --- | ---: | ---: | ---: |")
    failed = 0
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in names or TASKS:
            try:
                print(row(browser, address, name), flush=True)
            except AssertionError as error:
                failed += 1
                print(f"| {name} | FAILED: {error} | | | |", flush=True)
        browser.close()
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else __doc__)
