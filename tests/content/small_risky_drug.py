"""The fourth small drug: fixed doses by what is taken as well, conditions before each dose."""

from __future__ import annotations

from decimal import Decimal as D

from dosing.engine.formulary import (
    ClockStep,
    DoseRow,
    DoseTable,
    Drug,
    MonitoringRule,
    StartConditions,
)

from .small_drugs import ADULT, LABEL


def risky_drug() -> Drug:
    return Drug(
        slug="riskvir",
        name="riskvir",
        brands="Riskix",
        form="tablets",
        route="oral",
        tables={
            "induction": DoseTable(
                slug="induction",
                title="Induction",
                course="induction",
                measure="",
                per_kg=False,
                ages=ADULT,
                rows=(
                    DoseRow(amount=D(100), frequency="weekly", sources=LABEL),
                    DoseRow(
                        taking="phenytoin",
                        region="us",
                        amount=D(200),
                        frequency="weekly",
                        sources=LABEL,
                    ),
                    DoseRow(taking="phenytoin", region="eu", advice="No dose here.", sources=LABEL),
                ),
                sources=LABEL,
            )
        },
        near_edge_percent=D(10),
        start_conditions=StartConditions(
            creatinine_above_mg_dl=D("1.5"),
            protein_from_mg_dl=D(100),
            protein_from="2+",
            protein_stop_on_treatment="3+",
            reduce_from_rise_mg_dl=D("0.3"),
            reduced_per_kg=D(60),
            stop_from_rise_mg_dl=D("0.5"),
            results_within_days=2,
            free_days=7,
            free_of=("vancomycin",),
            advice="Ask today.",
            sources=LABEL,
        ),
        clock=(
            ClockStep(from_minutes=-60, text="Fluid by mouth.", sources=LABEL),
            ClockStep(from_minutes=0, until_minutes=90, text="Lie down.", sources=LABEL),
        ),
        monitoring=(
            MonitoringRule(course="induction", test="renal", rhythm="each-dose", sources=LABEL),
            MonitoringRule(
                course="induction", test="cmv-pcr", rhythm="weekly", weeks_after=2, sources=LABEL
            ),
        ),
        sources=LABEL,
    )
