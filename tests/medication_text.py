"""The medication-text linter: what a ward-facing text must never contain.

The rules are ISMP's list of error-prone abbreviations and the NHS medication line, as far as a text
alone can show them. `problems` reads plain text, `page_problems` the visible text of a page.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

NBSP = "\u00a0"
#: Units of doses and volumes; a clearance keeps its two decimals, a laboratory value its zeros.
_UNIT = (
    r"(?:mg/kg(?:/min)?|mg/mL|mg(?!/dL)|mL/h|mL(?!/min)|g(?!/)|kg|mmol|tablets?|vials?|bottles?)"
)
_NUMBER = r"(?<![\w.,/])\d[\d,]*(?:\.\d+)?"

RULES: dict[str, re.Pattern[str]] = {
    "trailing zero in a dose": re.compile(rf"(?<![\w.,])\d[\d,]*\.\d*0[\s{NBSP}]*{_UNIT}\b"),
    "no zero before the point": re.compile(r"(?<![\d\w])\.\d"),
    "no comma from 1,000": re.compile(rf"(?<![\w.,#:-])\d{{4,}}(?:\.\d+)?[\s{NBSP}]*{_UNIT}\b"),
    "ordinary space before a unit": re.compile(
        rf"{_NUMBER}[ \t\n]+(?:{_UNIT}|mL/min(?:/kg)?|mg/dL|µmol/L|g/L|%)(?![\w])"
    ),
    "no space before a unit": re.compile(r"(?<![\w.,#])\d[\d,]*(?:\.\d+)?(?:mg|mL|kg|mmol)\b"),
    "wrong way of writing mL": re.compile(r"(?<![A-Za-z])(?:ml|ML|cc)(?![A-Za-z])"),
    "micrograms abbreviated": re.compile(r"(?<![A-Za-z])(?:mcg|µg|ug)(?![A-Za-z])"),
    "units abbreviated": re.compile(rf"\d[\s{NBSP}]*(?:U|IU)(?![A-Za-z/])"),
    "frequency abbreviated": re.compile(
        r"\b(?:QD|qd|OD|BD|bd|BID|bid|TDS|tds|TID|tid|QID|qid|QOD|qod|q\d{1,2}h|Q\d{1,2}H|prn|PRN|"
        r"b\.i\.d\.|q\.d\.|o\.d\.|3/week|2/week)\b"
    ),
    "drug name without tall letters": re.compile(
        r"\b(?:[vV]al(?:ganci|aci|acy)clovir|VAL(?:GANCI|ACI|ACY)CLOVIR)\b"
    ),
    "route abbreviated": re.compile(r"\b(?:SQ|SubQ|sub q|i/v|I/V)\b"),
}
#: Slashes that are units or fixed names, not words.
_SLASHED = re.compile(
    r"(?:mg|mL|g|mmol|µmol|kg|×?10⁹|L|dL|min|m²|1\.73|h)(?:/(?:kg|mL|dL|min|h|L|week|day|m²|1\.73))+"
)
PAPER_RULES: dict[str, re.Pattern[str]] = {
    "sign that is misread on paper": re.compile(r"[<>≥≤]"),
    "slash standing for a word": re.compile(r"[A-Za-z]{2,}/[A-Za-z]{2,}"),
}


#: A digest, whole or shortened: its letters are no words.
_DIGEST = re.compile(r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{12,64}\b")


def problems(text: str, *, paper: bool = False) -> list[str]:
    """Each rule that the text breaks, with the place."""
    text = _DIGEST.sub("digest", text)
    found = [
        _said(name, match, text) for name, rule in RULES.items() for match in rule.finditer(text)
    ]
    if paper:
        bare = _SLASHED.sub(" ", text)
        found += [
            _said(name, match, bare)
            for name, rule in PAPER_RULES.items()
            for match in rule.finditer(bare)
        ]
    return found


def _said(name: str, match: re.Match[str], text: str) -> str:
    around = text[max(0, match.start() - 25) : match.end() + 25].replace("\n", " ")
    return f"{name}: {match.group()!r} in {around!r}"


class _Visible(HTMLParser):
    """Text a reader meets: element text, titles, labels and placeholders."""

    _SILENT = frozenset({"script", "style", "template"})
    _SPOKEN = frozenset({"aria-label", "title", "placeholder", "alt"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self._SILENT
        self.parts.append("\n")
        self.parts += [f"{value}\n" for name, value in attrs if name in self._SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self._SILENT
        self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


#: Elements that stand inside a line: their tags do not end it.
_INLINE = re.compile(r"</?(?:strong|em|b|i|span|small|abbr|a|tspan|sup|sub|time|code)\b[^>]*>")


def visible_text(html: str) -> str:
    """The visible text of a page; inline elements do not part a number from its unit."""
    reader = _Visible()
    reader.feed(_INLINE.sub("", html))
    return "".join(reader.parts)


def page_problems(html: str, *, paper: bool = False) -> list[str]:
    """Each rule that the visible text of a page breaks."""
    return problems(visible_text(html), paper=paper)
