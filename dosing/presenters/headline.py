"""The first line of an answer that says no."""

from __future__ import annotations

from dosing.engine.plan import Plan

from . import words


def headline(plan: Plan) -> str:
    """What is not given and what follows; empty when every order has a dose."""
    stopped = [order for order in plan.orders if order.dose is None]
    if not stopped:
        return ""
    given = [order for order in plan.orders if order.dose is not None]
    names = words.joined(dict.fromkeys(words.full_name(order.drug) for order in stopped))
    verb = "is" if len({order.drug.slug for order in stopped}) == 1 else "are"
    if not given:
        return f"No dose: {names} {verb} not given."
    if any(order.span.nominal_first == given[0].span.nominal_first for order in stopped):
        return f"NOT the combination: {names} {verb} not given."
    first = given[0].drug
    withdrawn = any(finding.code == "withdrawn" for finding in plan.findings)
    # A withdrawal says nothing about the patient, and gives no advice on what to give instead.
    if not withdrawn and all(order.drug.route == "oral" for order in stopped):
        route = words.ROUTES[first.route]
        return f"No oral step-down for this patient: stay on {route} {first.name}."
    return f"The plan stops after {words.full_name(first)}: {names} {verb} not given."
