"""The working in words: each formula, the figures put in, the result, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dosing.engine import working
from dosing.engine.formulary import DoseRow, DoseTable, Formulary, Source
from dosing.engine.plan import Plan
from dosing.engine.preparation import BagInfusion, BottleInfusion, OralDose

from . import words
from .bands import row_words
from .numbers import CHILD_UNIT, amount, at_most, number, plain
from .starting import rise_worked

Figures = Mapping[str, Any]
#: Places shown of a figure that does not end.
PLACES = 6
CG_1976 = Source(
    slug="cockcroft-gault",
    title="Cockcroft and Gault, as printed in the labels",
    section="Estimate of creatinine clearance",
    edition="1976",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working: formula, figures put in, result, sources."""

    title: str
    formula: str
    figures: str
    result: str
    sources: tuple[Source, ...] = ()


def steps(plan: Plan, formulary: Formulary) -> list[Step]:
    """The whole working of a plan, in the order in which it was used."""
    found = []
    for step in working.steps(plan):
        for title, formula, figures, result in _WRITERS[step.name](step.figures):
            sources = tuple(formulary.sources[slug] for slug in dict.fromkeys(step.sources))
            if step.name == "cockcroft-gault":
                sources = (CG_1976, *sources)
            name = ""
            if step.drug:
                name = f"{words.full_name(formulary.drugs[step.drug])}: "
            found.append(Step(f"{name}{title}", formula, figures, result, sources))
    return found


Line = tuple[str, str, str, str]


def _n(value: Any) -> str:
    return number(value, PLACES)


def _about(value: Any) -> str:
    """= or, where the figure shown is cut, ≈."""
    return "=" if Fraction(at_most(value, PLACES)) == value else "≈"


def _ideal(f: Figures) -> list[Line]:
    base = "45.5" if f["sex"] == "female" else "50"
    return [
        (
            "Ideal weight",
            f"{base}\u00a0kg + 2.3\u00a0kg × (height in inches − 60)",
            f"{base} + 2.3 × ({plain(f['height'])} ÷ 2.54 − 60)",
            amount(f["ideal"], "kg", PLACES),
        )
    ]


def _adjusted(f: Figures) -> list[Line]:
    return [
        (
            "Adjusted weight",
            "ideal + 0.4 × (actual − ideal)",
            f"{_n(f['ideal'])} + 0.4 × ({_n(f['actual'])} − {_n(f['ideal'])})",
            amount(f["adjusted"], "kg", PLACES),
        )
    ]


def _dialysis(f: Figures) -> list[Line]:
    kind = words.DIALYSES[f["dialysis"]]
    return [("Kidney function", "the dialysis row of the table", kind, "no clearance is used")]


def _creatinine(f: Figures) -> list[Line]:
    result = f["result"]
    return [
        (
            "Creatinine in mg/dL",
            "µmol/L ÷ 88.4",
            f"{_n(f['value'])} ÷ 88.4",
            f"{_about(result)} {amount(result, 'mg/dL', PLACES)}",
        )
    ]


def _sex_factor(f: Figures) -> str:
    return " × 0.85" if f["sex"] == "female" else ""


def _cockcroft(f: Figures) -> list[Line]:
    result = f["result"]
    lines = [
        (
            f"Clearance (Cockcroft-Gault, {words.BASES[f['basis']]})",
            f"(140 − age) × weight ÷ (72 × creatinine in mg/dL){_sex_factor(f)}",
            f"(140 − {_n(f['age'])}) × {_n(f['weight'])} ÷ (72 × {_n(f['mg_dl'])}){_sex_factor(f)}",
            f"{_about(result)} {amount(result, 'mL/min', PLACES)}",
        )
    ]
    if f["by_weight"]:
        shown = "; ".join(
            f"{words.BASES[basis]} {amount(value, 'mL/min', 2)}"
            for basis, value in f["by_weight"].items()
        )
        lines.append(("Clearance by each weight", "for comparison", shown, ""))
    return lines


def _per_kg(f: Figures) -> list[Line]:
    result = f["result"]
    return [
        (
            "Clearance per kg (no weight in it)",
            f"(140 − age) ÷ (72 × creatinine in mg/dL){_sex_factor(f)}",
            f"(140 − {_n(f['age'])}) ÷ (72 × {_n(f['mg_dl'])}){_sex_factor(f)}",
            f"{_about(result)} {amount(result, 'mL/min/kg', PLACES)}",
        )
    ]


def _entered(f: Figures) -> list[Line]:
    how = "measured in 24-hour urine" if f["source"] == "measured" else "calculated elsewhere"
    return [("Clearance", "as entered", how, amount(f["result"], "mL/min"))]


def _entered_per_kg(f: Figures) -> list[Line]:
    result = f["result"]
    return [
        (
            "Clearance per kg",
            "entered clearance ÷ actual weight",
            f"{_n(f['clearance'])} ÷ {_n(f['weight'])}",
            f"{_about(result)} {amount(result, 'mL/min/kg', PLACES)}",
        )
    ]


def _bsa(f: Figures) -> list[Line]:
    return [
        (
            "Body-surface area (Mosteller)",
            "square root of (cm × kg ÷ 3600)",
            f"√({_n(f['height'])} × {_n(f['weight'])} ÷ 3600)",
            f"{_about(f['result'])} {amount(f['result'], 'm²', PLACES)}",
        )
    ]


def _schwartz(f: Figures) -> list[Line]:
    unit = CHILD_UNIT
    lines = [
        (
            "Clearance (the label's child formula)",
            "k × height in cm ÷ creatinine in mg/dL",
            f"{plain(f['k'].k)} × {_n(f['height'])} ÷ {_n(f['mg_dl'])}",
            f"{_about(f['result'])} {amount(f['result'], unit, PLACES)}",
        )
    ]
    if f["capped"] != f["result"]:
        lines.append(
            (
                "Cap on the clearance",
                "the lower of the two is used",
                f"{_n(f['result'])} is above {_n(f['capped'])}",
                amount(f["capped"], unit),
            )
        )
    return lines


def _band(f: Figures) -> list[Line]:
    row, table = f["row"], f["table"]
    if row.dialysis:
        where = words.DIALYSES[row.dialysis]
        return [("Row of the table", table.title, where, row_words(row, table))]
    if not table.measure:
        return [("Row of the table", table.title, words.company(row), row_words(row, table))]
    shown = f"{amount(f['clearance'], table.measure, PLACES)} is in {interval_words(row, table)}"
    return [
        ("Band", table.title, shown, row_words(row, table)),
        (
            "Neighbouring bands",
            "for comparison",
            "; ".join(
                f"{interval_words(other, table)}: {_row_or_none(other, table)}"
                for other in (f["below"], f["above"])
                if other is not None
            ),
            "",
        ),
    ]


def _row_or_none(row: DoseRow, table: DoseTable) -> str:
    return "no dose in this content" if row.amount is None else row_words(row, table)


def interval_words(row: DoseRow, table: DoseTable) -> str:
    """A band in words: 50 to below 70 mL/min."""
    unit = f"\u00a0{table.measure}"
    if row.high is None:
        return f"{row.low}{unit} or more" if row.low_closed else f"above {row.low}{unit}"
    if not row.low:
        return f"{row.high}{unit} or less" if row.high_closed else f"below {row.high}{unit}"
    low = f"{row.low}" if row.low_closed else f"above {row.low}"
    high = f"to {row.high}" if row.high_closed else f"to below {row.high}"
    return f"{low} {high}{unit}"


def _by_weight(f: Figures) -> list[Line]:
    return [
        (
            "Exact dose",
            f"mg/kg × {words.BASES[f['basis']]}",
            f"{amount(f['per_kg'], 'mg/kg')} × {amount(f['weight'], 'kg', PLACES)}",
            f"{_about(f['result'])} {amount(f['result'], 'mg', PLACES)}",
        )
    ]


def _child(f: Figures) -> list[Line]:
    formula = f["formula"]
    factor = plain(formula.factor)
    lines = [
        (
            "Exact dose",
            f"{factor} × body-surface area × clearance",
            f"{factor} × {_n(f['bsa'])} × {_n(f['clearance'])}",
            f"{_about(f['computed'])} {amount(f['computed'], 'mg', PLACES)}",
        )
    ]
    if f["computed"] != f["result"]:
        cap = amount(formula.dose_cap_mg, "mg")
        lines.append(("Cap on the dose", "the lower of the two is used", f"never above {cap}", cap))
    return lines


def _rounding(f: Figures) -> list[Line]:
    way = "down" if f["down"] else "half up"
    return [
        (
            "Rounding",
            f"to {amount(f['step'], 'mg')}, {way}",
            f"{amount(f['exact'], 'mg', PLACES)} → {amount(f['result'], 'mg')}",
            f"change {at_most(f['change'], 2)}%",
        )
    ]


def _bag(f: Figures) -> list[Line]:
    made, vial = f["made"], f["vial"]
    assert isinstance(made, BagInfusion)
    strength = vial.vial_mg / vial.diluent_ml
    return [
        (
            "Volume to draw up",
            "mg ÷ mg/mL of the made-up vial",
            f"{_n(f['dose'])} ÷ {_n(strength)}",
            amount(made.volume_ml, "mL"),
        ),
        (
            "Concentration in the bag",
            "mg ÷ (bag + drug volume)",
            f"{_n(f['dose'])} ÷ ({_n(made.bag.bag_ml)} + {_n(made.volume_ml)})",
            amount(made.bag.concentration_mg_ml, "mg/mL", 2),
        ),
        (
            "Pump rate",
            "total mL ÷ minutes × 60, down to 0.1",
            f"{_n(made.bag.total_ml)} ÷ {made.minutes} × 60",
            amount(made.bag.rate_ml_h, "mL/h"),
        ),
    ]


def _bottle(f: Figures) -> list[Line]:
    made, bottle = f["made"], f["bottle"]
    assert isinstance(made, BottleInfusion)
    held = sum(ml * count for ml, count in made.bottles)
    lines = [
        (
            "Volume to give",
            "mg ÷ mg/mL, to 0.1\u00a0mL",
            f"{_n(f['dose'])} ÷ {_n(bottle.concentration_mg_ml)}",
            amount(made.volume_ml, "mL"),
        ),
        (
            "Volume to discard",
            "bottles − volume to give",
            f"{_n(held)} − {_n(made.volume_ml)}",
            amount(made.discard_ml, "mL"),
        ),
    ]
    if made.diluent_ml:
        lines.append(
            (
                "Diluent for a peripheral line",
                f"as much as brings it to {amount(bottle.peripheral_mg_ml, 'mg/mL')}",
                f"{_n(made.volume_ml)} × ({_n(bottle.concentration_mg_ml)} ÷ "
                f"{_n(bottle.peripheral_mg_ml)} − 1)",
                amount(made.diluent_ml, "mL"),
            )
        )
    lines += [
        (
            "Infusion time",
            f"at least {made.least_minutes} minutes, and mg ÷ kg ÷ "
            f"{amount(bottle.max_mg_kg_min, 'mg/kg/min')}, up to a whole minute",
            f"{_n(f['dose'])} ÷ {_n(f['weight'])} ÷ {_n(bottle.max_mg_kg_min)}",
            words.plural(made.minutes, "minute"),
        ),
        (
            "Pump rate",
            "total mL ÷ minutes × 60, down to 0.1",
            f"{_n(made.total_ml)} ÷ {made.minutes} × 60",
            amount(made.rate_ml_h, "mL/h"),
        ),
        (
            "Sodium per dose, drug alone",
            "mg ÷ mg/mL × mmol/mL",
            f"{_n(f['dose'])} ÷ {_n(bottle.concentration_mg_ml)} × {_n(bottle.sodium_mmol_per_ml)}",
            amount(made.sodium_mmol, "mmol"),
        ),
    ]
    return lines


def _by_mouth(f: Figures) -> list[Line]:
    made, oral = f["made"], f["oral"]
    assert isinstance(made, OralDose)
    if made.tablets is not None:
        return [
            (
                "Tablets",
                "mg ÷ mg per tablet",
                f"{_n(f['dose'])} ÷ {_n(oral.tablet_mg)}",
                words.plural(made.tablets, "tablet"),
            )
        ]
    return [
        (
            "Volume of solution",
            "mg ÷ mg/mL",
            f"{_n(f['dose'])} ÷ {_n(oral.solution_mg_ml)}",
            amount(made.volume_ml or 0, "mL"),
        )
    ]


_WRITERS: Mapping[str, Callable[[Figures], list[Line]]] = {
    "ideal-weight": _ideal,
    "adjusted-weight": _adjusted,
    "dialysis": _dialysis,
    "creatinine-in-mg-dl": _creatinine,
    "cockcroft-gault": _cockcroft,
    "clearance-per-kg": _per_kg,
    "entered-clearance": _entered,
    "entered-per-kg": _entered_per_kg,
    "body-surface-area": _bsa,
    "schwartz": _schwartz,
    "band": _band,
    "dose-by-weight": _by_weight,
    "child-formula": _child,
    "rounding": _rounding,
    "bag": _bag,
    "bottle": _bottle,
    "by-mouth": _by_mouth,
    "creatinine-rise": rise_worked,
}
