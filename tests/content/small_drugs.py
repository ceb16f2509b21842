"""The three drugs of the small formulary: from vials, from bottles, by mouth. For no patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal as D

from dosing.engine.formulary import (
    ActionLimit,
    AgeRange,
    Bag,
    BottlePreparation,
    ChildFormula,
    DoseRow,
    DoseTable,
    Drug,
    Hydration,
    InfusionTime,
    Instruction,
    MonitoringRule,
    OralPreparation,
    PublishedDose,
    Rounding,
    Rule,
    SchwartzRow,
    Threshold,
    VialPreparation,
)

LABEL = ("label",)
BOTH = ("label", "default")
ADULT = (AgeRange(from_months=216, sources=LABEL),)


def _no_dose(kind: str) -> DoseRow:
    return DoseRow(dialysis=kind, advice="No dose here: ask the renal pharmacist.", sources=LABEL)


def _bands(*edges: str, amounts: Iterable[tuple[str, str]]) -> tuple[DoseRow, ...]:
    """Closed below, open above, from the top down; nothing under the last edge."""
    highs = (None, *(D(edge) for edge in edges))
    rows = [
        DoseRow(low=D(low), high=high, amount=D(amount), frequency=frequency, sources=LABEL)
        for low, high, (amount, frequency) in zip(edges, highs, amounts, strict=False)
    ]
    return (*rows, DoseRow(low=D(0), high=D(edges[-1]), advice="No dose here.", sources=BOTH))


def vial_drug() -> Drug:
    induction = DoseTable(
        slug="induction",
        title="Induction",
        course="induction",
        measure="mL/min",
        per_kg=True,
        ages=ADULT,
        rows=(
            *_bands("70", "50", amounts=[("5", "q12h"), ("2.5", "q12h")]),
            DoseRow(
                dialysis="haemodialysis",
                amount=D("1.25"),
                frequency="3/week-after-haemodialysis",
                advice="After dialysis.",
                sources=LABEL,
            ),
            _no_dose("peritoneal"),
            _no_dose("continuous"),
        ),
        sources=LABEL,
    )
    weekdays = DoseTable(
        slug="maintenance",
        title="Maintenance on weekdays",
        course="maintenance",
        measure="mL/min",
        per_kg=True,
        weekdays=(0, 1, 2, 3, 4),
        ages=ADULT,
        rows=(
            *_bands("70", amounts=[("6", "5/week")]),
            _no_dose("haemodialysis"),
            _no_dose("peritoneal"),
            _no_dose("continuous"),
        ),
        sources=LABEL,
    )
    return Drug(
        slug="vialvir",
        name="vialvir",
        brands="Vialix",
        form="powder for infusion",
        route="intravenous",
        tables={"induction": induction, "maintenance": weekdays},
        roundings=(
            Rounding(steps_mg=(D("5"), D("1")), max_change_percent=D("5"), sources=LABEL),
            Rounding(
                dialysis=True,
                steps_mg=(D("5"), D("1")),
                max_change_percent=D("5.0"),
                downward=True,
                sources=BOTH,
            ),
        ),
        vial=VialPreparation(
            vial_mg=D(500),
            diluent_ml=D(10),
            diluent="sterile water",
            max_concentration_mg_ml=D(10),
            minutes=60,
            premixed_mg=D(500),
            premixed_ml=D(250),
            fluids="sodium chloride 0.9 %",
            bags=(
                Bag(ml=D(50), up_to_mg=D(400), alternative=True, sources=LABEL),
                Bag(ml=D(100), up_to_mg=D(1000), sources=LABEL),
                Bag(ml=D(250), sources=LABEL),
            ),
            sources=LABEL,
        ),
        thresholds=(
            Threshold(
                lab="anc",
                stop_below=D("0.5"),
                caution_below=D("1.0"),
                advice="The virus itself lowers counts.",
                sources=LABEL,
            ),
            Threshold(lab="platelets", stop_below=D(25), sources=LABEL),
        ),
        near_edge_percent=D(10),
        near_edge_caution_percent=D(3),
        rules=(
            Rule(code="boxed-warning", level="note", text="Marrow.", sources=LABEL),
            Rule(
                code="hypersensitivity",
                level="stop",
                text="Not after a reaction to it.",
                when="allergy:vialvir",
                sources=LABEL,
            ),
        ),
        instructions=(Instruction(kind="give", text="Never as a bolus.", sources=LABEL),),
        published_doses=(
            PublishedDose(situation="peritoneal dialysis", text="As printed.", sources=LABEL),
        ),
        action_limits=(ActionLimit(test="cbc", text="Under 0.5: interrupt.", sources=LABEL),),
        monitoring=(
            MonitoringRule(course="induction", test="cbc", rhythm="twice", sources=LABEL),
            MonitoringRule(
                course="induction",
                test="renal",
                rhythm="weekly",
                rhythm_below_top_band="twice",
                sources=LABEL,
            ),
            MonitoringRule(course="maintenance", test="cbc", rhythm="weekly", sources=LABEL),
        ),
        sources=BOTH,
    )


def bottle_drug() -> Drug:
    rows = (
        DoseRow(
            low=D("1.4"),
            low_closed=False,
            amount=D("90"),
            frequency="q12h",
            sources=LABEL,
        ),
        DoseRow(
            low=D("1.0"),
            low_closed=False,
            high=D("1.4"),
            high_closed=True,
            amount=D("50"),
            frequency="q12h",
            sources=LABEL,
        ),
        DoseRow(low=D(0), high=D("1.0"), high_closed=True, advice="No dose here.", sources=LABEL),
        _no_dose("haemodialysis"),
        _no_dose("peritoneal"),
        _no_dose("continuous"),
    )
    return Drug(
        slug="bottlevir",
        name="bottlevir",
        brands="Bottlix",
        review_by=date(2027, 12, 4),
        form="solution for infusion",
        route="intravenous",
        tables={
            "induction": DoseTable(
                slug="induction",
                title="Induction",
                course="induction",
                measure="mL/min/kg",
                per_kg=True,
                ages=ADULT,
                rows=rows,
                sources=LABEL,
            )
        },
        roundings=(Rounding(steps_mg=(D(50), D(10)), max_change_percent=D("2.5"), sources=LABEL),),
        bottle=BottlePreparation(
            concentration_mg_ml=D(24),
            bottles_ml=(D(250), D(500)),
            peripheral_mg_ml=D(12),
            max_mg_kg_min=D(1),
            sodium_mmol_per_ml=D("0.24"),
            saline_mmol_per_litre=D(154),
            first_hydration_ml_min=D(750),
            first_hydration_ml_max=D(1000),
            diluents="sodium chloride 0.9 %",
            times=(
                InfusionTime(course="induction", up_to_per_kg=D(60), minutes=60, sources=LABEL),
                InfusionTime(course="induction", minutes=120, sources=LABEL),
            ),
            hydration=(
                Hydration(
                    from_per_kg=D(90),
                    to_per_kg=D(120),
                    ml_min=D(750),
                    ml_max=D(1000),
                    sources=LABEL,
                ),
                Hydration(
                    from_per_kg=D(0),
                    to_per_kg=D("60"),
                    ml_min=D(500),
                    ml_max=D(500),
                    label_silent=True,
                    sources=BOTH,
                ),
            ),
            sources=LABEL,
        ),
        near_edge_percent=D(10),
        limited_data_creatinine_mg_dl=D("2.8"),
        limited_data_crcl_ml_min=D(50),
        monitoring=(
            MonitoringRule(course="induction", test="renal", rhythm="twice", sources=LABEL),
        ),
        sources=LABEL,
    )


def oral_drug() -> Drug:
    adult = DoseTable(
        slug="maintenance",
        title="Maintenance",
        course="maintenance",
        measure="mL/min",
        per_kg=False,
        ages=ADULT,
        rows=(
            *_bands("60", "40", amounts=[("900", "q24h"), ("450", "q24h")]),
            _no_dose("haemodialysis"),
            _no_dose("peritoneal"),
            _no_dose("continuous"),
        ),
        sources=LABEL,
    )
    child = DoseTable(
        slug="child",
        title="Children",
        course="prevention",
        measure="mL/min",
        per_kg=False,
        ages=(
            AgeRange(organ="kidney", from_months=4, below_months=204, sources=LABEL),
            AgeRange(organ="heart", from_months=1, below_months=204, sources=LABEL),
        ),
        formula=ChildFormula(
            factor=D(7),
            clearance_cap=D(150),
            dose_cap_mg=D(900),
            note_from_months=192,
            note_text="Sources print “to 16 years”.",
            k_rows=(
                SchwartzRow(
                    from_months=0,
                    below_months=12,
                    low_birth_weight=True,
                    k=D("0.33"),
                    sources=LABEL,
                ),
                SchwartzRow(from_months=0, below_months=24, k=D("0.45"), sources=LABEL),
                SchwartzRow(from_months=24, sex="female", k=D("0.55"), sources=LABEL),
                SchwartzRow(
                    from_months=24, below_months=156, sex="male", k=D("0.55"), sources=LABEL
                ),
                SchwartzRow(from_months=156, sex="male", k=D("0.7"), sources=LABEL),
            ),
            sources=LABEL,
        ),
        sources=LABEL,
    )
    return Drug(
        slug="tabvir",
        name="tabvir",
        brands="Tabix",
        form="tablets",
        route="oral",
        tables={"maintenance": adult, "child": child},
        oral=OralPreparation(
            tablet_mg=D(450),
            solution_mg_ml=D(50),
            solution_step_mg=D(25),
            caution_change_percent=D(10),
            one_tablet_from_mg=D(405),
            one_tablet_to_mg=D(495),
            sources=LABEL,
        ),
        near_edge_percent=D(10),
        hard_max_mg_per_day=D(3600),
        monitoring=(
            MonitoringRule(course="maintenance", test="cbc", rhythm="weekly", sources=LABEL),
            MonitoringRule(course="prevention", test="cbc", rhythm="thinning", sources=LABEL),
        ),
        sources=LABEL,
    )
