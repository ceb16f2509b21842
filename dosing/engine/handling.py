"""What turns a dose into something to give: rounding steps, vials, bags, bottles, tablets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Steps in mg tried in turn until the change is at most max_change_percent."""

    dialysis: bool = False
    steps_mg: tuple[Decimal, ...]
    max_change_percent: Decimal
    downward: bool = False
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """An infusion bag: used for doses up to up_to_mg; an alternative is offered, not chosen."""

    ml: Decimal
    up_to_mg: Decimal | None = None
    alternative: bool = False
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VialPreparation:
    """A powder vial made up and added to a bag; optionally a ready-mixed bag instead."""

    vial_mg: Decimal
    diluent_ml: Decimal
    diluent: str
    max_concentration_mg_ml: Decimal
    minutes: int
    premixed_mg: Decimal | None = None
    premixed_ml: Decimal | None = None
    fluids: str
    bags: tuple[Bag, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionTime:
    """Least minutes for table doses up to up_to_per_kg mg/kg (None: any) of one course."""

    course: str
    up_to_per_kg: Decimal | None = None
    minutes: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hydration:
    """mL of fluid with an infusion: row for from_per_kg ≤ mg/kg ≤ to_per_kg of the table's dose."""

    from_per_kg: Decimal
    to_per_kg: Decimal
    ml_min: Decimal
    ml_max: Decimal
    label_silent: bool = False
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BottlePreparation:
    """A ready solution given from the bottle by pump, diluted for a peripheral line."""

    concentration_mg_ml: Decimal
    bottles_ml: tuple[Decimal, ...]
    peripheral_mg_ml: Decimal
    max_mg_kg_min: Decimal
    sodium_mmol_per_ml: Decimal
    saline_mmol_per_litre: Decimal
    first_hydration_ml_min: Decimal
    first_hydration_ml_max: Decimal
    diluents: str
    times: tuple[InfusionTime, ...]
    hydration: tuple[Hydration, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OralPreparation:
    """Tablets and oral solution. The child formula rounds to solution_step_mg."""

    tablet_mg: Decimal
    solution_mg_ml: Decimal
    solution_step_mg: Decimal
    caution_change_percent: Decimal
    one_tablet_from_mg: Decimal
    one_tablet_to_mg: Decimal
    sources: tuple[str, ...]
