"""The shipped tables give no more in a day as the clearance falls."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dosing.engine import make_plan
from dosing.engine.formulary import DOSES_PER_DAY
from dosing.intake import read
from tests.engine.formularies import TODAY, laws
from tests.intake.payloads import shipped


@laws(15)
@given(st.integers(200, 3500).map(lambda decigrams: Decimal(decigrams) / 10))
def test_the_daily_dose_never_rises_as_a_shipped_clearance_falls(weight: Decimal) -> None:
    """On both sides of every edge of every table that a regimen of one phase gives alone."""
    for slug, regimen in shipped().regimens.items():
        if len(regimen.phases) != 1 or not shipped().table(regimen.phases[0]).bands:
            continue
        table = shipped().table(regimen.phases[0])
        scale = weight if table.measure == "mL/min/kg" else 1
        edges = sorted(row.low * scale for row in table.bands if row.low is not None)
        daily = []
        for clearance in [
            edge + Decimal(step) for edge in edges for step in ("-0.01", "0", "0.01")
        ]:
            if 1 <= clearance <= 250:
                sent = {"regimen": slug, "age_years": 40, "weight_kg": weight}
                request = read(sent | {"crcl_ml_min": clearance}, shipped(), today=TODAY)
                plan = make_plan(request.facts, request.regimen, shipped(), start=request.start)
                dose = plan.orders[0].dose
                times = DOSES_PER_DAY[dose.frequency] if dose else 0
                daily.append(dose.dose_mg * times if dose else Fraction(0))
        assert daily == sorted(daily), slug
