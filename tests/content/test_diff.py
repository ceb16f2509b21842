"""What differs between two editions: nothing is missed, and doses are compared by clearance."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given

from dosing.content.diff import KINDS, WEIGHTS, Difference, differences, weight_of
from dosing.content.load import shipped_formulary
from dosing.content.pairing import text_of
from dosing.content.segments import disjoint
from dosing.engine.formulary import DoseRow, DoseTable, Drug, Formulary, Regimen, Rule
from dosing.presenters.difference import HEADINGS, difference_view, sentences
from dosing.presenters.field_words import FIELDS
from tests.engine.formularies import formularies, laws
from tests.medication_text import problems

from .faults import change_drug, change_row, change_table, drug_by, first_table
from .small_formulary import small_formulary

# Every field of every dataclass, one at a time


def classes() -> list[type]:
    """Every dataclass a formulary is made of, found from the types alone."""
    found: list[type] = [Formulary]
    for kind in found:
        for hint in typing.get_type_hints(kind).values():
            found += [one for one in _inside(hint) if one not in found]
    return found


def _inside(hint: Any) -> Iterator[type]:
    if is_dataclass(hint):
        yield typing.cast(type, hint)
    for argument in typing.get_args(hint):
        yield from _inside(argument)


FIELDS_OF_ALL = [(kind, spec.name) for kind in classes() for spec in fields(kind)]
#: One value is allowed: an edition of another format is not read at all.
FIXED = {(Formulary, "format")}

WAYS = ["vial", "bottle", "oral"]
SHORT = ["full_first_phase_days", "course_days_after_short_phase"]
Rebuild = typing.Callable[[Any], Any]


def objects(value: Any, rebuild: Rebuild) -> Iterator[tuple[Any, Rebuild]]:
    """Every dataclass inside, with the way to the whole edition with another in its place."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value, rebuild
        for spec in fields(value):
            inner = getattr(value, spec.name)

            def with_field(new: Any, name: str = spec.name) -> Any:
                return rebuild(replace(value, **{name: new}))

            yield from objects(inner, with_field)
    elif isinstance(value, Mapping):
        for key, item in value.items():

            def with_item(new: Any, key: Any = key) -> Any:
                return rebuild({**value, key: new})

            yield from objects(item, with_item)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):

            def with_place(new: Any, place: int = place) -> Any:
                return rebuild((*value[:place], new, *value[place + 1 :]))

            yield from objects(item, with_place)


def others(value: Any) -> Iterator[Any]:
    """Other values of a field; a class may refuse some of them."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, D):
        yield from (
            value + 1,
            value / 2,
            D(f"{value}.0") if "." not in str(value) else value + D(9),
        )
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, str):
        yield from (f"{value}x", "", "q24h", "q12h", "note", "caution", "anc", "cbc", "liver")
        yield from ("give", "advise", "oral", "mL/min/kg", "prevention", "maintenance", "days")
    elif isinstance(value, Mapping):
        yield dict(list(value.items())[1:])
        yield {**value, "new": next(iter(value.values()), True)}
    elif isinstance(value, tuple):
        yield value[1:]
        yield (*value, *value[:1])
        yield from ((1,), ("ibd",), ("gut",), (D(1),))
    elif value is None:
        yield from (D(1), 1, "x")
    if not isinstance(value, tuple):
        yield None


def together(kind: type, name: str) -> dict[str, Any]:
    """What must change with a field for the class to be built at all."""
    drugs = small_formulary().drugs.values()
    ways = {way: next(getattr(one, way) for one in drugs if getattr(one, way)) for way in WAYS}
    if kind is Drug and name in WAYS:
        other = WAYS[WAYS.index(name) - 1]
        return dict.fromkeys(WAYS) | {other: ways[other]}
    if kind is DoseTable and name == "formula":
        formulas = [table.formula for one in drugs for table in one.tables.values()]
        return {"rows": (), "formula": next(one for one in formulas if one)}
    if kind is DoseTable and name == "rows":
        return {"rows": TABLE, "formula": None}
    if kind is Regimen and name in SHORT:
        return {SHORT[0]: 21, SHORT[1]: 28}
    return {}


def changed(kind: type, name: str) -> Iterator[tuple[Formulary, Any]]:
    """The small edition with this field changed, once at every object of the class."""
    everything = objects(small_formulary(), lambda whole: whole)
    of_kind: list[tuple[Any, Rebuild]] = [one for one in everything if type(one[0]) is kind]
    for item, rebuild in of_kind:
        value = getattr(item, name)
        for other in others(value):
            try:
                new = replace(item, **{name: other} | together(kind, name))
                whole = rebuild(new)
            except (ValueError, TypeError):
                continue
            if text_of(getattr(new, name)) != text_of(value):
                yield whole, item
                break


@pytest.mark.parametrize(
    ("kind", "name"),
    [pair for pair in FIELDS_OF_ALL if pair not in FIXED],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_no_field_can_change_unseen(kind: type, name: str) -> None:
    before = small_formulary()
    tried = 0
    for after, _ in changed(kind, name):
        tried += 1
        found = differences(before, after)
        assert found, (kind, name)
        assert all(one.weight in WEIGHTS and one.kind in KINDS for one in found)
        said = sentences(before, after)
        assert len(said) == len(found)
        assert all(one.strip() for one in said)
        for one in found:
            assert text_of(one.before) != text_of(one.after)
    assert tried, f"nothing of {kind.__name__}.{name} was ever changed: the test tests nothing"


def test_a_field_that_the_walk_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: without its net, a walk that sees nothing is caught."""
    from dosing.content import diff

    monkeypatch.setattr(diff, "_field", lambda *given: iter(()))
    monkeypatch.setattr(diff, "_leaf", lambda *given: None)
    (after, _), *_ = changed(DoseTable, "title")
    assert differences_are_empty(small_formulary(), after)


def differences_are_empty(before: Formulary, after: Formulary) -> bool:
    from dosing.content import diff

    return [one for one in diff._object((), before, after) if one is not None] == []


@given(formularies(), formularies())
@laws(30)
def test_no_difference_means_the_same_digest(one: Formulary, other: Formulary) -> None:
    assert differences(one, one) == ()
    assert differences(other, other) == ()
    assert bool(differences(one, other)) == (text_of(one) != text_of(other))
    assert len(sentences(one, other)) == len(differences(one, other))


def test_every_field_has_words() -> None:
    assert {name for _, name in FIELDS_OF_ALL} - set(FIELDS) == set()


def test_every_weight_has_a_heading_in_the_same_order() -> None:
    assert tuple(HEADINGS) == WEIGHTS


def test_what_nobody_classified_counts_as_a_dose() -> None:
    assert weight_of(int, "anything") == "dose"


# Doses, by clearance


def band(low: str, high: str | None, amount: str, frequency: str = "q12h") -> DoseRow:
    return DoseRow(
        low=D(low),
        high=None if high is None else D(high),
        amount=D(amount),
        frequency=frequency,
        sources=("label",),
    )


def with_rows(*rows: DoseRow) -> Formulary:
    small = small_formulary()
    return change_table(small, "vial", first_table(small, "vial"), rows=rows)


TABLE = (band("70", None, "5"), band("50", "70", "2.5"), band("0", "50", "1"))


def doses(before: Formulary, after: Formulary) -> list[Difference]:
    return [one for one in differences(before, after) if one.weight == "dose"]


def said(before: Formulary, after: Formulary) -> list[str]:
    return [one.replace("\u00a0", " ") for one in sentences(before, after)]


def test_a_moved_edge_names_the_clearances_that_get_another_dose() -> None:
    moved = (band("60", None, "5"), band("50", "60", "2.5"), band("0", "50", "1"))
    assert said(with_rows(*TABLE), with_rows(*moved)) == [
        "vialvir IV, Induction, 60 to below 70 mL/min: 2.5 mg/kg every 12 hours → 5 mg/kg every 12 "
        "hours (in a day 5 mg/kg → 10 mg/kg, +100%)",
        "vialvir IV, Induction, bands in mL/min: [70, ∞), [50, 70), [0, 50) → "
        "[60, ∞), [50, 60), [0, 50)",
    ]


def test_a_band_split_into_two_of_the_same_dose_is_only_the_bands() -> None:
    split = (*TABLE[:1], band("60", "70", "2.5"), band("50", "60", "2.5"), *TABLE[2:])
    (one,) = doses(with_rows(*TABLE), with_rows(*split))
    assert one.field == "bands"


def test_a_band_split_into_two_doses_names_the_half_that_changed() -> None:
    split = (*TABLE[:1], band("60", "70", "2.5"), band("50", "60", "2.5", "q24h"), *TABLE[2:])
    first, _ = said(with_rows(*TABLE), with_rows(*split))
    assert first == (
        "vialvir IV, Induction, 50 to below 60 mL/min: 2.5 mg/kg every 12 hours → 2.5 mg/kg once "
        "a day (in a day 5 mg/kg → 2.5 mg/kg, −50%)"
    )


def test_an_edge_that_changes_hands_is_one_clearance() -> None:
    other = (
        replace(TABLE[0], low_closed=False),
        replace(TABLE[1], high_closed=True),
        TABLE[2],
    )
    first, _ = said(with_rows(*TABLE), with_rows(*other))
    assert first.startswith("vialvir IV, Induction, exactly 70 mL/min: 5 mg/kg every 12 hours →")


def test_a_gap_is_a_row_that_is_gone() -> None:
    gap = (band("75", None, "5"), *TABLE[1:])
    first, _ = said(with_rows(*TABLE), with_rows(*gap))
    assert first == ("vialvir IV, Induction, 70 to below 75 mL/min removed: 5 mg/kg every 12 hours")


def test_other_digits_of_the_same_figure_are_said() -> None:
    other = (replace(TABLE[0], low=D("70.0")), replace(TABLE[1], high=D("70.0")), TABLE[2])
    assert said(with_rows(*TABLE), with_rows(*other)) == [
        "vialvir IV, Induction, bands in mL/min: [70, ∞), [50, 70), [0, 50) → "
        "[70.0, ∞), [50, 70.0), [0, 50)"
    ]
    more = change_drug(small_formulary(), "vial", near_edge_percent=D("10.0"))
    assert said(small_formulary(), more) == ["vialvir IV, near the edge of a band: 10 → 10.0"]


def test_bands_in_another_order_are_said() -> None:
    (one,) = doses(with_rows(*TABLE), with_rows(*reversed(TABLE)))
    assert one.kind == "moved"


def test_overlapping_bands_of_a_draft_are_compared_row_by_row() -> None:
    wrong = (band("60", None, "5"), *TABLE[1:])
    assert not disjoint(wrong)
    found = differences(with_rows(*TABLE), with_rows(*wrong))
    assert [one.path for one in found] == ["drugs.vialvir.tables.induction.rows.1.low"]


def test_a_row_for_dialysis_that_is_removed() -> None:
    shipped = shipped_formulary()
    drug = shipped.drugs["valganciclovir"]
    table = drug.tables["induction"]
    rows = tuple(row for row in table.rows if row.dialysis != "haemodialysis")
    tables = {**drug.tables, "induction": replace(table, rows=rows)}
    drugs = {**shipped.drugs, "valganciclovir": replace(drug, tables=tables)}
    assert said(shipped, replace(shipped, drugs=drugs)) == [
        "valGANciclovir by mouth, induction, row for haemodialysis removed: no dose. Tablets "
        "cannot make the dose that is needed. Ganciclovir IV has a haemodialysis row."
    ]


def test_the_sentence_of_the_order() -> None:
    """The clearance band, the frequency before and after, and what it means in a day."""
    shipped = shipped_formulary()
    after = change_row(shipped, "vial", lambda table: table.rows[1], frequency="q24h")
    assert said(shipped, after) == [
        "ganciclovir IV, induction, 50 to below 70 mL/min: 2.5 mg/kg every 12 hours → 2.5 mg/kg "
        "once a day (in a day 5 mg/kg → 2.5 mg/kg, −50%)"
    ]


def test_a_count_is_said_with_its_unit() -> None:
    shipped = shipped_formulary()
    drug = drug_by(shipped, "vial")
    higher = tuple(
        replace(one, stop_below=D(50)) if one.lab == "platelets" else one for one in drug.thresholds
    )
    assert said(shipped, change_drug(shipped, "vial", thresholds=higher)) == [
        "ganciclovir IV, platelets not below: 25 ×10⁹/L → 50 ×10⁹/L (+100%)"
    ]


# Rows without a slug, names, order


def test_a_text_that_changed_stays_the_same_rule() -> None:
    small = small_formulary()
    drug = drug_by(small, "vial")
    rule = drug.rules[0]
    rules = (replace(rule, text=f"{rule.text} Today."), *drug.rules[1:])
    (one,) = differences(small, change_drug(small, "vial", rules=rules))
    assert (one.field, one.kind, one.weight) == ("text", "changed", "text")


def test_a_rule_that_is_added_says_all_it_says() -> None:
    small = small_formulary()
    rule = Rule(
        code="interaction-imipenem",
        level="stop",
        text="Not together.",
        when="taking:imipenem",
        sources=("label",),
    )
    drug = drug_by(small, "vial")
    (one,) = said(small, change_drug(small, "vial", rules=(*drug.rules, rule)))
    assert one == (
        "vialvir IV, stop “interaction-imipenem” (with imipenem) added: code interaction-imipenem; "
        "level Stop; text Not together.; when with imipenem"
    )


def test_a_table_with_another_short_name_is_the_same_table() -> None:
    small = small_formulary()
    drug = drug_by(small, "bottle")
    (old,) = drug.tables.values()
    tables = {"other": replace(old, slug="other")}
    found = differences(small, change_drug(small, "bottle", tables=tables))
    assert [(one.kind, one.before, one.after) for one in found] == [
        ("renamed", old.slug, "other"),
    ]


def test_a_new_table_is_shown_row_by_row() -> None:
    small = small_formulary()
    drug = drug_by(small, "vial")
    table = replace(first_table(small, "vial"), slug="new", title="new", rows=TABLE, ages=())
    tables = {**drug.tables, "new": table}
    found = differences(small, change_drug(small, "vial", tables=tables))
    assert [one.kind for one in found] == ["added"] * 4
    assert [one.after for one in found[1:]] == list(TABLE)


def test_another_order_of_what_stays_is_said() -> None:
    small = small_formulary()
    drugs = {slug: small.drugs[slug] for slug in reversed(list(small.drugs))}
    (one,) = differences(small, replace(small, drugs=drugs))
    assert (one.kind, one.before, one.after) == ("moved", tuple(small.drugs), tuple(drugs))


def test_doses_stand_first() -> None:
    shipped = shipped_formulary()
    after = change_row(
        replace(shipped, contact="another", edition="another"),
        "vial",
        lambda table: table.rows[0],
        amount=D(6),
    )
    assert [one.weight for one in differences(shipped, after)] == ["dose", "text", "text"]
    assert [group.title for group in difference_view(shipped, after).groups] == [
        HEADINGS["dose"],
        HEADINGS["text"],
    ]


def test_the_words_are_those_of_the_ward() -> None:
    """Against an empty edition everything is said once."""
    shipped = shipped_formulary()
    bare = replace(
        small_formulary(),
        drugs={},
        regimens={},
        examples=(),
        guidance={},
        disagreements={},
    )
    for pair in ((bare, shipped), (shipped, bare)):
        for one in sentences(*pair):
            assert not problems(re.sub(r"https?://\S+", "", one)), one
