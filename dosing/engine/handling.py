"""What turns a dose into something to give: rounding steps, vials, bags, bottles, tablets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .patient import CO_MEDICATIONS, URINE_PROTEINS
from .terms import require


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
    """A vial made up (or of ready solution: no diluent) and added to a bag.

    Optionally a ready-mixed bag instead. Without max_concentration_mg_ml no limit is printed.
    """

    vial_mg: Decimal
    diluent_ml: Decimal
    diluent: str = ""
    max_concentration_mg_ml: Decimal | None = None
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
    """Tablets, and oral solution where there is one; the child formula rounds to its step."""

    tablet_mg: Decimal
    solution_mg_ml: Decimal | None = None
    solution_step_mg: Decimal | None = None
    caution_change_percent: Decimal | None = None
    one_tablet_from_mg: Decimal | None = None
    one_tablet_to_mg: Decimal | None = None
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        solution = (
            self.solution_mg_ml,
            self.solution_step_mg,
            self.caution_change_percent,
            self.one_tablet_from_mg,
            self.one_tablet_to_mg,
        )
        require(solution.count(None) in (0, len(solution)), "a solution needs all its figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """Something done around each dose: minutes from the start of the dose, before it negative."""

    from_minutes: int
    until_minutes: int | None = None
    text: str
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        ends = self.until_minutes
        require(ends is None or ends > self.from_minutes, "a step ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartConditions:
    """What must hold of kidneys and urine before each dose of a drug that harms them.

    Creatinine, and its rise above the baseline, in mg/dL; urine protein in mg/dL and as dipstick
    result. From `reduce_from_rise_mg_dl` on, `reduced_per_kg` replaces the table's mg/kg. `free_of`
    names medicines whose last dose is `free_days` days or more before; creatinine and urine are
    at most `results_within_days` days old at the dose.
    """

    creatinine_above_mg_dl: Decimal
    protein_from_mg_dl: Decimal
    protein_from: str
    protein_stop_on_treatment: str
    reduce_from_rise_mg_dl: Decimal
    reduced_per_kg: Decimal
    stop_from_rise_mg_dl: Decimal
    results_within_days: int
    free_days: int
    free_of: tuple[str, ...]
    advice: str
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        for result in (self.protein_from, self.protein_stop_on_treatment):
            require(result in URINE_PROTEINS, f"urine protein must be one of {URINE_PROTEINS}")
        require(set(self.free_of) <= set(CO_MEDICATIONS), "unknown medicine among free_of")
        rises = (self.reduce_from_rise_mg_dl, self.stop_from_rise_mg_dl)
        require(rises[0] < rises[1], "the dose is reduced before it is ended")
