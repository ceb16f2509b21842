"""The synthetic population: large enough, the same at every run, and nobody left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from itertools import islice

import pytest

from dosing.content.load import shipped_formulary
from dosing.content.outcomes import Refused, answer
from dosing.content.population import LEAST, patients, population
from dosing.engine.formulary import Formulary
from dosing.engine.patient import DIALYSES, LIMITS, PatientFacts

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


def _meets(when: str, facts: PatientFacts) -> bool:
    if when.startswith("taking:"):
        return set(when.removeprefix("taking:").split("+")) <= set(facts.taking)
    if when.startswith("allergy:"):
        return when.removeprefix("allergy:") in facts.allergies
    return not when or facts.has(when)


def test_the_start_of_a_plan_is_never_today() -> None:
    small = small_formulary()
    (first, *_) = patients(REGIMEN, small, small, 10)
    assert first.start < date(2026, 12, 1)
