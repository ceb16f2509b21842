"""The impact of a change: exactly the patients it reaches, none missed, the same at every run."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given

from dosing.content import impact as impacts
from dosing.content.impact import Impact, Stopped, impact, impact_of
from dosing.content.load import shipped_formulary
from dosing.content.outcomes import CHANGES, SHARES, share
from dosing.content.population import Patient, patients, population, regimens
from dosing.engine.codec import decode, encode
from dosing.engine.formulary import Formulary, Phase
from dosing.engine.patient import PatientFacts
from dosing.engine.plan import make_plan
from tests.engine.formularies import formularies, laws

from .bands import NARROWED, TABLE, with_rows
from .faults import change_drug, change_row, drug_by
from .small_formulary import TODAY, small_formulary

REGIMEN = "vialvir-alone"


def entered(number: int, clearance: str, **more: object) -> Patient:
    facts = PatientFacts(
        assessed_on=TODAY, age_years=D(50), weight_kg=D(80), crcl_ml_min=D(clearance)
    )
    return Patient(number, REGIMEN, replace(facts, **more), TODAY)  # type: ignore[arg-type]


# By hand


def test_a_narrowed_band_reaches_exactly_the_patients_between_the_edges() -> None:
    """80 kg: 2.5 mg/kg is 200 mg, 1 mg/kg 80 mg; both twice a day: 40 % of it.

    49.99, 60 and 60.01 keep their dose, but lie within 10 % of an edge that went or came.
    """
    clearances = ["49.99", "50", "50.01", "59.99", "60", "60.01", "69.99", "70"]
    found = impact_of(
        [entered(number, one) for number, one in enumerate(clearances, start=1)],
        with_rows(*TABLE),
        with_rows(*NARROWED),
    )
    assert found.changes == {"dose": 3, "finding": 3, "same": 2}
    assert found.shares == {"-50": 3}
    assert [one.number for one in found.affected] == [2, 3, 4]
    first = found.affected[0]
    assert (first.before[0].dose_mg, first.before[0].band) == ("200", "[50, 70)")
    assert (first.after[0].dose_mg, first.after[0].band) == ("80", "[0, 60)")
    assert first.ratio == "2/5"


def test_over_the_whole_population_too() -> None:
    """Told from the facts alone, without the product: an entered clearance from 50 to below 60."""
    before, after = with_rows(*TABLE), with_rows(*NARROWED)
    everyone = [
        one
        for one in patients(REGIMEN, before, after, 3000)
        if one.facts.crcl_ml_min is not None and one.facts.dialysis == "none"
    ]
    found = impact_of(everyone, before, after)
    between = [one for one in everyone if D(50) <= (one.facts.crcl_ml_min or 0) < D(60)]
    stopped = [
        one
        for one in between
        if make_plan(one.facts, before.regimens[REGIMEN], before, start=one.start).stopped
    ]
    assert len(between) > len(stopped) > 0
    assert found.changes["dose"] == len(between) - len(stopped)
    assert set(found.changes) == {"dose", "finding", "same"}
    untouched = [
        one
        for one in everyone
        if not any(edge * 9 <= 10 * (one.facts.crcl_ml_min or 0) <= edge * 11 for edge in (50, 60))
        and one not in between
    ]
    assert found.changes["same"] >= len(untouched) > 500


def test_no_dose_for_a_dose_and_a_dose_for_none() -> None:
    none = replace(TABLE[2], amount=None, frequency="", advice="Ask.")
    people = [entered(1, "30"), entered(2, "55"), entered(3, "90")]
    lost = impact_of(people, with_rows(*TABLE), with_rows(*TABLE[:2], none))
    assert lost.changes == {"newly-stopped": 1, "same": 2}
    assert lost.affected[0].after[0].reason == "renal-function-below-range"
    found = impact_of(people, with_rows(*TABLE[:2], none), with_rows(*TABLE))
    assert found.changes == {"newly-dosed": 1, "same": 2}
    (drug,) = found.drugs
    assert (drug.slug, drug.total, drug.changes) == (
        "vialvir",
        3,
        {"newly-dosed": 1, "same": 2},
    )
    (alone, *others) = found.regimens
    assert (alone.slug, alone.total) == (REGIMEN, 3)
    assert {one.total for one in others} == {0}


def test_the_same_amount_in_a_day_divided_otherwise_is_a_change_of_its_own() -> None:
    once = (replace(TABLE[0], amount=D(10), frequency="q24h"), *TABLE[1:])
    found = impact_of([entered(1, "90")], with_rows(*TABLE), with_rows(*once))
    assert (found.changes, found.shares) == ({"dose": 1}, {"0": 1})


def test_days_preparation_tests_and_words_count_where_no_dose_changes() -> None:
    small = small_formulary()
    people = [entered(1, "90")]
    regimen = small.regimens[REGIMEN]
    longer = replace(regimen.phases[0], usual=20)
    regimens = {**small.regimens, REGIMEN: replace(regimen, phases=(longer,))}
    assert impact_of(people, small, replace(small, regimens=regimens)).changes == {"course": 1}
    vial = drug_by(small, "vial").vial
    assert vial is not None
    slower = change_drug(small, "vial", vial=replace(vial, minutes=vial.minutes * 2))
    assert impact_of(people, small, slower).changes == {"preparation": 1}
    rhythm = replace(small.rhythms["weekly"], cycle_days=14)
    rhythms = replace(small, rhythms={**small.rhythms, "weekly": rhythm})
    assert impact_of(people, small, rhythms).changes == {"schedule": 1}
    wider = change_drug(small, "vial", near_edge_percent=D(40))
    assert impact_of(people, small, wider).changes == {"finding": 1}


def test_a_phase_that_is_new_is_another_course() -> None:
    small = small_formulary()
    regimen = small.regimens[REGIMEN]
    more = Phase(
        drug="vialvir", table="induction", monitoring="induction", ending="open", sources=()
    )
    regimens = {**small.regimens, REGIMEN: replace(regimen, phases=(*regimen.phases, more))}
    found = impact_of([entered(1, "90")], small, replace(small, regimens=regimens))
    assert found.changes == {"course": 1}
    assert len(found.affected[0].after) == 2


def test_a_regimen_of_one_edition_only() -> None:
    small = small_formulary()
    fewer = {slug: one for slug, one in small.regimens.items() if slug != REGIMEN}
    gone = replace(small, regimens=fewer)
    assert impact_of([entered(1, "90")], small, gone).changes == {"regimen": 1}
    assert {slug for slug, _ in population(gone, small, 10)} == set(small.regimens)


def test_watching_has_no_dose_and_its_days_and_tests_count() -> None:
    small = small_formulary()
    watching = small.regimens["watching"]
    people = [replace(entered(1, "90"), regimen="watching")]
    (end,) = watching.transplant_ends
    longer = replace(watching, transplant_ends=(replace(end, usual=200),))
    regimens = {**small.regimens, "watching": longer}
    found = impact_of(people, small, replace(small, regimens=regimens))
    assert (found.changes, found.drugs) == ({"course": 1}, ())
    (one,) = found.affected
    assert [(side.drug, side.last) for side in (*one.before, *one.after)] == [("", 100), ("", 200)]
    rhythm = replace(small.rhythms["weekly"], cycle_days=14)
    other = replace(small, rhythms={**small.rhythms, "weekly": rhythm})
    assert impact_of(people, small, other).changes == {"schedule": 1}
    none = {slug: one for slug, one in small.regimens.items() if slug != "watching"}
    assert impact_of(people, small, replace(small, regimens=none)).changes == {"regimen": 1}


def test_a_start_condition_reaches_its_patients() -> None:
    shipped = shipped_formulary()
    drug = shipped.drugs["cidofovir"]
    assert drug.start_conditions is not None
    everyone = list(patients("cidofovir", shipped, shipped, 600))

    def changes(**fields: object) -> dict[str, int]:
        other = replace(drug, **fields)  # type: ignore[arg-type]
        after = replace(shipped, drugs={**shipped.drugs, "cidofovir": other})
        return dict(impact_of(everyone, shipped, after).changes)

    limits = drug.start_conditions
    lower = changes(start_conditions=replace(limits, creatinine_above_mg_dl=D("1.2")))
    assert lower["newly-stopped"] > 10
    assert changes(start_conditions=replace(limits, reduced_per_kg=D(2)))["dose"] > 10
    longer = changes(start_conditions=replace(limits, free_days=8))
    assert set(longer) == {"newly-stopped", "finding", "same"}
    assert longer["newly-stopped"] >= len(limits.free_of)


def test_a_calculation_that_breaks_is_counted_and_named() -> None:
    small = small_formulary()
    broken = replace(
        small,
        rhythms={slug: one for slug, one in small.rhythms.items() if slug != "weekly"},
    )
    found = impact_of([entered(1, "90")], small, broken)
    assert found.changes == {"failed": 1}
    assert found.broken == {f"{REGIMEN}: KeyError": 1}


@pytest.mark.parametrize(
    ("ratio", "name"),
    [
        ("1/10", "-50"),
        ("1/2", "-50"),
        ("51/100", "-25"),
        ("3/4", "-25"),
        ("76/100", "-10"),
        ("9/10", "-10"),
        ("91/100", "-0"),
        ("999/1000", "-0"),
        ("1", "0"),
        ("1001/1000", "+0"),
        ("109/100", "+0"),
        ("11/10", "+10"),
        ("5/4", "+25"),
        ("3/2", "+50"),
        ("199/100", "+50"),
        ("2", "+100"),
        ("10", "+100"),
    ],
)
def test_shares_of_change(ratio: str, name: str) -> None:
    assert share(Fraction(ratio)) == name
    assert name in SHARES


# The most affected


def test_each_story_is_told_before_a_second_patient_of_the_first() -> None:
    """Doubled in one band, stopped in another: both stand among the first two."""
    other = (
        replace(TABLE[0], amount=None, frequency="", advice="Ask."),
        replace(TABLE[1], amount=D(5)),
        TABLE[2],
    )
    people = [entered(number, "90") for number in range(1, 30)]
    people += [entered(number, "60") for number in range(30, 60)]
    found = impact_of(people, with_rows(*TABLE), with_rows(*other))
    assert [(one.change, one.number) for one in found.affected] == [
        (kind, number)
        for place in range(5)
        for kind, number in (("newly-stopped", 1 + place), ("dose", 30 + place))
    ]


def test_within_a_story_the_greater_change_stands_first() -> None:
    heavy = entered(2, "55", weight_kg=D(120))
    found = impact_of([entered(1, "55"), heavy], with_rows(*TABLE), with_rows(*NARROWED))
    assert [one.number for one in found.affected] == [2, 1]


# Worked examples


def test_worked_examples_that_change_are_named() -> None:
    small = small_formulary()
    after = change_row(small, "vial", lambda table: table.rows[0], frequency="q24h")
    found = impact_of([], small, after)
    assert found.examples == len(small.examples)
    assert {(one.slug, one.change) for one in found.examples_changed} == {
        (one.slug, "dose")
        for one in small.examples
        if one.expected[0].drug == "vialvir" and one.expected[0].status == "dose"
    }


# Laws


@given(formularies())
@laws(8)
def test_an_edition_against_itself_changes_nobody(edition: Formulary) -> None:
    found = impact_of(
        (one for _, some in population(edition, edition, 60) for one in some), edition, edition
    )
    assert set(found.changes) == {"same"}
    assert found.affected == ()


@given(formularies(), formularies())
@laws(8)
def test_everybody_is_counted_once_and_nothing_is_lost(one: Formulary, other: Formulary) -> None:
    everyone = [patient for _, some in population(one, other, 60) for patient in some]
    found = impact_of(everyone, one, other)
    assert found.patients == len(everyone) == sum(found.changes.values())
    assert sum(row.total for row in found.regimens) == len(everyone)
    assert set(found.changes) <= set(CHANGES)
    assert sum(found.shares.values()) == found.changes.get("dose", 0)
    assert decode(Impact, json.loads(json.dumps(encode(found)))) == found


def test_a_regimen_whose_content_is_the_same_does_not_change() -> None:
    """One table changes: regimens without it keep every patient as they were."""
    before = shipped_formulary()
    after = change_row(before, "bottle", lambda table: table.rows[0], amount=D(80))
    (table,) = {
        name
        for name, one in drug_by(after, "bottle").tables.items()
        if one != drug_by(before, "bottle").tables[name]
    }
    everyone = [patient for _, some in population(before, after, 2_000) for patient in some]
    found = {row.slug: row for row in impact_of(everyone, before, after).regimens}
    for slug in regimens(before, after):
        tables = {(phase.drug, phase.table) for phase in before.regimens[slug].phases}
        changed = set(found[slug].changes) != {"same"}
        assert changed == (("foscarnet", table) in tables), slug


# Two processes


def test_two_processes_count_what_one_counts() -> None:
    before, after = with_rows(*TABLE), with_rows(*NARROWED)
    words: list[tuple[int, int]] = []
    found = impact(before, after, least=1_000, progress=lambda *word: words.append(word))
    everyone = [patient for _, some in population(before, after, 1_000) for patient in some]
    assert found == impact_of(everyone, before, after)
    assert words[-1] == (len(everyone), len(everyone))
    assert [done for done, _ in words] == sorted(done for done, _ in words)


def test_a_child_that_dies_ends_the_run_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(impacts, "canonical", lambda data: "no JSON")
    small = small_formulary()
    with pytest.raises(Stopped, match="before its share was done"):
        impact(small, small, least=10)
    assert "JSONDecodeError" in capfd.readouterr().err


def test_who_asks_can_end_it() -> None:
    class Enough(Exception):
        pass

    def enough(done: int, total: int) -> None:
        raise Enough

    small = small_formulary()
    with pytest.raises(Enough):
        impact(small, small, least=10, progress=enough)
