"""What the live content offers to choose from, and which rows each regimen needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dosing.engine.formulary import Formulary, Phase, Regimen
from dosing.engine.patient import OTHER_ALLERGENS
from dosing.presenters import words
from dosing.presenters.edition import Edition

from .asking import LAST_DOSES, PHASES

PURPOSES = {
    "treatment": "Treatment",
    "maintenance": "Maintenance",
    "prevention": "Prevention",
    "surveillance": "Watching without a drug",
}
#: Before a regimen is chosen: what most of them need.
_AT_FIRST = (
    "age",
    "weight_kg",
    "dialysis",
    "kidney_input",
    "serum_creatinine",
    "crcl_ml_min",
    "kidney_function_changing",
    "renal_weight",
    "dosing_weight",
)


@dataclass(frozen=True, slots=True)
class Offers:
    """Choices in the shape the form draws them."""

    regimens: list[tuple[str, object]]
    found: tuple[Regimen, ...]
    shows: dict[str, list[str]]
    governed: list[str]
    phases: dict[str, list[str]]
    allergens: list[tuple[str, str]]
    last_doses: dict[str, str]
    policies: list[tuple[str, str]]


def offers(formulary: Formulary) -> Offers:
    """The choices of this edition, worked out once per edition."""
    return _offers(Edition(formulary))


@lru_cache(maxsize=4)
def _offers(edition: Edition) -> Offers:
    formulary = edition.formulary
    by_purpose: dict[str, list[tuple[str, str]]] = {}
    for regimen in formulary.regimens.values():
        titled = (regimen.slug, _title(regimen, formulary))
        by_purpose.setdefault(regimen.purpose, []).append(titled)
    rows = {slug: _rows(regimen, formulary) for slug, regimen in formulary.regimens.items()}
    return Offers(
        regimens=[
            ("", "Choose a regimen"),
            *((PURPOSES[purpose], found) for purpose, found in by_purpose.items()),
        ],
        # Those made for few groups first: they fit best.
        found=tuple(sorted(formulary.regimens.values(), key=lambda one: len(one.groups))),
        shows={"": list(_AT_FIRST)}
        | {
            slug: [name for name, shown in wanted.items() if shown] for slug, wanted in rows.items()
        },
        governed=sorted({name for wanted in rows.values() for name in wanted}),
        phases={
            slug: [_phase(phase, formulary) for phase in regimen.phases]
            for slug, regimen in formulary.regimens.items()
        },
        allergens=[
            *((drug.slug, f"{drug.name} ({drug.brands})") for drug in formulary.drugs.values()),
            *((name, words.ANSWERS[name].removeprefix("allergy to ")) for name in OTHER_ALLERGENS),
        ],
        last_doses={
            name: words.CO_MEDICATIONS[slug]
            for name, slug in LAST_DOSES.items()
            if slug in _free_of(formulary)
        },
        policies=[(policy.slug, policy.title) for policy in formulary.policies],
    )


def _title(regimen: Regimen, formulary: Formulary) -> str:
    brands = dict.fromkeys(formulary.drugs[phase.drug].brands for phase in regimen.phases)
    return f"{regimen.title} ({'; '.join(brands)})" if brands else regimen.title


def _phase(phase: Phase, formulary: Formulary) -> str:
    name = words.full_name(formulary.drugs[phase.drug])
    if phase.days_after > 1:
        name += f", beginning {phase.days_after} days after the phase before"
    if phase.ending == "open":
        return f"{name}. Blank: no end set"
    if phase.ending == "transplant":
        return f"{name}. Blank: to the usual day after transplantation"
    if phase.fixed:
        return f"{name}. {phase.usual} days, no other length"
    if phase.ending == "days":
        return f"{name}. Usual {phase.usual}, {phase.shortest} to {phase.longest}"
    return (
        f"{name}. Blank: to day {phase.usual} of the course "
        f"(day {phase.shortest} to {phase.longest})"
    )


def _free_of(formulary: Formulary) -> set[str]:
    """Medicines whose last dose some drug of this edition asks for."""
    starts = (drug.start_conditions for drug in formulary.drugs.values())
    return {slug for one in starts if one for slug in one.free_of}


def _rows(regimen: Regimen, formulary: Formulary) -> dict[str, bool]:
    """Rows that have a meaning for some regimen only, and whether they have one for this."""
    asked = _free_of(formulary)
    drugs = [formulary.drugs[phase.drug] for phase in regimen.phases]
    tables = [formulary.table(phase) for phase in regimen.phases]
    conditions = {rule.when for drug in drugs for rule in drug.rules}
    conditions |= {rule.when for rule in regimen.rules}
    monitored = {rule.when for drug in drugs for rule in drug.monitoring}
    child = any(table.formula is not None for table in tables)
    banded = any(table.measure and table.formula is None for table in tables)
    counted = any(drug.thresholds for drug in drugs)
    starts = [drug.start_conditions for drug in drugs if drug.start_conditions]
    free_of = {slug for one in starts for slug in one.free_of}
    wanted = {
        "age": bool(drugs),
        "weight_kg": banded or child,
        "dialysis": bool(drugs),
        "kidney_input": banded,
        "serum_creatinine": banded or child,
        "crcl_ml_min": banded,
        "kidney_function_changing": bool(drugs),
        "renal_weight": banded,
        "dosing_weight": any(table.per_kg for table in tables),
        "low_birth_weight": child,
        "organ": any(end.organ for end in regimen.transplant_ends),
        "transplant_date": bool(regimen.transplant_ends),
        "until_day": bool(regimen.transplant_ends) and bool(drugs),
        "formulation": any(drug.oral and drug.oral.solution_mg_ml for drug in drugs),
        "region": any(row.region for table in tables for row in table.rows),
        "surveillance_to": regimen.purpose == "surveillance",
        "urine_protein": bool(starts),
        "urine_protein_mg_dl": bool(starts),
        "baseline_creatinine": bool(starts),
        "immunoglobulin": bool(regimen.immunoglobulin),
        "venous_access": any(drug.bottle for drug in drugs),
        "anc": counted,
        "platelets": counted,
        "haemoglobin": counted,
        "pregnancy_possible": "pregnancy_possible" in conditions
        or "pregnancy-possible" in monitored,
        "previous_drug_leucopenia": counted,
        "disseminated": regimen.purpose == "treatment",
        "prevention_pcr": "prevention-pcr" in monitored,
        "follow_up_pcr": regimen.purpose == "treatment",
    }
    wanted |= {
        name: name in conditions
        for name in (
            "pregnant",
            "breastfeeding",
            "heart_failure",
            "seizures",
            "gut_gvhd",
            "before_engraftment",
        )
    }
    wanted |= {name: slug in free_of for name, slug in LAST_DOSES.items() if slug in asked}
    wanted |= {name: place < len(regimen.phases) for place, name in enumerate(PHASES)}
    return wanted
