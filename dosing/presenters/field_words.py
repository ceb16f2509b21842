"""How a field of the content is called on the ward, and how its value is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from . import words
from .numbers import NBSP, grouped, plain

NOTHING = "none"
_GIGA = "×10⁹/L"

#: Field → its words and its unit; a field that is not here is written by its own name.
FIELDS: Mapping[str, tuple[str, str]] = {
    "action_limits": ("what to act on", ""),
    "address": ("address", ""),
    "advice": ("advice", ""),
    "age_months": ("age", "months"),
    "age_years": ("age", "years"),
    "ages": ("ages", ""),
    "allergies": ("allergies", ""),
    "alternative": ("offered, not chosen", ""),
    "amount": ("amount", ""),
    "anc": ("ANC", _GIGA),
    "assessed_on": ("calculated on", ""),
    "audience": ("for whom", ""),
    "bags": ("bags", ""),
    "band": ("band", ""),
    "bands": ("bands", ""),
    "baseline_creatinine": ("creatinine before the first dose", ""),
    "below_months": ("to below", "months"),
    "bottle": ("bottle", ""),
    "bottles_ml": ("bottle sizes", "mL"),
    "brands": ("brands", ""),
    "caution_below": ("more tests below", ""),
    "caution_change_percent": ("caution where rounding changes it by more than", "%"),
    "clearance_cap": ("highest clearance used", f"mL/min/1.73{NBSP}m²"),
    "clock": ("what is done around each dose", ""),
    "closed": ("closed", ""),
    "code": ("code", ""),
    "concentration_mg_ml": ("concentration", "mg/mL"),
    "conditions": ("answers", ""),
    "considerations": ("not considered", ""),
    "contact": ("contact", ""),
    "course": ("course", ""),
    "course_days_after_short_phase": ("days in all after a short first phase", ""),
    "crcl_ml_min": ("clearance", "mL/min"),
    "crcl_source": ("clearance was", ""),
    "creatinine": ("creatinine", ""),
    "creatinine_above_mg_dl": ("not with creatinine above", "mg/dL"),
    "cycle_days": ("repeats every", "days"),
    "days_after": ("begins after the phase before", "days"),
    "default": ("what this content does", ""),
    "description": ("description", ""),
    "dialysis": ("dialysis", ""),
    "diluent": ("diluent", ""),
    "diluent_ml": ("diluent", "mL"),
    "diluents": ("diluents", ""),
    "disagreements": ("where sources differ", ""),
    "dose_cap_mg": ("highest dose", "mg"),
    "dose_mg": ("dose", "mg"),
    "dosing_weight": ("weight for the dose", ""),
    "downward": ("rounds down", ""),
    "draw_weekdays": ("days of draws", ""),
    "drug": ("drug", ""),
    "drug_class": ("class", ""),
    "drugs": ("drugs", ""),
    "each_dose": ("on every day of a dose", ""),
    "edition": ("edition", ""),
    "ending": ("how it ends", ""),
    "examples": ("worked examples", ""),
    "expected": ("expected orders", ""),
    "factor": ("factor", ""),
    "facts": ("patient", ""),
    "fallback_regimen": ("instead, where a later phase is stopped", ""),
    "first_hydration_ml_max": ("most fluid before the first infusion", "mL"),
    "first_hydration_ml_min": ("least fluid before the first infusion", "mL"),
    "fixed": ("no other length", ""),
    "fixed_days": ("fixed days", ""),
    "fluids": ("fluids", ""),
    "follow_up_pcr": ("CMV PCR after the end", ""),
    "follow_up_weeks": ("weeks of CMV PCR after the end", ""),
    "form": ("form", ""),
    "format": ("format", ""),
    "formula": ("child formula", ""),
    "formulation": ("formulation", ""),
    "free_days": ("last dose of medicines that harm the kidneys, before", "days"),
    "free_of": ("medicines that harm the kidneys", ""),
    "frequency": ("how often", ""),
    "from_day": ("from day", ""),
    "from_minutes": ("from, counted from the start of the dose", "minutes"),
    "from_months": ("from", "months"),
    "from_per_kg": ("from", "mg/kg"),
    "full_first_phase_days": ("days of a full first phase", ""),
    "groups": ("patients", ""),
    "guidance": ("guidance", ""),
    "haemoglobin": ("haemoglobin", "g/L"),
    "hard_max_mg_per_day": ("never above, in a day", "mg"),
    "height_cm": ("height", "cm"),
    "high": ("upper edge", ""),
    "high_closed": ("holds its upper edge", ""),
    "hydration": ("fluid with the infusion", ""),
    "immunoglobulin": ("immunoglobulin", ""),
    "infusion_minutes": ("infusion", "minutes"),
    "instructions": ("instructions", ""),
    "intensive_anc_below": ("closer blood counts with ANC below", _GIGA),
    "intensive_below_top_band": ("closer blood counts below the highest band", ""),
    "intensive_on_dialysis": ("closer blood counts on dialysis", ""),
    "intensive_rhythm": ("how often, where closer", ""),
    "intensive_test": ("test that is done more closely", ""),
    "intensive_to_day": ("closer blood counts to day", ""),
    "k": ("k", ""),
    "k_rows": ("k of the child clearance", ""),
    "kind": ("kind", ""),
    "lab": ("count", ""),
    "label_silent": ("the label is silent", ""),
    "last_doses": ("last doses", ""),
    "level": ("level", ""),
    "limited_data_crcl_ml_min": ("little known with clearance below", "mL/min"),
    "limited_data_creatinine_mg_dl": ("little known with creatinine above", "mg/dL"),
    "longest": ("longest", "days"),
    "low": ("lower edge", ""),
    "low_birth_weight": ("low birth weight", ""),
    "low_closed": ("holds its lower edge", ""),
    "max_change_percent": ("rounding may change it by", "%"),
    "max_concentration_mg_ml": ("highest concentration", "mg/mL"),
    "max_mg_kg_min": ("fastest rate", "mg/kg/min"),
    "measure": ("clearance in", ""),
    "minutes": ("at least", "minutes"),
    "ml": ("volume", "mL"),
    "ml_max": ("most", "mL"),
    "ml_min": ("least", "mL"),
    "monitoring": ("tests", ""),
    "monitoring_policy": ("how closely counts are watched", ""),
    "movable": ("may be moved off a weekend", ""),
    "name": ("name", ""),
    "near_edge_caution_percent": ("caution this near the edge of a band", "%"),
    "near_edge_percent": ("near the edge of a band", "%"),
    "no_weekend_draws": ("no draws on weekends", ""),
    "note": ("note", ""),
    "note_from_months": ("note from", "months"),
    "note_text": ("note", ""),
    "offsets": ("days within the cycle", ""),
    "on_sheet": ("also on paper", ""),
    "one_tablet_from_mg": ("one tablet from", "mg"),
    "one_tablet_to_mg": ("one tablet to", "mg"),
    "opening_rhythm": ("how often at first", ""),
    "oral": ("tablets and solution", ""),
    "organ": ("transplanted organ", ""),
    "owner": ("owner", ""),
    "per_kg": ("dose by weight", ""),
    "peripheral_mg_ml": ("concentration for a peripheral line", "mg/mL"),
    "phase_days": ("days of the phases", ""),
    "phases": ("phases", ""),
    "platelets": ("platelets", _GIGA),
    "points": ("sentences", ""),
    "policies": ("how closely counts are watched", ""),
    "premixed_mg": ("ready-mixed bag", "mg"),
    "premixed_ml": ("ready-mixed bag", "mL"),
    "prevention_pcr": ("CMV PCR during prevention", ""),
    "protein_from": ("not with urine protein from", ""),
    "protein_from_mg_dl": ("not with urine protein from", "mg/dL"),
    "protein_stop_on_treatment": ("ended with urine protein from", ""),
    "published_doses": ("published doses", ""),
    "purpose": ("purpose", ""),
    "purposes": ("purposes", ""),
    "question": ("question", ""),
    "reason": ("reason", ""),
    "reduce_from_rise_mg_dl": ("lower dose with creatinine risen by", "mg/dL"),
    "reduced_per_kg": ("lower dose", "mg/kg"),
    "regimen": ("regimen", ""),
    "regimens": ("regimens", ""),
    "region": ("region", ""),
    "renal_weight": ("weight for the clearance", ""),
    "results_within_days": ("results at most this old", "days"),
    "review_by": ("to be reviewed by", ""),
    "rhythm": ("how often", ""),
    "rhythm_below_top_band": ("how often below the highest band", ""),
    "rhythms": ("rhythms", ""),
    "roundings": ("rounding", ""),
    "route": ("route", ""),
    "rows": ("rows", ""),
    "rules": ("rules", ""),
    "saline_mmol_per_litre": ("sodium in saline", "mmol/L"),
    "says": ("says", ""),
    "section": ("section", ""),
    "serum_creatinine_date": ("creatinine of", ""),
    "sex": ("sex", ""),
    "shortest": ("shortest", "days"),
    "sides": ("sides", ""),
    "situation": ("situation", ""),
    "situations": ("situations", ""),
    "slug": ("short name", ""),
    "sodium_mmol_per_ml": ("sodium in the drug", "mmol/mL"),
    "solution_mg_ml": ("solution", "mg/mL"),
    "solution_step_mg": ("solution is rounded to", "mg"),
    "sources": ("sources", ""),
    "start": ("start", ""),
    "start_conditions": ("what must hold before each dose", ""),
    "start_late_after_day": ("late after day", ""),
    "status": ("status", ""),
    "steps_mg": ("steps", "mg"),
    "stop_below": ("not below", ""),
    "stop_criteria": ("when to stop", ""),
    "stop_from_rise_mg_dl": ("ended with creatinine risen by", "mg/dL"),
    "surveillance_to": ("watched", ""),
    "table": ("table", ""),
    "tables": ("tables", ""),
    "tablet_mg": ("tablet", "mg"),
    "tablets": ("tablets", ""),
    "taking": ("takes", ""),
    "test": ("test", ""),
    "text": ("text", ""),
    "thresholds": ("counts", ""),
    "times": ("infusion times", ""),
    "title": ("title", ""),
    "to_per_kg": ("to", "mg/kg"),
    "total_ml": ("volume that runs", "mL"),
    "transplant_date": ("transplantation", ""),
    "transplant_ends": ("last days after transplantation", ""),
    "unit": ("unit", ""),
    "unstable_kidney_days": ("creatinine on days, where kidney function changes", ""),
    "until_day": ("to day after transplantation", ""),
    "until_minutes": ("to, counted from the start of the dose", "minutes"),
    "up_to_mg": ("for doses up to", "mg"),
    "up_to_per_kg": ("for doses up to", "mg/kg"),
    "urine_protein": ("urine protein", ""),
    "urine_protein_mg_dl": ("urine protein", "mg/dL"),
    "usual": ("usual", "days"),
    "value": ("value", ""),
    "venous_access": ("line", ""),
    "vial": ("vial", ""),
    "vial_mg": ("vial", "mg"),
    "volume_ml": ("volume of the drug", "mL"),
    "weekdays": ("weekdays", ""),
    "weeks_after": ("goes on after the end", "weeks"),
    "weight_date": ("weight of", ""),
    "weight_kg": ("weight", "kg"),
    "when": ("when", ""),
    "with_previous": ("on the same days as the phase before", ""),
    "withdrawn": ("withdrawn", ""),
}
_OF_CODE: Mapping[str, Mapping[str, str]] = {
    "course": {"": "every course"},
    "dialysis": words.DIALYSES,
    "dosing_weight": words.BASES,
    "free_of": words.CO_MEDICATIONS,
    "frequency": words.FREQUENCIES,
    "groups": words.GROUPS,
    "intensive_test": words.TESTS,
    "kind": words.INSTRUCTIONS,
    "lab": words.LABS,
    "level": words.LEVELS,
    "region": words.REGIONS,
    "renal_weight": words.BASES,
    "route": words.ROUTES,
    "situations": words.SITUATIONS,
    "surveillance_to": words.SURVEILLANCE_ENDS,
    "taking": words.CO_MEDICATIONS,
    "test": words.TESTS,
    "unit": {"umol/L": "µmol/L"},
}
#: Fields that hold short names of things; whether letters are tall is not theirs to say.
_SLUGS = frozenset({"allergies", "code", "drug", "rhythm", "regimen", "regimens", "slug"})


def label(field: str) -> str:
    """The field in words."""
    return FIELDS.get(field, (field.replace("_", " "), ""))[0]


def written(field: str, value: Any, unit: str = "") -> str:
    """A value in words, with its unit; what is not there is "none"."""
    unit = unit or FIELDS.get(field, ("", ""))[1]
    if value is None or value in ("", (), {}):
        return _OF_CODE.get(field, {}).get("", NOTHING)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field in ("weekdays", "draw_weekdays"):
        return words.joined(words.WEEKDAYS[day] for day in value)
    if isinstance(value, tuple):
        if all(isinstance(one, Decimal | int) for one in value):
            return _with_unit(words.joined(_figure(one) for one in value), unit)
        return words.joined(written(field, one) for one in value)
    if isinstance(value, Mapping):
        names = words.ANSWERS | words.CO_MEDICATIONS
        return words.joined(
            f"{names.get(name, name)}: {written('', said)}" for name, said in value.items()
        )
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Decimal | int):
        return _with_unit(_figure(value), unit)
    known = _OF_CODE.get(field, {}).get(value)
    if known is None:
        known = tall(value) if field in _SLUGS else str(value)
    return known


def tall(slug: str) -> str:
    """A short name with tall letters where a drug's name in it has them."""
    return slug.replace("valganciclovir", "valGANciclovir")


def _figure(value: Decimal | int) -> str:
    return grouped(plain(value))


def _with_unit(text: str, unit: str) -> str:
    return text if not unit else f"{text}%" if unit == "%" else f"{text}{NBSP}{unit}"


def as_written(value: Any) -> str:
    """Figures with exactly the digits that were typed: where 1.0 became 1.00."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return words.joined(as_written(one) for one in value)
    return str(value)


def own_fields(item: Any) -> Iterator[tuple[str, Any]]:
    """What a row says itself: not the rows below it, sources, what is empty, no or usual."""
    for spec in fields(item):
        value = getattr(item, spec.name)
        rows = value.values() if isinstance(value, Mapping) else value
        below = isinstance(value, Mapping | tuple) and any(map(is_dataclass, rows))
        empty = value is None or value is False or value in ("", (), {})
        empty = empty or (type(value) is int and value == spec.default)
        if spec.name not in ("slug", "sources") and not (below or empty or is_dataclass(value)):
            yield spec.name, value
