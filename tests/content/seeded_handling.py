"""Faults in how doses are made up and given: limits that contradict the figures beside them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

from dosing.engine.formulary import Formulary

from . import faults


def a_strength_no_vial_has(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "vial", max_concentration_mg_ml=D(1000))


def slower_than_its_times(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "bottle", max_mg_kg_min=D("0.1"))


def no_bottle(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "bottle", bottles_ml=())


def stronger_for_a_small_vein(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "bottle", peripheral_mg_ml=D(120))


def hydration_upside_down(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "bottle", first_hydration_ml_min=D(7500))


def ten_times_the_fluid(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "bottle", first_hydration_ml_max=D(10000))


def a_tenth_of_the_fluid(content: Formulary) -> Formulary:
    return faults.change_preparation(content, "bottle", first_hydration_ml_min=D(75))


def watched_below_a_healthy_count(content: Formulary) -> Formulary:
    return _watched_below(content, D(10))


def watched_only_where_it_stops(content: Formulary) -> Formulary:
    return _watched_below(content, D("0.5"))


def _watched_below(content: Formulary, count: D) -> Formulary:
    limits = tuple(
        replace(one, caution_below=count) if one.lab == "anc" else one
        for one in faults.drug_by(content, "vial").thresholds
    )
    return faults.change_drug(content, "vial", thresholds=limits)


EXPECTED = {
    a_strength_no_vial_has: ("strength-limit-idle", "of 1000 mg/mL limits nothing"),
    slower_than_its_times: ("infusion-too-fast", "is faster than 0.1 mg/kg a minute"),
    no_bottle: ("bottle-missing", "No size of bottle"),
    stronger_for_a_small_vein: ("peripheral-strength", "is no dilution of"),
    hydration_upside_down: ("hydration-range", "7500 to 1000 mL"),
    ten_times_the_fluid: ("hydration-far-apart", "10000 mL of fluid stands beside 500 mL"),
    a_tenth_of_the_fluid: ("hydration-far-apart", "1000 mL of fluid stands beside 75 mL"),
    watched_below_a_healthy_count: ("count-limits", "more tests below 10:"),
    watched_only_where_it_stops: ("count-limits", "more tests below 0.5:"),
}
