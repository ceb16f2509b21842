"""The synthetic population: large enough, the same at every run, and nobody left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from fractions import Fraction
from itertools import islice

import pytest

from dosing.content.load import shipped_formulary
from dosing.content.outcomes import Refused, answer
from dosing.content.population import LEAST, patients, population
from dosing.engine.formulary import Formulary
from dosing.engine.patient import DIALYSES, LIMITS, URINE_PROTEINS, PatientFacts
from dosing.engine.plan import Plan
from dosing.engine.renal import estimate
from dosing.engine.starting import creatinine_rise

from .bands import NARROWED, TABLE, with_rows
from .small_formulary import small_formulary

REGIMEN = "vialvir-alone"

EDITIONS = [small_formulary(), shipped_formulary()]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda one: one.edition)
def test_it_is_large_enough_numbered_and_the_same_at_every_run(edition: Formulary) -> None:
    found = [one for _, some in population(edition, edition) for one in some]
    assert LEAST == 50_000 <= len(found) < 51_000
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    again = [one for _, some in population(edition, edition) for one in some]
    assert found == again
    # The same by number whoever asks: a patient is named in the result.
    slug = next(iter(edition.regimens))
    assert list(islice(patients(slug, edition, edition, 300), 300)) == found[:300]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda one: one.edition)
def test_everyone_is_within_the_limits_of_the_page(edition: Formulary) -> None:
    for _, some in population(edition, edition, 5_000):
        for one in some:
            facts = one.facts
            adult = "adult_" if facts.is_adult else ""
            assert facts.weight_kg is not None
            assert LIMITS[f"{adult}weight_kg"].holds(facts.weight_kg)
            if facts.height_cm is not None:
                assert LIMITS[f"{adult}height_cm"].holds(facts.height_cm)
            if facts.crcl_ml_min is not None:
                assert LIMITS["crcl_ml_min"].holds(facts.crcl_ml_min)
            if facts.creatinine is not None:
                assert LIMITS[f"{adult}serum_creatinine"].holds(facts.creatinine.mg_dl)


def reached(before: Formulary, after: Formulary, edition: Formulary) -> Iterator[tuple[str, ...]]:
    """Every row a patient falls in, by regimen and order."""
    for slug, some in population(before, after, 20_000):
        for one in some:
            made = answer(one.facts, slug, edition, one.start)
            assert not (isinstance(made, Refused) and made.broke), one
            if not isinstance(made, Refused):
                for order in made.orders:
                    where = order.row.interval if order.row else "formula"
                    yield slug, order.drug.slug, order.table.slug, where


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda one: one.edition)
def test_every_band_and_dialysis_of_every_regimen_is_met_often(edition: Formulary) -> None:
    met = Counter(reached(edition, edition, edition))
    for slug, regimen in edition.regimens.items():
        for phase in regimen.phases:
            table = edition.table(phase)
            for where in [row.interval for row in table.rows] or ["formula"]:
                assert met[slug, phase.drug, phase.table, where] >= 3, (slug, table.slug, where)


def test_both_sides_of_every_edge_of_both_editions_are_met() -> None:
    before, after = with_rows(*TABLE), with_rows(*NARROWED)
    found = {one.facts.crcl_ml_min for one in patients(REGIMEN, before, after, 0)}
    for edge in (D(50), D(60), D(70)):
        assert {edge - D("0.01"), edge, edge + D("0.01")} <= found


def test_every_kind_of_dialysis_age_limit_count_and_rule_is_met() -> None:
    edition = shipped_formulary()
    for slug, regimen in edition.regimens.items():
        some = list(patients(slug, edition, edition, 0))
        assert {one.facts.dialysis for one in some} == set(DIALYSES)
        for phase in regimen.phases:
            drug, table = edition.drugs[phase.drug], edition.table(phase)
            months = {one.facts.months for one in some}
            for age in table.ages:
                assert any(m is not None and m < age.from_months for m in months)
                assert any(m is not None and m >= age.from_months for m in months)
            for threshold in drug.thresholds:
                values = {getattr(one.facts, threshold.lab) for one in some} - {None}
                limit = threshold.stop_below
                assert {limit, limit + D("0.01"), limit - D("0.01")} <= values
            for rule in (*drug.rules, *regimen.rules):
                assert any(_meets(rule.when, one.facts) for one in some), rule


def test_every_row_of_a_medicine_is_met_in_its_region_and_with_a_second_one() -> None:
    edition = shipped_formulary()
    some = list(patients("maribavir", edition, edition, 0))
    met = {(one.facts.taking, one.facts.region) for one in some}
    for row in edition.drugs["maribavir"].tables["treatment"].rows:
        assert ((row.taking,) if row.taking else (), row.region or None) in met
    assert {(("carbamazepine", "phenytoin"), region) for region in ("us", "eu")} <= met


def test_both_sides_of_every_start_condition_are_met() -> None:
    edition = shipped_formulary()
    limits = edition.drugs["cidofovir"].start_conditions
    assert limits is not None
    some = list(patients("cidofovir", edition, edition, 0))
    facts = [one.facts for one in some]
    most = limits.creatinine_above_mg_dl
    units = {one.creatinine.unit for one in facts if one.creatinine}
    assert units == {"mg/dL", "umol/L"}
    for step in (D("-0.01"), D(0), D("0.01")):
        assert any(one.creatinine and one.creatinine.mg_dl == most + step for one in facts)
        for edge in (limits.reduce_from_rise_mg_dl, limits.stop_from_rise_mg_dl):
            assert any(creatinine_rise(one) == Fraction(edge + step) for one in facts)
        assert limits.protein_from_mg_dl + step in {one.urine_protein_mg_dl for one in facts}
    for under_way in (True, False):
        found = {one.urine_protein for one in facts if bool(one.baseline_creatinine) is under_way}
        assert found == {None, *URINE_PROTEINS}
    assert any(one.creatinine is None and one.crcl_ml_min for one in facts)
    for slug in limits.free_of:
        ago = {
            (one.start - one.facts.last_doses[slug]).days
            for one in some
            if one.facts.last_doses.get(slug)
        }
        assert ago == {limits.free_days - 1, limits.free_days}
        assert any(slug in one.taking for one in facts)
    clearances = {_clearance(one) for one in facts if one.creatinine and not one.on_dialysis}
    assert {Fraction(55) + Fraction(step, 100) for step in (-1, 0, 1)} <= clearances
    said = {
        (one.code, one.level)
        for patient in some
        if isinstance(plan := answer(patient.facts, "cidofovir", edition, patient.start), Plan)
        for one in plan.findings
    }
    stops = ("creatinine", "clearance", "proteinuria", "nephrotoxic-drug", "creatinine-rise")
    assert {(f"cidofovir-{name}", "stop") for name in stops} <= said
    cautions = {"cidofovir-creatinine-rise", "cidofovir-proteinuria", "creatinine-old"}
    assert {(name, "caution") for name in cautions} <= said


def _clearance(facts: PatientFacts) -> Fraction | None:
    found = estimate(facts, None)
    return None if found is None else found.crcl_ml_min


def test_most_drawn_patients_with_conditions_before_a_dose_are_dosed() -> None:
    edition = shipped_formulary()
    grid = len(list(patients("cidofovir", edition, edition, 0)))
    drawn = list(patients("cidofovir", edition, edition, 1_500))[grid:]
    assert all(one.facts.crcl_ml_min is None for one in drawn)
    plans = [answer(one.facts, "cidofovir", edition, one.start) for one in drawn]
    dosed = [one for one in plans if isinstance(one, Plan) and one.orders[0].dose]
    assert len(plans) // 2 < len(dosed) < len(plans)
    assert any(one.orders[0].row and one.orders[0].row.amount == 3 for one in dosed)


def test_watching_gets_a_few_patients_around_its_last_days() -> None:
    edition = shipped_formulary()
    some = list(patients("hsct-surveillance", edition, edition, 1_500))
    assert 20 <= len(some) <= 60
    plans = [answer(one.facts, "hsct-surveillance", edition, one.start) for one in some]
    lasts = {one.course.transplant_last_day for one in plans if isinstance(one, Plan)}
    assert lasts == {100, 365}
    assert any(isinstance(one, Refused) for one in plans), "past the last day"


def _meets(when: str, facts: PatientFacts) -> bool:
    if when.startswith("taking:"):
        return set(when.removeprefix("taking:").split("+")) <= set(facts.taking)
    if when.startswith("allergy:"):
        return when.removeprefix("allergy:") in facts.allergies
    if when == "dialysis":
        return facts.on_dialysis
    if when.endswith("-treatment"):
        return (facts.baseline_creatinine is None) is (when == "before-treatment")
    return not when or facts.has(when)


def test_the_start_of_a_plan_is_never_today() -> None:
    small = small_formulary()
    (first, *_) = patients(REGIMEN, small, small, 10)
    assert first.start < date(2026, 12, 1)
