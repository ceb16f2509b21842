"""What a regimen needs to know, and which answers exclude each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dosing.engine.body_size import LEAST_HEIGHT_CM
from dosing.engine.formulary import DoseTable, Formulary, Regimen

from .fields import Errors, quantity

Sent = Mapping[str, object]
Chosen = Mapping[str, str | None]


def check(
    errors: Errors,
    sent: Sent,
    formulary: Formulary,
    regimen: Regimen,
    chosen: Chosen,
    units: Mapping[str, str],
    *,
    no_age: bool,
) -> None:
    """Add a message for everything this regimen needs that was not sent, or must not be."""
    if regimen.slug in formulary.closed:
        why = formulary.closed[regimen.slug]
        errors.add("regimen", f"{regimen.title} cannot be chosen. {why}")
    tables = [formulary.table(phase) for phase in regimen.phases]
    dialysis = (chosen["dialysis"] or "none") != "none"
    weighed = {chosen["renal_weight"], chosen["dosing_weight"]} & {"ideal", "adjusted"}
    child = any(table.formula is not None for table in tables)
    if no_age and tables and "age_years" not in errors and "age_months" not in errors:
        _ask(errors, sent, "age_years", "Enter the age.")
    unused = all(not table.measure and table.formula is None for table in tables)
    _kidneys(errors, sent, child, optional=dialysis or unused)
    if weighed or child or ("serum_creatinine" in sent and not dialysis):
        _ask(errors, sent, "sex", "Choose the sex: the estimate needs it.")
    if weighed or child:
        _ask(errors, sent, "height_cm", "Enter the height: it is needed here.")
    if _weight_needed(sent, tables, dialysis):
        _ask(errors, sent, "weight_kg", "Enter the weight.")
    for key in ("renal_weight", "dosing_weight"):
        if chosen[key] in ("ideal", "adjusted"):
            _weight_basis(errors, sent, key, child, units)


def _ask(errors: Errors, sent: Sent, key: str, message: str) -> None:
    if key not in sent:
        errors.add(key, message)


def second_line(
    errors: Errors, sent: Sent, formulary: Formulary, regimen: Regimen, taking: Collection[str]
) -> None:
    """Add a message for what decides a dose by region, a change on treatment, or watching."""
    rows = [row for phase in regimen.phases for row in formulary.table(phase).rows]
    by_region = [row.taking for row in rows if row.region and row.taking in taking]
    if by_region and "region" not in sent:
        errors.add("region", f"Choose the region: with {by_region[0]} its label decides the dose.")
    if "baseline_creatinine" in sent:
        message = "Enter today’s creatinine too: the rise since the first dose decides."
        _ask(errors, sent, "serum_creatinine", message)
    if "urine_protein" in sent and "urine_protein_mg_dl" in sent:
        for key in ("urine_protein", "urine_protein_mg_dl"):
            errors.add(key, "Give the dipstick result or the mg/dL, not both.")
    if regimen.purpose == "surveillance" and "until_day" in sent:
        errors.add("until_day", "Choose day 100 or one year (surveillance_to) instead.")


def _kidneys(errors: Errors, sent: Sent, child: bool, optional: bool) -> None:
    creatinine, clearance = "serum_creatinine" in sent, "crcl_ml_min" in sent
    if child and clearance:
        errors.add(
            "crcl_ml_min",
            "This formula needs creatinine and height; it uses its own clearance in "
            "mL/min/1.73\u00a0m². Leave the clearance out.",
        )
    elif creatinine and clearance:
        for key in ("serum_creatinine", "crcl_ml_min"):
            errors.add(key, "Give the creatinine or the clearance, not both.")
    elif not optional and not creatinine and not clearance:
        what = "the creatinine" if child else "the creatinine or the clearance"
        if "serum_creatinine" not in errors and "crcl_ml_min" not in errors:
            errors.add("serum_creatinine", f"Enter {what}, or answer the dialysis question.")


def _weight_needed(sent: Sent, tables: list[DoseTable], dialysis: bool) -> bool:
    if any(table.per_kg or table.formula is not None for table in tables):
        return True
    if not any(table.measure for table in tables):
        return False
    return not dialysis and ("serum_creatinine" in sent or "crcl_ml_min" not in sent)


def _weight_basis(
    errors: Errors, sent: Sent, key: str, child: bool, units: Mapping[str, str]
) -> None:
    if child:
        errors.add(key, "The child formula uses the actual weight. Choose actual.")
        return
    unit = units.get("height_cm", "")
    height = quantity(Errors(), "height_cm", sent.get("height_cm", ""), unit=unit)
    if height is not None and height < LEAST_HEIGHT_CM:
        errors.add(
            "height_cm",
            f"Ideal and adjusted weight need a height of {LEAST_HEIGHT_CM} cm or more. "
            "Choose the actual weight.",
        )
