"""First-time tasks played with the keyboard alone, with every key counted; prints a table.

    .venv/bin/python tools/first_time_tasks.py http://127.0.0.1:8000/

A person's seconds are an estimate by the keystroke-level model: 0.28 s a key, and 1.35 s to think
before each field. Each task ends with what must be visible; the program fails where it is not.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

SECONDS_A_KEY, SECONDS_A_FIELD = 0.28, 1.35
MOST_TABS = 60


@dataclass
class Hands:
    """A keyboard that counts."""

    page: Page
    keys: int = 0
    fields: int = 0
    waited: float = 0.0
    seen: list[str] = field(default_factory=list)

    def press(self, key: str, times: int = 1) -> None:
        """One key, some times."""
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        """Characters, one key each."""
        for character in text:
            self.page.keyboard.type(character)
            self.keys += 1

    def to(self, name: str, *, back: bool = False) -> None:
        """Tab until a field of that name (or a button of that text) has the focus."""
        here = (
            "() => { const e = document.activeElement;"
            " return [e.name || '', e.textContent.trim(), e.getAttribute('href') || '']; }"
        )
        self.fields += 1
        for _ in range(MOST_TABS):
            own, text, link = self.page.evaluate(here)
            if own == name or text.startswith(name) or link.startswith(name):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{name} is not reached by Tab")

    def fill(self, **values: str) -> None:
        """Fields in the order of the page; a select takes the letters of its choice."""
        for name, value in values.items():
            self.to(name)
            if name in RADIOS:
                self.press("Space" if value == "1" else "ArrowDown", max(1, int(value) - 1))
            else:
                self.type(value)

    def see(self, text: str) -> None:
        """Wait until this stands on the page."""
        begin = time.perf_counter()
        try:
            self.page.get_by_text(text).first.wait_for(timeout=8000)
        except Error:
            self.page.screenshot(path="first-time-task.png")
            raise
        self.waited += time.perf_counter() - begin
        self.seen.append(text)


RADIOS = {"sex", "kidney_input", "suggested", "venous_access"}
FEMALE, MALE = "1", "2"


def adult(hands: Hands) -> None:
    hands.fill(age="28", sex=MALE, weight_kg="94.5", serum_creatinine="2.1")
    hands.fill(serum_creatinine_unit="mg", regimen="g")
    hands.see("475\u00a0mg")


def child(hands: Hands) -> None:
    hands.fill(age="5", sex=MALE, weight_kg="20", height_cm="110", serum_creatinine="0.4")
    hands.fill(serum_creatinine_unit="mg", group="child", situation="prev", suggested="1")
    hands.see("solution")
    hands.see("once a day")


def dialysis(hands: Hands) -> None:
    hands.fill(age="55", sex=FEMALE, weight_kg="62", dialysis="haem", regimen="gg")
    hands.see("3 times a week, after haemodialysis")


def peripheral(hands: Hands) -> None:
    hands.fill(age="40", sex=MALE, weight_kg="70", serum_creatinine="1.0")
    hands.fill(serum_creatinine_unit="mg", regimen="f", venous_access="2")
    hands.see("408.4\u00a0mL")


def wrong_unit(hands: Hands) -> None:
    hands.fill(age="44", sex=FEMALE, weight_kg="66", serum_creatinine="180")
    hands.fill(serum_creatinine_unit="mg", regimen="ib")
    hands.see("If the laboratory reports µmol/L, choose µmol/L.")
    hands.to("serum_creatinine_unit", back=True)
    hands.press("ArrowDown")
    hands.see("165\u00a0mg")


def missing_height(hands: Hands) -> None:
    hands.fill(age="44", sex=FEMALE, weight_kg="66", serum_creatinine="0.9")
    hands.fill(serum_creatinine_unit="mg", regimen="ib")
    hands.see("330\u00a0mg")
    hands.to("Start and options")
    hands.press("Enter")
    hands.fill(renal_weight="ideal")
    hands.see("Enter the height: it is needed here.")
    hands.to("height_cm", back=True)
    hands.type("170")
    hands.see("330\u00a0mg")


def stop(hands: Hands) -> None:
    hands.fill(age="44", sex=FEMALE, weight_kg="66", serum_creatinine="0.9")
    hands.fill(serum_creatinine_unit="mg", regimen="ib")
    hands.to("Today’s counts")
    hands.press("Enter")
    hands.fill(anc="0.3")
    hands.see("Not given")


def sheet(hands: Hands) -> None:
    adult(hands)
    hands.to("Plan sheet, for printing")
    with hands.page.context.expect_page() as opened:
        hands.press("Enter")
    opened.value.get_by_text("Not an order until signed.").wait_for(timeout=8000)
    hands.seen.append("the sheet, in a tab of its own")


def start_over(hands: Hands) -> None:
    adult(hands)
    hands.press("F2")
    hands.see("Everything was emptied.")
    assert hands.page.locator("[name=weight_kg]").input_value() == ""


def source(hands: Hands) -> None:
    adult(hands)
    hands.to("#source-")
    hands.press("Enter")
    target = hands.page.locator(".sources li:target")
    target.wait_for(timeout=8000)
    hands.seen.append(target.inner_text()[:60])


def colitis(hands: Hands) -> None:
    hands.fill(age="44", sex=FEMALE, weight_kg="66", serum_creatinine="180")
    hands.to("serum_creatinine_unit")
    hands.press("ArrowDown", 2)
    hands.fill(group="infl", situation="gut", suggested="1")
    hands.see("165\u00a0mg")


TASKS: dict[str, Callable[[Hands], None]] = {
    "Adult by creatinine": adult,
    "Child, prevention after kidney transplantation": child,
    "Haemodialysis": dialysis,
    "Foscarnet through a peripheral line": peripheral,
    "A creatinine in the wrong unit, put right": wrong_unit,
    "Ideal weight without a height, put right": missing_height,
    "A stop: ANC 0.3": stop,
    "The sheet, for printing": sheet,
    "Start over": start_over,
    "The source of a number": source,
    "Colitis in ulcerative colitis, creatinine 180 µmol/L": colitis,
}


def play(context: BrowserContext, address: str, task: Callable[[Hands], None]) -> Hands:
    """One task on a fresh page."""
    page = context.new_page()
    page.goto(address)
    hands = Hands(page)
    task(hands)
    page.close()
    return hands


def main() -> None:
    address = sys.argv[1]
    print("| task | seen at the end | keys | seconds (estimate) |\n|---|---|---|---|")
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for title, task in TASKS.items():
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            hands = play(context, address, task)
            context.close()
            seconds = hands.keys * SECONDS_A_KEY + hands.fields * SECONDS_A_FIELD + hands.waited
            print(f"| {title} | {hands.seen[-1]} | {hands.keys} | {seconds:.0f} |")
        browser.close()


if __name__ == "__main__":
    main()
