"""Good payloads to start from, and what the intake says to a changed one."""

from collections.abc import Mapping
from typing import Any

import pytest

from dosing.engine import PatientFacts
from dosing.intake import Refused, parse, plan_for, read
from tests.engine.formularies import TODAY
from tests.intake.payloads import shipped

Sent = dict[str, Any]

ADULT: Sent = {
    "regimen": "ganciclovir-induction",
    "sex": "male",
    "age_years": 28,
    "weight_kg": "94.5",
    "serum_creatinine": "2.1",
    "serum_creatinine_unit": "mg/dL",
}
ENTERED: Sent = {
    "regimen": "ganciclovir-induction",
    "age_years": 62,
    "weight_kg": "58",
    "crcl_ml_min": "69.6",
}
CHILD: Sent = {
    "regimen": "valganciclovir-paediatric-prophylaxis",
    "sex": "male",
    "age_years": 5,
    "weight_kg": "18",
    "height_cm": "110",
    "serum_creatinine": "0.4",
    "serum_creatinine_unit": "mg/dL",
}
INFANT: Sent = CHILD | {"age_months": 9, "age_years": None, "weight_kg": "8", "height_cm": "70"}


def facts(payload: Sent, units: Mapping[str, str] | None = None) -> PatientFacts:
    """The facts of a payload that is taken."""
    return read(payload, shipped(), today=TODAY, units=units).facts


def refused(payload: Sent, units: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Every message by field of a payload that is not; read or laid out."""
    with pytest.raises(Refused) as caught:
        plan_for(payload, shipped(), today=TODAY, units=units)
    return caught.value.errors


def refused_text(text: str) -> dict[str, list[str]]:
    """The same for JSON text, where a key can stand twice."""
    return refused(parse(text))
