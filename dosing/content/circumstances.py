"""What else decides a dose of a synthetic patient: medicines taken, kidneys and urine before it.

Days are relative here: `last_dose_days` and `creatinine_days` count back from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import combinations
from random import Random
from typing import Any

from dosing.engine.formulary import DoseTable, StartConditions
from dosing.engine.patient import CO_MEDICATIONS, DIALYSES, LIMITS, URINE_PROTEINS, Creatinine
from dosing.engine.units import UMOL_L_PER_MG_DL

_STEP = Decimal("0.01")
_AROUND = (-_STEP, Decimal(0), _STEP)
#: A creatinine nobody minds, in either unit: also the one before the first dose.
_USUAL: Mapping[str, Decimal] = {"mg/dL": Decimal("0.8"), "umol/L": Decimal(70)}
_BEFORE = Creatinine(_USUAL["mg/dL"], "mg/dL")
#: Facts that keep no start condition from holding; a clearance alone would not do.
SOUND: Mapping[str, Any] = {"creatinine": _BEFORE, "urine_protein": "negative"}
#: Treatment is under way.
ON_TREATMENT: Mapping[str, Any] = {"baseline_creatinine": _BEFORE}
_HEAVY = Decimal(118)
_CREATININES = (Decimal("1.0"), Decimal("1.2"), Decimal("1.4"))


def companies(tables: Iterable[DoseTable]) -> Iterator[dict[str, Any]]:
    """One and two of the medicines that decide a row, with the label of each region."""
    medicines, regions = _deciding(tables)
    for count in (1, 2):
        for taking in combinations(medicines, count):
            for region in regions:
                yield {"taking": taking, "region": region}


def drawn_company(pick: Random, tables: Iterable[DoseTable]) -> dict[str, Any]:
    """One of the medicines more often than not, and now and then any second one."""
    medicines, regions = _deciding(tables)
    if not medicines or pick.random() < 0.4:
        return {}
    taking = [pick.choice(medicines)]
    if pick.random() < 0.15:
        taking.append(pick.choice(CO_MEDICATIONS))
    return {"taking": tuple(dict.fromkeys(taking)), "region": pick.choice(regions)}


def _deciding(tables: Iterable[DoseTable]) -> tuple[list[str], Sequence[str | None]]:
    rows = [row for table in tables for row in table.rows if row.taking]
    regions = sorted({row.region for row in rows} - {""})
    return sorted({row.taking for row in rows}), regions or (None,)


def at_clearance(clearance: Decimal) -> Iterator[dict[str, Any]]:
    """Men with exactly this clearance in mL/min, from the creatinine the conditions ask for.

    At 60 years it is weight / (0.9 × creatinine).
    """
    for mg_dl in _CREATININES:
        weight = Decimal("0.9") * mg_dl * clearance
        if LIMITS["adult_weight_kg"].holds(weight):
            facts = {"creatinine": Creatinine(mg_dl, "mg/dL"), "weight_kg": weight}
            yield facts | {"age_years": Decimal(60)}


def beside_limits(limits: StartConditions) -> Iterator[dict[str, Any]]:
    """Both sides of every start condition, and what it asks for not entered."""
    yield {"creatinine": None, "crcl_ml_min": Decimal(110)}
    for unit, value in _near(limits.creatinine_above_mg_dl):
        yield {"creatinine": Creatinine(value, unit), "weight_kg": _HEAVY}
    for rise in (limits.reduce_from_rise_mg_dl, limits.stop_from_rise_mg_dl):
        for unit, more in _near(rise):
            baseline, now = _USUAL[unit], _USUAL[unit] + more
            yield {
                "baseline_creatinine": Creatinine(baseline, unit),
                "creatinine": Creatinine(now, unit),
            }
    for under_way in ({}, ON_TREATMENT):
        for protein in (None, *URINE_PROTEINS):
            yield {**under_way, "urine_protein": protein}
        for step in _AROUND:
            figure = limits.protein_from_mg_dl + step
            yield {**under_way, "urine_protein": None, "urine_protein_mg_dl": figure}
    for slug in limits.free_of:
        yield {"taking": (slug,)}
        for days in (limits.free_days - 1, limits.free_days):
            yield {"last_dose_days": {slug: days}}
    for days in (limits.results_within_days, limits.results_within_days + 1):
        yield {"creatinine_days": days}


def _near(mg_dl: Decimal) -> Iterator[tuple[str, Decimal]]:
    """Just below, on and just above a creatinine, as laboratories write it in either unit."""
    yield from (("mg/dL", mg_dl + step) for step in _AROUND)
    below = (mg_dl * UMOL_L_PER_MG_DL).to_integral_value(ROUND_FLOOR)
    yield from (("umol/L", below + step) for step in (0, 1))


def drawn_conditions(
    pick: Random,
    every: Sequence[StartConditions],
    facts: Mapping[str, Any],
    clearance: Decimal,
    top: Decimal,
) -> dict[str, Any]:
    """Mostly what a dose needs, a clearance above the top edge too; some have had doses before."""
    limits = every[0]
    most = LIMITS["adult_serum_creatinine"].high
    if pick.random() < 0.8:
        clearance = between(pick, top, 2 * top)
        most = min(one.creatinine_above_mg_dl for one in every) - _STEP
    creatinine = creatinine_for(pick, facts, clearance, most)
    found: dict[str, Any] = {"creatinine": creatinine, "urine_protein": "negative"}
    if pick.random() < 0.1:
        found["urine_protein"] = pick.choice(URINE_PROTEINS)
    if pick.random() < 0.3:
        rise = between(pick, Decimal("-0.1"), Decimal("0.6"), 2)
        before = Decimal(round(creatinine.mg_dl * 100)) / 100 - rise
        low = LIMITS["adult_serum_creatinine"].low
        found["baseline_creatinine"] = Creatinine(max(before, low), "mg/dL")
    if limits.free_of and pick.random() < 0.1:
        days = pick.randint(0, 2 * limits.free_days)
        found["last_dose_days"] = {pick.choice(limits.free_of): days}
    return found


def creatinine_for(
    pick: Random,
    facts: Mapping[str, Any],
    clearance: Decimal,
    most: Decimal = LIMITS["adult_serum_creatinine"].high,
) -> Creatinine:
    """The creatinine a laboratory would print at about this clearance."""
    mg_dl = (140 - facts["age_years"]) * facts["weight_kg"] / (72 * clearance)
    if facts["sex"] == "female":
        mg_dl *= Decimal("0.85")
    mg_dl = min(max(mg_dl, LIMITS["adult_serum_creatinine"].low), most)
    if pick.random() < 0.5:
        return Creatinine(mg_dl.quantize(_STEP, ROUND_HALF_UP), "mg/dL")
    return Creatinine(Decimal(round(mg_dl * Decimal("88.4"))), "umol/L")


def between(pick: Random, low: int | Decimal, high: int | Decimal, places: int = 1) -> Decimal:
    """A figure between these, as far as so many decimal places."""
    scale: int = 10**places
    return Decimal(pick.randint(int(low * scale), int(high * scale))) / scale


# What a rule speaks about


def meets(when: str) -> dict[str, Any]:
    """Facts of a patient a rule speaks about."""
    if when.startswith("taking:"):
        return {"taking": tuple(when.removeprefix("taking:").split("+"))}
    if when.startswith("allergy:"):
        return {"allergies": (when.removeprefix("allergy:"),)}
    if when == "dialysis":
        return {"dialysis": DIALYSES[1]}
    if when in ("on-treatment", "before-treatment"):
        return dict(ON_TREATMENT) if when == "on-treatment" else {}
    return {"sex": "female", "conditions": {when: True}}
