"""How a plan was worked out: named steps with the exact figures that were put in.

Nothing is calculated here that the plan does not already hold; the presenters write the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .body_size import weights
from .dose import Dose, rounding_for
from .edges import neighbours
from .orders import Order
from .plan import Plan
from .preparation import BagInfusion, BottleInfusion
from .starting import creatinine_rise


@dataclass(frozen=True, slots=True)
class Step:
    """One formula of the plan: its name, what went in, and what came out."""

    name: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    drug: str = ""


def steps(plan: Plan) -> Iterator[Step]:
    """Every formula of the plan in the order in which it was used; none of a stopped drug."""
    yield from _weights(plan)
    yield from _kidneys(plan)
    for order in plan.orders:
        if order.dose is not None:
            yield from _order(plan, order, order.dose)


def _weights(plan: Plan) -> Iterator[Step]:
    facts = plan.facts
    known = weights(facts)
    if "ideal" in known and {facts.renal_weight, facts.dosing_weight} != {"actual"}:
        yield Step("ideal-weight", {"height": facts.height_cm, "sex": facts.sex, **known})
        if "adjusted" in (facts.renal_weight, facts.dosing_weight):
            yield Step("adjusted-weight", known)


def _kidneys(plan: Plan) -> Iterator[Step]:
    kidneys, facts = plan.kidneys, plan.facts
    if kidneys is None:
        return
    if kidneys.method == "dialysis":
        yield Step("dialysis", {"dialysis": facts.dialysis})
        return
    creatinine = facts.creatinine
    if creatinine is not None and creatinine.unit == "umol/L":
        yield Step("creatinine-in-mg-dl", {"value": creatinine.value, "result": creatinine.mg_dl})
    measures = {order.table.measure for order in plan.orders if order.table.formula is None}
    months = facts.months
    figures = {
        "age": None if months is None else months / 12,
        "sex": facts.sex,
        "mg_dl": None if creatinine is None else creatinine.mg_dl,
        "weight": kidneys.weight_kg,
        "basis": facts.renal_weight,
        "height": facts.height_cm,
        "by_weight": kidneys.by_weight,
    }
    if kidneys.method == "cockcroft-gault":
        if "mL/min" in measures:
            yield Step("cockcroft-gault", {**figures, "result": kidneys.crcl_ml_min})
        if "mL/min/kg" in measures:
            yield Step("clearance-per-kg", {**figures, "result": kidneys.crcl_ml_min_kg})
    elif kidneys.method == "entered":
        yield Step(
            "entered-clearance", {"result": kidneys.crcl_ml_min, "source": facts.crcl_source}
        )
        if "mL/min/kg" in measures:
            figures["clearance"] = kidneys.crcl_ml_min
            yield Step("entered-per-kg", {**figures, "result": kidneys.crcl_ml_min_kg})
    else:
        yield Step("body-surface-area", {**figures, "result": kidneys.bsa_m2})
        yield Step(
            "schwartz",
            {**figures, "k": kidneys.k, "result": kidneys.uncapped, "capped": kidneys.capped},
            () if kidneys.k is None else kidneys.k.sources,
        )


def _order(plan: Plan, order: Order, dose: Dose) -> Iterator[Step]:
    slug = order.drug.slug
    kidneys = plan.kidneys
    rise, before = creatinine_rise(plan.facts), plan.facts.baseline_creatinine
    if order.drug.start_conditions is not None and rise is not None and before is not None:
        figures: dict[str, Any] = {"mg_dl": rise + before.mg_dl, "before": before.mg_dl}
        figures["result"] = rise
        yield Step("creatinine-rise", figures, order.drug.start_conditions.sources, slug)
    if dose.row is not None:
        below = above = None
        for lower, upper in neighbours(order.table):
            if upper is dose.row:
                below = lower
            if lower is dose.row:
                above = upper
        clearance = None if kidneys is None else kidneys.in_measure(order.table.measure)
        figures = {
            "row": dose.row,
            "below": below,
            "above": above,
            "clearance": clearance,
            "table": order.table,
        }
        yield Step("band", figures, dose.row.sources, slug)
        if order.table.per_kg:
            figures = {
                "per_kg": dose.row.amount,
                "weight": dose.weight_kg,
                "basis": plan.facts.dosing_weight,
                "result": dose.exact_mg,
            }
            yield Step("dose-by-weight", figures, dose.row.sources, slug)
    elif order.table.formula is not None and kidneys is not None:
        formula = order.table.formula
        figures = {
            "formula": formula,
            "bsa": kidneys.bsa_m2,
            "clearance": kidneys.capped,
            "computed": dose.uncapped_mg or dose.exact_mg,
            "result": dose.exact_mg,
        }
        yield Step("child-formula", figures, formula.sources, slug)
    rule = None if dose.row is None else rounding_for(order.drug, dose.row)
    rounder = rule or order.drug.oral
    figures = {
        "exact": dose.exact_mg,
        "step": dose.rounded.step_mg,
        "change": dose.rounded.change_percent,
        "result": dose.dose_mg,
        "down": rule is not None and rule.downward,
    }
    if dose.rounded.step_mg is not None and rounder is not None:
        yield Step("rounding", figures, rounder.sources, slug)
    if isinstance(dose.preparation, BagInfusion) and order.drug.vial is not None:
        figures = {"dose": dose.dose_mg, "vial": order.drug.vial, "made": dose.preparation}
        yield Step("bag", figures, order.drug.vial.sources, slug)
    elif isinstance(dose.preparation, BottleInfusion) and order.drug.bottle is not None:
        figures = {
            "dose": dose.dose_mg,
            "weight": dose.weight_kg,
            "bottle": order.drug.bottle,
            "made": dose.preparation,
        }
        yield Step("bottle", figures, order.drug.bottle.sources, slug)
    elif order.drug.oral is not None:
        figures = {"dose": dose.dose_mg, "oral": order.drug.oral, "made": dose.preparation}
        yield Step("by-mouth", figures, order.drug.oral.sources, slug)
