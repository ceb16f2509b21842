"""Slips that neither a save nor readiness finds, and why: a person has to see them.

The reviewer reads each in the difference between two editions.
"""

from __future__ import annotations

from collections.abc import Mapping

from dosing.models import Rhythm, VialPreparation

from .typing_slips import Slip, drug, regimen

HOLES: Mapping[str, tuple[str, Slip]] = {
    "the higher maintenance table in a regimen": (
        "No worked example is calculated by this regimen, and both tables are sound.",
        regimen(
            "ganciclovir-resistant",
            "",
            "",
            ("phases", {"table": "maintenance-90"}, {"table": "maintenance-120"}),
        ),
    ),
    "a change by rounding of 25% for 2.5": (
        "Steps of 50 mg change no adult's dose by more than 2.5%: no answer differs.",
        drug(
            "foscarnet",
            "",
            "",
            ("roundings", {"dialysis": "False"}, {"max_change_percent": "25"}),
        ),
    ),
    "the weekly PCR every 7 weeks": (
        "Worked examples expect orders, not days of tests.",
        Slip(Rhythm, {"slug": "weekly"}, "", "", own={"cycle_days": "49"}),
    ),
    "10 mg/kg a minute for 1": (
        "A limit above all infusion times may be meant: a ward may infuse more slowly.",
        drug("foscarnet", "", "", ("bottle", {}, {"max_mg_kg_min": "10"})),
    ),
    "6 minutes for 60 from a vial": (
        "Worked examples do not look at how a dose is given.",
        Slip(VialPreparation, {"drug__slug": "ganciclovir"}, "", "", own={"minutes": "6"}),
    ),
    "1 mL for 10 to make up a vial": (
        "Worked examples do not look at how a dose is made up.",
        Slip(VialPreparation, {"drug__slug": "ganciclovir"}, "", "", own={"diluent_ml": "1"}),
    ),
    "240 mg/mL for 24": (
        "Worked examples do not look at how a dose is made up.",
        drug("foscarnet", "", "", ("bottle", {}, {"concentration_mg_ml": "240"})),
    ),
    "the solution 5 mg/mL for 50": (
        "Worked examples do not look at how a dose is made up.",
        drug("valganciclovir", "", "", ("oral", {}, {"solution_mg_ml": "5"})),
    ),
    "10,000 mL of fluid for 1,000": (
        "The content has no limit of fluid.",
        drug("foscarnet", "", "", ("bottle", {}, {"first_hydration_ml_max": "10000"})),
    ),
    "more tests below 10 neutrophils for 1.0": (
        "Worked examples expect orders, not days of tests.",
        drug("ganciclovir", "", "", ("thresholds", {"lab": "anc"}, {"caution_below": "10"})),
    ),
}
