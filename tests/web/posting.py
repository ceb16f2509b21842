"""From a payload in the contract's keys to what the page's form would send, and a page's parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from dosing.forms.asking import ANSWERS, PHASES, TICKS

Fields = dict[str, Any]

#: What a browser sends for a form that was not touched.
UNTOUCHED: Fields = {
    "age_unit": "years",
    "weight_kg_unit": "kg",
    "height_cm_unit": "cm",
    "dialysis": "none",
    "kidney_input": "creatinine",
    "serum_creatinine_unit": "",
    "venous_access": "central",
    "anc_unit": "10^9/L",
    "platelets_unit": "10^9/L",
    "haemoglobin_unit": "g/L",
}


class NotOnThePage(ValueError):
    """The payload has something the form has no way to send."""


def fields_of(payload: dict[str, Any]) -> Fields:
    """The form's fields for a payload; raises NotOnThePage for what only a program can send."""
    return UNTOUCHED | dict(_fields(payload))


def _fields(payload: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in payload.items():
        if value is None:
            continue
        if key in ("age_years", "age_months"):
            yield "age", _text(value)
            yield "age_unit", key.removeprefix("age_")
        elif key == "labs" and isinstance(value, dict):
            yield from ((lab, _text(one)) for lab, one in value.items() if one is not None)
        elif key == "last_doses" and isinstance(value, dict):
            yield from ((f"last_dose_{slug}", _text(day)) for slug, day in value.items())
        elif key == "phase_days" and isinstance(value, list):
            for name, days in zip(PHASES, value, strict=False):
                yield name, "" if days is None else _text(days)
        elif key == "crcl_ml_min":
            yield key, _text(value)
            yield "kidney_input", payload.get("crcl_source", "calculated")
        elif key in ("allergies", "taking", "draw_weekdays"):
            if not isinstance(value, list):
                raise NotOnThePage(value)
            yield key, value
        elif key in (*TICKS, *ANSWERS) and not isinstance(value, bool):
            raise NotOnThePage(value)
        elif key in ANSWERS:
            yield key, "yes" if value else "no"
        elif value is True:
            yield key, "yes"
        elif value is not False and key != "crcl_source":
            yield key, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool | list | dict):
        raise NotOnThePage(value)
    return str(value)


class _Parts(HTMLParser):
    VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.links: list[tuple[str, str]] = []
        self.values: dict[str, str] = {}
        self._link: list[str] | None = None
        self._href = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        boxed = found.get("type") in ("checkbox", "radio")
        if tag == "input" and ("checked" in found or not boxed):
            self.values[found.get("name", "")] = found.get("value", "")
        elif tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found.get("value", "")
        if tag == "a" and "data-field" in found:
            self._link, self._href = [], found["href"]
        if tag not in self.VOID:
            self.stack.append(found.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if self.stack:
            self.stack.pop()
        if tag == "a" and self._link is not None:
            self.links.append((self._href.removeprefix("#id_"), "".join(self._link)))
            self._link = None

    def handle_data(self, data: str) -> None:
        for key in filter(None, self.stack):
            self.texts.setdefault(key, []).append(data)
        if self._link is not None:
            self._link.append(data)


def parts(html: str) -> _Parts:
    """The values of a page's form, its summary's links, and texts by id."""
    found = _Parts()
    found.feed(html)
    return found


def text_at(html: str, key: str) -> str:
    """The text inside the element of this id."""
    return "".join(parts(html).texts.get(key, []))


#: A dose, volume or count of a drug; mg/dL, mL/min and lengths of time aside.
DRUG_FIGURE = re.compile(
    r"\d[\d.,]*[\s\u00a0]*(?:mg(?!/dL)|mL(?!/min)|tablets?|vials?|bottles?|mmol(?!/L))"
)
