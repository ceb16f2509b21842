"""The calculation contract: one payload in, one answer out, the same at every door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dosing.engine.dose import DoNotGive, Dose
from dosing.engine.formulary import Formulary
from dosing.engine.orders import Order, dose_days
from dosing.engine.plan import Plan
from dosing.engine.preparation import BagChoice, BagInfusion, BottleInfusion, OralDose
from dosing.engine.renal import KidneyFunction
from dosing.intake import Refused, plan_for
from dosing.presenters import words
from dosing.presenters.findings import text
from dosing.presenters.headline import headline
from dosing.presenters.numbers import at_most, fixed, plain
from dosing.presenters.review_dates import dues

Answer = dict[str, Any]


def calculate_payload(
    payload: Mapping[str, object],
    *,
    formulary: Formulary,
    content: Mapping[str, object],
    today: date,
) -> Answer:
    """The contract's answer to one payload: ok, stopped or invalid."""
    try:
        plan = plan_for(payload, formulary, today=today)
    except Refused as refusal:
        return invalid(refusal.errors)
    found = answer(plan, content)
    if near := dues(plan, (), today, formulary.contact):
        found["review_dates"] = [{"text": one.text, "overdue": one.overdue} for one in near]
    return found


def invalid(errors: Mapping[str, list[str]]) -> Answer:
    """The answer where nothing can be worked out."""
    return {"status": "invalid", "errors": errors}


def unavailable(reason: str) -> Answer:
    """The answer where there is no live content."""
    return {"status": "unavailable", "reason": reason}


def answer(plan: Plan, content: Mapping[str, object]) -> Answer:
    """A plan in the contract's names and number formats."""
    found: Answer = {
        "status": "stopped" if plan.stopped else "ok",
        "content": dict(content),
        "regimen": plan.regimen.slug,
        "start_date": plan.start.isoformat(),
    }
    first_line = headline(plan)
    if first_line:
        found["headline"] = first_line
    if plan.kidneys is not None:
        found["renal"] = _renal(plan.kidneys)
    if plan.facts.immunoglobulin and not plan.stopped:
        found["immunoglobulin"] = [
            {"situation": one.situation, "text": one.text, "sources": list(one.sources)}
            for one in plan.regimen.immunoglobulin
        ]
    found["orders"] = [_order(order) for order in plan.orders]
    found["monitoring"] = [
        {"day": draw.day, "date": draw.date.isoformat(), "tests": list(draw.tests)}
        for draw in plan.monitoring
    ]
    found["reviews"] = [
        {"day": review.day, "date": review.date.isoformat(), "text": review.text}
        for review in plan.reviews
    ]
    found["findings"] = [
        {
            "code": finding.code,
            "level": finding.level,
            # What is not given is the first line a reader of the findings alone meets, too.
            "text": f"{'' if place else first_line} {text(finding, plan)}".lstrip(),
            "sources": list(finding.sources),
        }
        for place, finding in enumerate(plan.findings)
    ]
    if plan.offer is not None:
        found["offer"] = {
            "regimen": plan.offer.regimen,
            "phase_days": list(plan.offer.phase_days),
        }
    return found


def _renal(kidneys: KidneyFunction) -> Answer:
    found: Answer = {"method": kidneys.method}
    if kidneys.weight_kg is not None:
        found["weight_kg"] = plain(kidneys.weight_kg)
    if kidneys.crcl_ml_min is not None:
        found["crcl_ml_min"] = fixed(kidneys.crcl_ml_min, 4)
    if kidneys.crcl_ml_min_kg is not None:
        found["crcl_ml_min_kg"] = fixed(kidneys.crcl_ml_min_kg, 4)
    if kidneys.by_weight:
        found["by_weight"] = {basis: fixed(value, 4) for basis, value in kidneys.by_weight.items()}
    if kidneys.uncapped is not None and kidneys.capped is not None:
        found["crcl_ml_min_1_73m2"] = fixed(kidneys.uncapped, 4)
        found["crcl_capped_ml_min_1_73m2"] = fixed(kidneys.capped, 4)
    if kidneys.bsa_m2 is not None:
        found["bsa_m2"] = plain(kidneys.bsa_m2)
    return found


def _order(order: Order) -> Answer:
    found: Answer = {
        "drug": order.drug.slug,
        "table": order.table.slug,
        "status": "dose",
        "route": order.drug.route,
        "start_day": order.span.first,
        "end_day": order.span.last,
    }
    if isinstance(order.outcome, DoNotGive):
        found["status"] = "do-not-give"
        found["reason"] = order.outcome.reason
        return found
    if days := dose_days(order):
        found["dose_days"] = list(days)
    return found | _dose(order, order.outcome)


def _dose(order: Order, dose: Dose) -> Answer:
    found: Answer = {"band": "formula" if dose.row is None else dose.row.interval}
    if order.table.per_kg and dose.row is not None and dose.row.amount is not None:
        found["per_kg"] = plain(dose.row.amount)
    found |= {
        "exact_mg": plain(dose.exact_mg),
        "dose_mg": plain(dose.dose_mg),
        "rounding_percent": at_most(dose.rounded.change_percent, 2),
        "frequency": dose.frequency,
        "frequency_text": words.FREQUENCIES[dose.frequency],
    }
    preparation = dose.preparation
    if isinstance(preparation, BagInfusion):
        found["preparation"] = _bag(preparation)
    elif isinstance(preparation, BottleInfusion):
        found["preparation"] = _bottle(preparation)
    else:
        found["preparation"] = _oral(preparation)
    return found


def _choice(bag: BagChoice) -> Answer:
    return {
        "bag_ml": plain(bag.bag_ml),
        "total_ml": plain(bag.total_ml),
        "concentration_mg_ml": at_most(bag.concentration_mg_ml, 2),
        "rate_ml_h": plain(bag.rate_ml_h),
    }


def _bag(preparation: BagInfusion) -> Answer:
    found: Answer = {"vials": preparation.vials, "volume_ml": plain(preparation.volume_ml)}
    found |= _choice(preparation.bag)
    found["infusion_minutes"] = preparation.minutes
    if preparation.alternatives:
        found["alternatives"] = [_choice(bag) for bag in preparation.alternatives]
    premixed = preparation.premixed
    if premixed is not None:
        found["premixed"] = {
            "bags": premixed.bags,
            "bag_ml": plain(premixed.bag_ml),
            "volume_ml": plain(premixed.volume_ml),
            "discard_ml": plain(premixed.discard_ml),
            "rate_ml_h": plain(premixed.rate_ml_h),
        }
    return found


def _bottle(preparation: BottleInfusion) -> Answer:
    found: Answer = {
        "volume_ml": plain(preparation.volume_ml),
        "bottles": sum(count for _, count in preparation.bottles),
        "discard_ml": plain(preparation.discard_ml),
        "diluent_ml": plain(preparation.diluent_ml),
        "total_ml": plain(preparation.total_ml),
        "infusion_minutes": preparation.minutes,
        "rate_ml_h": plain(preparation.rate_ml_h),
    }
    if preparation.first_hydration is not None:
        low, high = preparation.first_hydration
        found["hydration_first_ml_min"], found["hydration_first_ml_max"] = plain(low), plain(high)
    if preparation.hydration is not None:
        found["hydration_ml_min"] = plain(preparation.hydration.ml_min)
        found["hydration_ml_max"] = plain(preparation.hydration.ml_max)
    found["sodium_mmol"] = plain(preparation.sodium_mmol)
    return found


def _oral(preparation: OralDose) -> Answer:
    if preparation.tablets is not None:
        return {"tablets": preparation.tablets}
    return {} if preparation.volume_ml is None else {"volume_ml": plain(preparation.volume_ml)}
