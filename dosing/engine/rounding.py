"""From an exact dose to one that can be measured: half up, or down where the label says most."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .formulary import Rounding
from .units import as_fraction, down, half_up


@dataclass(frozen=True, slots=True)
class Rounded:
    """A measurable dose in mg, the change in percent of the exact dose, and the step in mg."""

    dose_mg: Fraction
    change_percent: Fraction
    step_mg: Fraction | None
    over_limit: bool = False


def change_percent(exact: Fraction, rounded: Fraction) -> Fraction:
    """Signed change from exact to rounded, in percent of exact."""
    return (rounded - exact) * 100 / exact


def round_dose(exact: Fraction, rule: Rounding | None) -> Rounded:
    """The first step within the rule's largest change (inclusive), else the last step, marked.

    Without a rule the dose is already measurable (tablets).
    """
    if rule is None:
        return Rounded(exact, Fraction(0), None)
    for step_mg in rule.steps_mg:
        step = as_fraction(step_mg)
        dose = down(exact, step) if rule.downward else half_up(exact, step)
        change = change_percent(exact, dose)
        if abs(change) <= rule.max_change_percent:
            return Rounded(dose, change, step)
    return Rounded(dose, change, step, over_limit=True)
