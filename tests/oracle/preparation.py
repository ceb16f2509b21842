"""What the nurse draws up and the pump is set to, drug by drug."""

from fractions import Fraction
from typing import Any

from tests.oracle.figures import at_most, exact, half_up, tenth_down, up


def ganciclovir(dose: Fraction) -> dict[str, Any]:
    """Vials of 500 mg at 50 mg/mL into a bag; the drug's volume runs with the bag's."""
    volume = dose / 50
    bag = 100 if dose <= 1000 else 250
    total = bag + volume
    return {
        "vials": up(dose / 500),
        "volume_ml": exact(volume),
        "bag_ml": str(bag),
        "total_ml": exact(total),
        "concentration_mg_ml": at_most(dose / total, 2),
        "infusion_minutes": 60,
        "rate_ml_h": tenth_down(total),
    }


def foscarnet_minutes(table: str, per_kg: Fraction, dose: Fraction, weight: Fraction) -> int:
    """The table's minutes, raised so that 1 mg/kg/min is never passed."""
    induction = table.startswith("induction")
    minutes = 60 if induction and per_kg <= 60 else 120
    return max(minutes, up(dose / weight))


def foscarnet(
    table: str, per_kg: Fraction, dose: Fraction, weight: Fraction, access: str
) -> dict[str, Any]:
    """Everything after the shown mL to give is worked from that shown figure."""
    volume = half_up(dose / 24 * 10) / 10
    bottles = up(volume / 250)
    diluent = volume if access == "peripheral" else Fraction(0)
    total = volume + diluent
    minutes = foscarnet_minutes(table, per_kg, dose, weight)
    later = ("500", "500") if per_kg <= 60 else ("750", "1000")
    return {
        "volume_ml": exact(volume),
        "bottles": bottles,
        "discard_ml": exact(250 * bottles - volume),
        "diluent_ml": exact(diluent),
        "total_ml": exact(total),
        "infusion_minutes": minutes,
        "rate_ml_h": tenth_down(total * 60 / minutes),
        "hydration_first_ml_min": "750",
        "hydration_first_ml_max": "1000",
        "hydration_ml_min": later[0],
        "hydration_ml_max": later[1],
        "sodium_mmol": exact(dose / 100),
    }


def tablets(dose: Fraction) -> dict[str, Any]:
    return {"tablets": int(dose / 450)}


def solution(dose: Fraction) -> dict[str, Any]:
    return {"volume_ml": exact(dose / 50)}
