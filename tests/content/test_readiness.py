"""Sound content has no finding; every seeded fault has exactly its own.

Rules held here: one band for every clearance; a daily dose that never rises as clearance falls;
every dialysis answered; phases, fallbacks, sources, rhythms, tests and questions that exist; every
dose can be made ready; nothing above a hard maximum; a review date ahead; worked examples hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from dosing.content import readiness
from dosing.content.load import shipped_formulary
from dosing.content.readiness import Finding, check
from dosing.engine.formulary import Bag, Formulary, Hydration
from dosing.engine.patient import PatientFacts

from . import faults
from .seeded_faults import (
    EXPECTED,
    Seed,
    boys_without_k,
    broken_fallback,
    gap,
    hydration_of,
    no_source,
    renamed_table,
    second,
    times_of,
    too_strong_in_the_bag,
    top,
    two_k,
)
from .small_drugs import LABEL
from .small_formulary import TODAY, small_formulary

SOUND: dict[str, Callable[[], Formulary]] = {
    "small": small_formulary,
    "shipped": shipped_formulary,
}


@pytest.fixture(params=SOUND)
def sound(request: pytest.FixtureRequest) -> Formulary:
    return SOUND[request.param]()


def test_sound_content_has_no_finding(sound: Formulary) -> None:
    assert check(sound, TODAY) == []


@pytest.mark.parametrize("seed", EXPECTED, ids=lambda seed: seed.__name__)
def test_a_seeded_fault_has_exactly_its_finding(seed: Seed, sound: Formulary) -> None:
    code, words = EXPECTED[seed]
    (finding,) = check(seed(sound), TODAY)
    assert finding.code == code
    assert words in finding.sentence


def test_a_daily_dose_may_stay_the_same_in_the_band_below(small: Formulary) -> None:
    """450 mg every 12 hours is 900 mg a day; so is 900 mg once."""
    same = faults.change_row(small, "oral", second, amount=D("450"), frequency="q12h")
    assert check(same, TODAY) == []


def test_every_code_a_check_can_give_is_seeded() -> None:
    folder = Path(readiness.__file__).parent
    text = "".join(file.read_text() for file in sorted(folder.glob("*.py")))
    given = set(re.findall(r"Finding\(\s*\"([a-z-]+)\"", text))
    elsewhere = {
        "bag-too-small",
        "example-fails",
        "hydration-missing",
        "hydration-twice",
        "infusion-time-missing",
        "k-not-unique",
        "monitoring-missing",
        "review-overdue",
    }
    assert {code for code, _ in EXPECTED.values()} | elsewhere == given


def test_the_place_names_drug_and_table(small: Formulary) -> None:
    assert [finding.place for finding in check(gap(small), TODAY)] == [
        "drug vialvir, table induction"
    ]
    (finding,) = check(no_source(small), TODAY)
    assert finding.place == "drug vialvir, table induction, from 70 up"
    assert str(finding) == "drug vialvir, table induction, from 70 up: No source is given."
    (finding,) = check(renamed_table(small), TODAY)
    assert finding.place == "regimen vialvir-alone, phase of vialvir"


def test_a_fault_in_each_of_two_places_is_found_twice(small: Formulary) -> None:
    codes = [finding.code for finding in check(broken_fallback(gap(small)), TODAY)]
    assert codes == ["band-gap", "fallback-unknown"]


@pytest.mark.parametrize(
    ("seed", "seen"),
    [
        (boys_without_k, {"No k for male, 156 months, appropriate birth weight"}),
        (two_k, {"2 k for male, 156 months, appropriate birth weight"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_child_has_exactly_one_k(seed: Seed, seen: set[str], sound: Formulary) -> None:
    found = check(seed(sound), TODAY)
    assert {finding.code for finding in found} == {"k-not-unique"}
    sentences = [finding.sentence for finding in found]
    for words in seen:
        assert any(sentence.startswith(words) for sentence in sentences), sentences
    assert all("male" in sentence and "female" not in sentence for sentence in sentences)


def test_the_strength_of_every_limited_bag_is_checked(sound: Formulary) -> None:
    found = check(too_strong_in_the_bag(sound), TODAY)
    assert {finding.code for finding in found} == {"bag-too-small"}


def test_a_bag_may_be_filled_to_the_limit_itself(small: Formulary) -> None:
    """500 mg in 10 mL, added to 90 mL, is exactly 5 mg/mL."""
    bags = (Bag(ml=D(90), up_to_mg=D(500), sources=LABEL), Bag(ml=D(250), sources=LABEL))
    change = faults.change_preparation(small, "vial", bags=bags, max_concentration_mg_ml=D(5))
    # Only an example notices the smaller bag.
    assert {finding.code for finding in check(change, TODAY)} == {"example-fails"}


def test_an_infusion_time_covers_its_own_limit(small: Formulary) -> None:
    *lower, highest = times_of(small)
    times = (*lower, replace(highest, up_to_per_kg=D(90)))
    assert check(faults.change_preparation(small, "bottle", times=times), TODAY) == []


def test_every_phase_of_a_drug_is_monitored(sound: Formulary) -> None:
    drug = faults.drug_by(sound, "bottle")
    rest = tuple(rule for rule in drug.monitoring if rule.course != "induction")
    found = check(faults.change_drug(sound, "bottle", monitoring=rest), TODAY)
    assert {finding.code for finding in found} == {"monitoring-missing"}
    assert {finding.place for finding in found} == {
        f"regimen {regimen.slug}, phase of {drug.slug}"
        for regimen in sound.regimens.values()
        for phase in regimen.phases
        if (phase.drug, phase.monitoring) == (drug.slug, "induction")
    }


def test_every_dose_of_a_bottle_drug_has_its_infusion_time(sound: Formulary) -> None:
    seeded = faults.change_preparation(
        sound,
        "bottle",
        times=tuple(time for time in times_of(sound) if time.up_to_per_kg is not None),
    )
    found = check(seeded, TODAY)
    assert {finding.code for finding in found} == {"infusion-time-missing"}
    assert any("(90 mg/kg) has no infusion time for induction" in str(one) for one in found)


def test_every_dose_of_a_bottle_drug_has_one_hydration_row(sound: Formulary) -> None:
    def without_90(row: Hydration) -> bool:
        return not row.from_per_kg <= 90 <= row.to_per_kg

    kept = tuple(filter(without_90, hydration_of(sound)))
    found = check(faults.change_preparation(sound, "bottle", hydration=kept), TODAY)
    assert {finding.code for finding in found} == {"hydration-missing"}
    assert any(one.sentence == "90 mg/kg has no hydration row." for one in found)

    doubled = hydration_of(sound) + tuple(row for row in hydration_of(sound) if not without_90(row))
    found = check(faults.change_preparation(sound, "bottle", hydration=doubled), TODAY)
    assert {finding.code for finding in found} == {"hydration-twice"}
    assert any(one.sentence == "90 mg/kg has 2 hydration rows." for one in found)


@pytest.mark.parametrize(("days", "ready"), [(-1, True), (0, False), (1, False)])
def test_the_review_date_lies_ahead(sound: Formulary, days: int, ready: bool) -> None:
    found = check(sound, sound.review_by + timedelta(days=days))
    assert [finding.code for finding in found] == ([] if ready else ["review-overdue"])


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (1, ()),
        (2, ("guidance early",)),
        (3, ("guidance early", "regimen vialvir-alone")),
        (4, ("guidance early", "regimen vialvir-alone", "drug bottlevir")),
    ],
)
def test_the_review_dates_of_rows_lie_ahead(
    small: Formulary, day: int, due: tuple[str, ...]
) -> None:
    found = check(replace(small, review_by=date(2030, 1, 1)), date(2027, 12, day))
    assert {finding.code for finding in found} <= {"review-overdue"}
    assert {finding.place for finding in found} == set(due)


def test_the_review_date_is_said_in_words(small: Formulary) -> None:
    (finding,) = check(small, date(2027, 11, 1))
    assert "Mon 1 Nov 2027" in finding.sentence


# Worked examples


def _expecting(content: Formulary, number: int, **changes: Any) -> Formulary:
    first = content.examples[0]
    expected = list(first.expected)
    expected[number] = replace(expected[number], **changes)
    changed = replace(first, expected=tuple(expected))
    return replace(content, examples=(changed, *content.examples[1:]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"dose_mg": D(470)}, "Order 1: dose should be 470, but is 475."),
        ({"band": "[50, 70)"}, "Order 1: band should be [50, 70), but is [70, ∞)."),
        ({"frequency": "q24h"}, "Order 1: frequency should be q24h, but is q12h."),
        ({"drug": "bottlevir"}, "Order 1: drug should be bottlevir, but is vialvir."),
    ],
)
def test_an_example_that_does_not_hold_says_where(
    small: Formulary, changes: dict[str, Any], sentence: str
) -> None:
    found = check(_expecting(small, 0, **changes), TODAY)
    assert found == [Finding("example-fails", "worked example exactly-70", sentence)]


def test_an_example_may_demand_a_stop_and_its_reason(small: Formulary) -> None:
    dosed, stopped, child, *others = small.examples
    wrong = replace(stopped.expected[0], reason="age-not-covered")
    stopped = replace(stopped, expected=(wrong, stopped.expected[1]))
    (finding,) = check(replace(small, examples=(dosed, stopped, child, *others)), TODAY)
    assert finding.sentence == (
        "Order 1: reason should be age-not-covered, but is renal-function-below-range."
    )


def test_a_slip_of_ten_in_the_top_band_fails_the_worked_example(small: Formulary) -> None:
    """No rising dose gives it away: only the example knows better."""
    seeded = faults.change_row(small, "vial", top, amount=D(50))
    found = check(seeded, TODAY)
    assert {finding.code for finding in found} == {"example-fails"}
    assert found[0].sentence == "Order 1: dose should be 475, but is 4725."


def test_an_edge_moved_by_one_fails_the_worked_example(small: Formulary) -> None:
    moved = faults.change_row(small, "vial", top, low=D(71))
    moved = faults.change_row(moved, "vial", second, high=D(71))
    assert {finding.code for finding in check(moved, TODAY)} == {"example-fails"}


def test_an_example_must_name_every_order(small: Formulary) -> None:
    first, *others = small.examples
    shorter = replace(first, expected=first.expected[:1])
    seeded = replace(small, examples=(shorter, *others))
    (finding,) = check(seeded, TODAY)
    assert finding.sentence == "It expects 1 order(s); the plan has 2."


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            PatientFacts(assessed_on=TODAY, crcl_ml_min=D(80)),
            "facts that this regimen needs are missing",
        ),
        (PatientFacts(assessed_on=TODAY, phase_days=(1, 2, 3)), "This regimen has 2 phase(s)"),
    ],
)
def test_an_example_that_cannot_be_calculated_says_so(
    small: Formulary, facts: PatientFacts, sentence: str
) -> None:
    first, *others = small.examples
    spoilt = replace(first, facts=facts)
    (finding,) = check(replace(small, examples=(spoilt, *others)), TODAY)
    assert finding.code == "example-fails"
    assert sentence in finding.sentence


def test_an_example_that_tablets_cannot_make_says_so(small: Formulary) -> None:
    dosed, stopped, child, *others = small.examples
    tablets = replace(child, facts=replace(child.facts, formulation="tablet"))
    (finding,) = check(replace(small, examples=(dosed, stopped, tablets, *others)), TODAY)
    assert "Tablets cannot make this dose" in finding.sentence


def test_every_regimen_that_gives_a_drug_is_met_by_an_example(sound: Formulary) -> None:
    found = check(replace(sound, examples=()), TODAY)
    missing = {finding.place for finding in found if finding.code == "example-missing"}
    assert missing == {
        f"regimen {slug}"
        for slug, regimen in sound.regimens.items()
        if regimen.purpose != "surveillance"
    }


def test_every_way_of_making_ready_is_met_by_an_example(sound: Formulary) -> None:
    found = check(replace(sound, examples=()), TODAY)
    missing = {one.place for one in found if one.code == "preparation-without-example"}
    assert missing == {
        f"drug {drug.slug}"
        for drug in sound.drugs.values()
        if drug.vial or drug.bottle or drug.oral
    }


def test_a_drug_of_no_regimen_may_go_without_an_example(small: Formulary) -> None:
    spare = replace(small.drugs["vialvir"], slug="sparevir")
    assert check(replace(small, drugs={**small.drugs, "sparevir": spare}), TODAY) == []


@pytest.mark.parametrize(
    ("example", "order", "changes", "sentence"),
    [
        (5, 0, {"volume_ml": D("0.95")}, "Order 1: mL of the drug should be 0.95, but is 9.5."),
        (5, 0, {"total_ml": D("100")}, "Order 1: mL in all should be 100, but is 109.5."),
        (5, 0, {"infusion_minutes": 6}, "Order 1: minutes of infusion should be 6, but is 60."),
        (5, 1, {"tablets": 20}, "Order 2: tablets should be 20, but is 2."),
        (5, 1, {"volume_ml": D(18)}, "Order 2: mL of the drug should be 18, but is none."),
        (1, 0, {"volume_ml": D(1)}, "Order 1: mL of the drug should be 1, but is none."),
        (2, 0, {"tablets": 1}, "Order 1: tablets should be 1, but is none."),
        (2, 0, {"volume_ml": D(40)}, "Order 1: mL of the drug should be 40, but is 4."),
        (7, 1, {"total_ml": D("262.5")}, "Order 2: mL in all should be 262.5, but is 525."),
    ],
)
def test_an_example_may_demand_what_the_ward_measures(
    small: Formulary, example: int, order: int, changes: dict[str, Any], sentence: str
) -> None:
    examples = list(small.examples)
    expected = list(examples[example].expected)
    expected[order] = replace(expected[order], **changes)
    examples[example] = replace(examples[example], expected=tuple(expected))
    # Beside the examples as they were: every way of preparation stays stated.
    examples.append(replace(small.examples[example], slug="as-it-was"))
    (finding,) = check(replace(small, examples=tuple(examples)), TODAY)
    assert (finding.code, finding.sentence) == ("example-fails", sentence)


def test_a_volume_that_does_not_end_is_said_to_six_places(small: Formulary) -> None:
    """475 mg of a vial of 300 mg in 7 mL are 11.0833… mL."""
    seeded = faults.change_preparation(small, "vial", vial_mg=D(300), diluent_ml=D(7))
    assert "Order 1: mL of the drug should be 9.5, but is 11.083333." in {
        finding.sentence for finding in check(seeded, TODAY)
    }


@pytest.mark.parametrize("caution", [D("0.51"), D("1.0"), D(5)])
def test_counts_may_be_watched_up_to_ten_times_the_stop(small: Formulary, caution: D) -> None:
    limit, *others = small.drugs["vialvir"].thresholds
    limits = (replace(limit, caution_below=caution), *others)
    assert check(faults.change_drug(small, "vial", thresholds=limits), TODAY) == []


def test_fluid_before_the_first_infusion_may_be_none(small: Formulary) -> None:
    none = faults.change_preparation(small, "bottle", first_hydration_ml_min=D(0))
    assert check(none, TODAY) == []
