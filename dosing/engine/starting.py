"""What must hold before each dose of a drug that harms the kidneys: creatinine, urine, washout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from .formulary import DoseRow, DoseTable, Drug, StartConditions
from .orders import Finding
from .patient import URINE_PROTEINS, PatientFacts


def under_way(facts: PatientFacts) -> bool:
    """Whether doses were given before: then there is a creatinine from before the first."""
    return facts.baseline_creatinine is not None


def creatinine_rise(facts: PatientFacts) -> Fraction | None:
    """mg/dL above the creatinine before the first dose; None where either is not known."""
    if facts.creatinine is None or facts.baseline_creatinine is None:
        return None
    return facts.creatinine.mg_dl - facts.baseline_creatinine.mg_dl


def reduced(facts: PatientFacts, drug: Drug, table: DoseTable) -> DoseTable:
    """The table with the lower mg/kg where creatinine has risen far enough, else as it is."""
    if drug.start_conditions is None or not _is_reduced(facts, drug.start_conditions):
        return table
    lower = drug.start_conditions.reduced_per_kg
    rows = (row if row.amount is None else replace(row, amount=lower) for row in table.rows)
    return replace(table, rows=tuple(rows))


def start_stops(
    facts: PatientFacts, drug: Drug, row: DoseRow | None, start: date
) -> Iterator[Finding]:
    """Every start condition that does not hold; `row` is where the clearance fell."""
    limits = drug.start_conditions
    if limits is None:
        return
    if not facts.on_dialysis:
        creatinine, most = facts.creatinine, limits.creatinine_above_mg_dl
        if creatinine is None or creatinine.mg_dl > most:
            yield _about(drug, "creatinine", "stop", value=creatinine, limit=most)
    if facts.on_dialysis or (row is not None and row.amount is None):
        yield _about(drug, "clearance", "stop", row=row)
    if _protein_stops(facts, limits):
        yield _about(drug, "proteinuria", "stop", protein=_protein(facts))
    near = tuple(slug for slug in limits.free_of if _is_near(facts, slug, start, limits.free_days))
    if near:
        yield _about(drug, "nephrotoxic-drug", "stop", slugs=near, days=limits.free_days)
    rise = creatinine_rise(facts)
    if rise is not None and rise >= limits.stop_from_rise_mg_dl:
        yield _about(drug, "creatinine-rise", "stop", rise=rise, limit=limits.stop_from_rise_mg_dl)
    elif under_way(facts) and _reaches(facts.urine_protein, limits.protein_stop_on_treatment):
        yield _about(drug, "creatinine-rise", "stop", protein=facts.urine_protein)


def start_cautions(facts: PatientFacts, drug: Drug) -> Iterator[Finding]:
    """What a dose that is given needs beside it: that it is the lower one, protein in the urine."""
    limits = drug.start_conditions
    if limits is None:
        return
    if _is_reduced(facts, limits):
        edges = {"from": limits.reduce_from_rise_mg_dl, "until": limits.stop_from_rise_mg_dl}
        yield _about(drug, "creatinine-rise", "caution", rise=creatinine_rise(facts), **edges)
    if _reaches(facts.urine_protein, limits.protein_from):
        yield _about(drug, "proteinuria", "caution", protein=facts.urine_protein)


def _about(drug: Drug, what: str, level: str, **figures: object) -> Finding:
    limits = drug.start_conditions
    assert limits is not None
    advice = limits.advice if level == "stop" else ""
    figures["limits"] = limits
    return Finding(f"{drug.slug}-{what}", level, advice, (drug.slug,), figures, limits.sources)


def _is_reduced(facts: PatientFacts, limits: StartConditions) -> bool:
    rise = creatinine_rise(facts)
    return rise is not None and rise >= limits.reduce_from_rise_mg_dl


def _protein(facts: PatientFacts) -> object:
    """Urine protein as it was entered: mg/dL, a dipstick result, or None."""
    return facts.urine_protein if facts.urine_protein_mg_dl is None else facts.urine_protein_mg_dl


def _protein_stops(facts: PatientFacts, limits: StartConditions) -> bool:
    """Not entered, or too much; on treatment the dipstick alone tells a pause from an end."""
    if facts.urine_protein_mg_dl is not None:
        return facts.urine_protein_mg_dl >= limits.protein_from_mg_dl
    if facts.urine_protein is None:
        return True
    most = limits.protein_stop_on_treatment if under_way(facts) else limits.protein_from
    return _reaches(facts.urine_protein, most)


def _reaches(protein: str | None, result: str) -> bool:
    return protein is not None and URINE_PROTEINS.index(protein) >= URINE_PROTEINS.index(result)


def _is_near(facts: PatientFacts, slug: str, start: date, days: int) -> bool:
    """Taken now, or the last dose less than so many days before the start."""
    last = facts.last_doses.get(slug)
    return slug in facts.taking or (last is not None and (start - last).days < days)
