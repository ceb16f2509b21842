"""The worked examples of the small formulary: each regimen, each way of making a drug ready."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from dosing.engine.patient import Creatinine, ExpectedOrder, PatientFacts, WorkedExample

from .small_drugs import LABEL

TODAY = date(2026, 11, 23)


def small_examples() -> tuple[WorkedExample, ...]:
    """All of them; tests change the first."""
    return (
        _whole_dose(),
        _too_low(),
        _child(),
        _risky(),
        _alone(),
        _step_down(),
        _together("central", D("262.5")),
        _together("peripheral", D("525")),
    )


def _whole_dose() -> WorkedExample:
    return WorkedExample(
        slug="exactly-70",
        regimen="step-down",
        start=TODAY,
        facts=PatientFacts(
            assessed_on=TODAY,
            sex="male",
            age_years=D(28),
            weight_kg=D("94.5"),
            creatinine=Creatinine(D("2.1"), "mg/dL"),
            conditions={"pregnant": False},
        ),
        expected=(
            ExpectedOrder(
                drug="vialvir",
                status="dose",
                band="[70, ∞)",
                dose_mg=D(475),
                frequency="q12h",
            ),
            ExpectedOrder(drug="tabvir", status="dose", band="[60, ∞)", dose_mg=D(900)),
        ),
        sources=LABEL,
    )


def _too_low() -> WorkedExample:
    return WorkedExample(
        slug="clearance-too-low",
        regimen="together",
        start=TODAY,
        facts=PatientFacts(
            assessed_on=TODAY, age_years=D(50), weight_kg=D(50), crcl_ml_min=D("49.9")
        ),
        expected=(
            ExpectedOrder(
                drug="vialvir", status="do-not-give", reason="renal-function-below-range"
            ),
            ExpectedOrder(
                drug="bottlevir", status="do-not-give", reason="renal-function-below-range"
            ),
        ),
        sources=LABEL,
    )


def _risky() -> WorkedExample:
    return WorkedExample(
        slug="phenytoin-us",
        regimen="risky",
        start=TODAY,
        facts=PatientFacts(
            assessed_on=TODAY,
            sex="male",
            age_years=D(40),
            weight_kg=D(70),
            creatinine=Creatinine(D("1.0"), "mg/dL"),
            urine_protein="1+",
            taking=("phenytoin",),
            region="us",
        ),
        expected=(
            ExpectedOrder(drug="riskvir", status="dose", band="phenytoin", dose_mg=D(200)),
            ExpectedOrder(drug="riskvir", status="dose", dose_mg=D(200), frequency="weekly"),
        ),
        sources=LABEL,
    )


def _alone() -> WorkedExample:
    return WorkedExample(
        slug="alone-95-kg",
        regimen="vialvir-alone",
        start=TODAY,
        facts=PatientFacts(assessed_on=TODAY, age_years=D(50), weight_kg=D(95), crcl_ml_min=D(110)),
        expected=(ExpectedOrder(drug="vialvir", status="dose", dose_mg=D(475)),),
        sources=LABEL,
    )


def _step_down() -> WorkedExample:
    return WorkedExample(
        slug="step-down-tablets",
        regimen="step-down",
        start=TODAY,
        facts=PatientFacts(assessed_on=TODAY, age_years=D(50), weight_kg=D(95), crcl_ml_min=D(110)),
        expected=(
            ExpectedOrder(
                drug="vialvir",
                status="dose",
                dose_mg=D(475),
                volume_ml=D("9.5"),
                total_ml=D("109.5"),
                infusion_minutes=60,
            ),
            ExpectedOrder(drug="tabvir", status="dose", dose_mg=D(900), tablets=2),
        ),
        sources=LABEL,
    )


def _together(line: str, total_ml: D) -> WorkedExample:
    return WorkedExample(
        slug=f"together-{line}",
        regimen="together",
        start=TODAY,
        facts=PatientFacts(
            assessed_on=TODAY,
            age_years=D(50),
            weight_kg=D(70),
            crcl_ml_min=D(110),
            crcl_source="measured",
            venous_access=line,
        ),
        expected=(
            ExpectedOrder(drug="vialvir", status="dose", dose_mg=D(350), frequency="q12h"),
            ExpectedOrder(
                drug="bottlevir",
                status="dose",
                dose_mg=D(6300),
                volume_ml=D("262.5"),
                total_ml=total_ml,
                infusion_minutes=120,
            ),
        ),
        sources=LABEL,
    )


def _child() -> WorkedExample:
    return WorkedExample(
        slug="child-of-4-months",
        regimen="child-prevention",
        start=TODAY,
        facts=PatientFacts(
            assessed_on=TODAY,
            sex="male",
            age_months=4,
            weight_kg=D(10),
            height_cm=D(90),
            creatinine=Creatinine(D("0.5"), "mg/dL"),
            formulation="oral_solution",
            organ="kidney",
            conditions={"low_birth_weight": True},
        ),
        expected=(
            ExpectedOrder(
                drug="tabvir", status="dose", band="formula", dose_mg=D(200), volume_ml=D(4)
            ),
        ),
        sources=LABEL,
    )
