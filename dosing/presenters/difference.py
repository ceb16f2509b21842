"""The differences between two editions as sentences: place, before → after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dosing.content.diff import Difference, Place, differences
from dosing.content.segments import Segment
from dosing.engine.formulary import (
    DOSES_PER_DAY,
    ActionLimit,
    ChildFormula,
    ClockStep,
    DoseRow,
    DoseTable,
    Drug,
    Formulary,
    MonitoringRule,
    Phase,
    Regimen,
    Rounding,
    Rule,
    Source,
    Threshold,
)

from . import words
from .bands import row_words
from .field_words import NOTHING, as_written, label, own_fields, tall, written
from .numbers import NBSP, amount, at_most, plain
from .starting import clock_words
from .working import interval_words

HEADINGS = {
    "dose": "Doses, tables, rounding and lengths",
    "limit": "Limits, rules and interactions",
    "preparation": "Preparing and giving",
    "schedule": "Tests and their days",
    "text": "Texts",
    "example": "Worked examples",
    "source": "Sources",
}
KINDS = {"added": "added", "removed": "removed"}
#: Fields that hold the short name of something else.
_NAMES = {
    "drug": "drug",
    "regimen": "regimen",
    "fallback_regimen": "regimen",
    "rhythm": "rhythm",
    "rhythm_below_top_band": "rhythm",
    "intensive_rhythm": "rhythm",
    "opening_rhythm": "rhythm",
}
#: What is weighty stands open, the rest is folded.
OPEN = ("dose", "limit", "preparation")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One difference in words; a side that is not there is "". `also` says what follows from it."""

    place: str
    kind: str
    before: str
    after: str
    also: str
    sources: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        said = f"{self.before} → {self.after}" if self.before and self.after else ""
        said = said or f"{self.kind}: {self.after or self.before}".removesuffix(": ")
        tail = f" ({self.also})" if self.also else ""
        return f"{self.place}{':' if self.before and self.after else ''} {said}{tail}"


@dataclass(frozen=True, slots=True)
class Group:
    """Differences of one weight."""

    title: str
    is_open: bool
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """All differences between two editions, the weightiest first."""

    before: str
    after: str
    count: int
    groups: tuple[Group, ...]


def difference_view(before: Formulary, after: Formulary) -> DifferenceView:
    """Everything that differs, in words."""
    found = differences(before, after)
    groups = []
    for weight, title in HEADINGS.items():
        said = tuple(_sentences((one for one in found if one.weight == weight), before, after))
        if said:
            groups.append(Group(title, weight in OPEN, said))
    return DifferenceView(before.edition, after.edition, len(found), tuple(groups))


def sentences(before: Formulary, after: Formulary) -> tuple[str, ...]:
    """Every difference as one sentence."""
    return tuple(
        one.text for group in difference_view(before, after).groups for one in group.sentences
    )


def _sentences(
    found: Iterable[Difference], before: Formulary, after: Formulary
) -> Iterator[Sentence]:
    for one in found:
        yield _sentence(one, Wording(before), Wording(after))


class Wording:
    """Names of one edition, for the short names its rows use."""

    def __init__(self, formulary: Formulary) -> None:
        self.formulary = formulary

    def written(self, field: str, value: Any, item: Any, unit: str = "") -> str:
        """A value of an item on this side."""
        if field == "sources" and isinstance(value, tuple):
            return "; ".join(self._source(slug) for slug in value) or NOTHING
        if field == "regimens" and isinstance(value, tuple):
            return words.joined(self._named("regimen", slug) for slug in value) or NOTHING
        if field in _NAMES and value:
            return self._named(_NAMES[field], value)
        if field == "table" and value:
            drug = self.formulary.drugs.get(item.drug)
            table = None if drug is None else drug.tables.get(value)
            return f"“{value if table is None else table.title}”"
        if field == "when":
            return when_words(value) or "always"
        return written(field, value, unit)

    def _named(self, kind: str, slug: str) -> str:
        formulary = self.formulary
        if kind == "drug" and slug in formulary.drugs:
            return words.full_name(formulary.drugs[slug])
        if kind == "regimen" and slug in formulary.regimens:
            return f"“{formulary.regimens[slug].title}”"
        if kind == "rhythm" and slug in formulary.rhythms:
            return formulary.rhythms[slug].title
        return tall(slug)

    def summary(self, item: Any) -> str:
        """Everything a row says itself."""
        said = []
        for name, value in own_fields(item):
            shown = self.written(name, value, item, unit_of(item, name))
            said.append(label(name) if value is True else f"{label(name)} {shown}")
        return "; ".join(said)

    def _source(self, slug: str) -> str:
        known = self.formulary.sources.get(slug)
        if known is None:
            return slug
        return ", ".join(part for part in (known.title, known.section) if part)

    def sources(self, item: Any) -> str:
        """The sources of a row, in words."""
        return "; ".join(self._source(slug) for slug in getattr(item, "sources", ()))


def _item(one: Difference) -> Any:
    return one.places[-1].item if one.places else None


def unit_of(item: Any, field: str) -> str:
    """A unit that stands in another field of the row."""
    if isinstance(item, Threshold) and field in ("stop_below", "caution_below"):
        return words.LAB_UNITS[item.lab]
    return ""


def _sentence(one: Difference, left: Wording, right: Wording) -> Sentence:
    place = place_words(one)
    if isinstance(one.before, DoseRow) or isinstance(one.after, DoseRow):
        return _row(one, place, left, right)
    kind = KINDS.get(one.kind, "")
    if one.kind in ("added", "removed"):
        side = left if one.after is None else right
        said = side.summary(_item(one))
        return Sentence(
            place,
            kind,
            said if one.after is None else "",
            "" if one.after is None else said,
            "",
            side.sources(_item(one)),
        )
    before, after = (
        side.written(one.field, value, _item(one), unit_of(_item(one), one.field))
        for side, value in ((left, one.before), (right, one.after))
    )
    if one.kind == "moved":
        before, after = (tall("; ".join(names)) for names in (one.before, one.after))
    elif one.field == "bands":
        before, after = ", ".join(one.before), ", ".join(one.after)
    if before == after:
        # 1.0 and 1.00: the same figure, and another digest.
        before, after = as_written(one.before), as_written(one.after)
    return Sentence(place, kind, before, after, _change(one), "")


# Rows of dose tables


def _table(one: Difference) -> DoseTable | None:
    return next((p.item for p in one.places if isinstance(p.item, DoseTable)), None)


def _tables(one: Difference) -> tuple[DoseTable | None, DoseTable | None]:
    found = next((p for p in one.places if isinstance(p.item, DoseTable)), None)
    return (None, None) if found is None else (found.before, found.after)


def _row(one: Difference, place: str, left: Wording, right: Wording) -> Sentence:
    """A row with its dose on both sides; the advice too where there is no dose."""
    old, new = one.before, one.after
    tables = _tables(one)
    before = "" if old is None else dose_words(old, tables[0] or tables[1])
    after = "" if new is None else dose_words(new, tables[1] or tables[0])
    sources = left.sources(old) if new is None else right.sources(new)
    return Sentence(place, KINDS.get(one.kind, ""), before, after, _daily(one), sources)


def dose_words(row: DoseRow, table: DoseTable | None) -> str:
    """The dose of a row, or that there is none and what to do instead."""
    if row.amount is None:
        return f"no dose. {row.advice}"
    if table is None:
        return f"{plain(row.amount)} {words.FREQUENCIES[row.frequency]}"
    return row_words(row, table)


def _daily(one: Difference) -> str:
    """What it means for a day, where both sides give a dose by the same measure."""
    old, new = one.before, one.after
    before, after = _tables(one)
    if old is None or new is None or old.amount is None or new.amount is None:
        return ""
    if before is None or after is None or before.per_kg != after.per_kg:
        return ""
    unit = "mg/kg" if after.per_kg else "mg"
    first, second = (Fraction(row.amount) * DOSES_PER_DAY[row.frequency] for row in (old, new))
    if first == second:
        return "the same in a day"
    return (
        f"in a day {amount(first, unit, 3)} → {amount(second, unit, 3)}, {percent(first, second)}"
    )


def percent(before: Fraction, after: Fraction) -> str:
    """+100%, −50%; with the sign."""
    change = (after - before) * 100 / before
    sign = "+" if change > 0 else "−" if change < 0 else ""
    shown = at_most(abs(change), 0 if abs(change) >= 10 else 1)
    return f"{sign}{shown}%"


def _change(one: Difference) -> str:
    """By how much a single figure of weight changes."""
    sides = (one.before, one.after)
    if one.weight not in ("dose", "preparation", "limit"):
        return ""
    if any(isinstance(side, bool) or not isinstance(side, Decimal | int) for side in sides):
        return ""
    before, after = (Fraction(side) for side in sides)
    return percent(before, after) if before > 0 and before != after else ""


# Places


def place_words(one: Difference) -> str:
    """Where it is, from the drug or regimen down; the field last."""
    table = _table(one)
    parts = [part for place in one.places if (part := _step(place, table))]
    field = label(one.field) if one.field else ""
    if one.field == "bands" and table is not None:
        field = f"bands in {table.measure}"
    if one.kind == "moved":
        field = f"order of {field}"
    where = ", ".join(parts)
    if not where:
        return f"{field[:1].upper()}{field[1:]}"
    if field and isinstance(_item(one), Threshold):
        return f"{where} {field}"
    return f"{where}, {field}" if field else where


def _step(place: Place, table: DoseTable | None) -> str:
    item = place.item
    if isinstance(item, Segment):
        return _segment(item, table)
    if isinstance(item, DoseRow):
        return where_words(item, table)
    write = _STEPS.get(type(item))
    if write is not None:
        return write(item, place)
    title = getattr(item, "title", "") or getattr(item, "question", "")
    if title:
        return f"{label(place.field)} “{title}”"
    return f"{label(place.field)} {tall(place.key)}".rstrip()


def _segment(one: Segment, table: DoseTable | None) -> str:
    row = one.after or one.before
    assert row is not None
    if one.high is not None and one.low == one.high:
        return f"exactly {one.low}{NBSP}{'' if table is None else table.measure}"
    edges = {name: getattr(one, name) for name in ("low", "low_closed", "high", "high_closed")}
    return where_words(replace(row, **edges), table)


def where_words(row: DoseRow, table: DoseTable | None) -> str:
    """For whom a row of a table is."""
    if row.dialysis:
        return f"row for {words.DIALYSES.get(row.dialysis, row.dialysis)}"
    if row.low is None:
        return f"row {words.company(row)}"
    return row.interval if table is None else interval_words(row, table)


_WHEN = {
    "dialysis": "on dialysis",
    "on_treatment": "after the first dose",
    "before_treatment": "before the first dose",
}


def when_words(when: str) -> str:
    """The condition of a rule: with imipenem; allergy to aciclovir; pregnant."""
    if when.startswith("taking:"):
        slugs = when.removeprefix("taking:").split("+")
        return f"with {words.joined(words.CO_MEDICATIONS.get(one, one) for one in slugs)}"
    if when.startswith("allergy:"):
        slug = when.removeprefix("allergy:")
        return words.ANSWERS.get(slug, f"allergy to {words.CO_MEDICATIONS.get(slug, slug)}")
    known = words.ANSWERS | _WHEN
    return known.get(when.replace("-", "_"), when)


def _rule(rule: Rule, place: Place) -> str:
    when = when_words(rule.when)
    return f"{words.LEVELS[rule.level].lower()} “{tall(rule.code)}”{f' ({when})' if when else ''}"


def _test(rule: MonitoringRule | ActionLimit, place: Place) -> str:
    course = f" in {rule.course}" if rule.course else ""
    when = getattr(rule, "when", "")
    condition = f" ({when_words(when)})" if when else ""
    act = "act on " if isinstance(rule, ActionLimit) else ""
    return f"{act}{words.TESTS.get(rule.test, rule.test)}{course}{condition}"


_STEPS: Mapping[type, Callable[[Any, Place], str]] = {
    ActionLimit: _test,
    ChildFormula: lambda item, place: "child formula",
    ClockStep: lambda item, place: f"around the dose “{clock_words(item)}”",
    DoseTable: lambda item, place: item.title,
    Drug: lambda item, place: words.full_name(item),
    MonitoringRule: _test,
    Phase: lambda item, place: f"phase {place.key}",
    Regimen: lambda item, place: f"regimen “{item.title}”",
    Rounding: lambda item, place: f"rounding{' on dialysis' if item.dialysis else ''}",
    Rule: _rule,
    Source: lambda item, place: f"source “{item.title}”",
    Threshold: lambda item, place: words.LABS[item.lab],
}
