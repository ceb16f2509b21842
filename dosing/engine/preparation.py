"""How a dose becomes something to give: vials, mL, mL to discard, mL/h, hydration, tablets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, groupby

from .formulary import (
    DOSES_PER_DAY,
    BottlePreparation,
    DoseRow,
    DoseTable,
    Hydration,
    OralPreparation,
    VialPreparation,
)
from .units import as_fraction, down, half_up, up

TENTH = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class BagChoice:
    """A dose in one bag: volumes in mL, concentration in mg/mL, rate in mL/h."""

    bag_ml: Fraction
    total_ml: Fraction
    concentration_mg_ml: Fraction
    rate_ml_h: Fraction


@dataclass(frozen=True, slots=True)
class PremixedChoice:
    """The same dose from ready-mixed bags: mL to give and to discard, rate in mL/h."""

    bags: int
    bag_ml: Fraction
    volume_ml: Fraction
    discard_ml: Fraction
    rate_ml_h: Fraction


@dataclass(frozen=True, slots=True)
class BagInfusion:
    """A vial drug in a bag. volume_ml is drawn up; the bag plus that volume runs."""

    vials: int
    volume_ml: Fraction
    minutes: int
    bag: BagChoice
    alternatives: tuple[BagChoice, ...]
    premixed: PremixedChoice | None


@dataclass(frozen=True, slots=True)
class BottleInfusion:
    """A bottle drug by pump: mL, minutes, mL/h, hydration in mL, sodium in mmol.

    Totals are for a day on which it is given, with the hydration of the later infusions, where
    every fluid is sodium chloride 0.9 %.
    """

    volume_ml: Fraction
    bottles: tuple[tuple[Decimal, int], ...]
    discard_ml: Fraction
    diluent_ml: Fraction
    total_ml: Fraction
    minutes: int
    least_minutes: int
    rate_ml_h: Fraction
    hydration: Hydration | None
    first_hydration: tuple[Decimal, Decimal] | None
    sodium_mmol: Fraction
    day_ml: tuple[Fraction, Fraction]
    day_sodium_mmol: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class OralDose:
    """Tablets, or mL of oral solution; neither where the content has no strength."""

    tablets: int | None = None
    volume_ml: Fraction | None = None


Preparation = BagInfusion | BottleInfusion | OralDose


def infusion_rate(total_ml: Fraction, minutes: int) -> Fraction:
    """Pump rate in mL/h, rounded down to 0.1 so that the infusion is never too fast."""
    return down(Fraction(total_ml.numerator * 60, total_ml.denominator * minutes), TENTH)


def doses_on_a_day(frequency: str) -> Fraction:
    """Doses on a day on which the drug is given."""
    return max(Fraction(1), DOSES_PER_DAY[frequency])


def in_bag(vial: VialPreparation, dose_mg: Fraction) -> BagInfusion:
    """Make up vials, add to the smallest fitting bag: mL to draw up = mg ÷ mg/mL, exact."""
    volume = dose_mg * as_fraction(vial.diluent_ml) / as_fraction(vial.vial_mg)
    fitting = [bag for bag in vial.bags if bag.up_to_mg is None or dose_mg <= bag.up_to_mg]
    usual = [bag for bag in fitting if not bag.alternative]
    chosen = min(usual, key=lambda bag: bag.ml)
    return BagInfusion(
        vials=(dose_mg / as_fraction(vial.vial_mg)).__ceil__(),
        volume_ml=volume,
        minutes=vial.minutes,
        bag=_bag(as_fraction(chosen.ml), volume, dose_mg, vial.minutes),
        alternatives=tuple(
            _bag(as_fraction(bag.ml), volume, dose_mg, vial.minutes)
            for bag in fitting
            if bag.alternative
        ),
        premixed=_premixed(vial, dose_mg),
    )


def _bag(bag_ml: Fraction, volume: Fraction, dose_mg: Fraction, minutes: int) -> BagChoice:
    total = bag_ml + volume
    return BagChoice(bag_ml, total, dose_mg / total, infusion_rate(total, minutes))


def _premixed(vial: VialPreparation, dose_mg: Fraction) -> PremixedChoice | None:
    if vial.premixed_mg is None or vial.premixed_ml is None:
        return None
    bag_ml = as_fraction(vial.premixed_ml)
    volume = dose_mg * bag_ml / as_fraction(vial.premixed_mg)
    bags = (volume / bag_ml).__ceil__()
    return PremixedChoice(
        bags, bag_ml, volume, bags * bag_ml - volume, infusion_rate(volume, vial.minutes)
    )


def from_bottle(
    bottle: BottlePreparation,
    table: DoseTable,
    row: DoseRow,
    dose_mg: Fraction,
    dosing_weight_kg: Fraction,
    *,
    peripheral: bool,
    first: bool,
) -> BottleInfusion:
    """Everything a bottle infusion needs; all volumes follow from the mL to give, shown to 0.1."""
    assert row.amount is not None
    volume = half_up(dose_mg / as_fraction(bottle.concentration_mg_ml), TENTH)
    diluent = Fraction(0)
    if peripheral:
        dilution = as_fraction(bottle.concentration_mg_ml) / as_fraction(bottle.peripheral_mg_ml)
        diluent = volume * (dilution - 1)
    total = volume + diluent
    least = least_minutes(bottle, table, row.amount)
    fastest = dose_mg / dosing_weight_kg / as_fraction(bottle.max_mg_kg_min)
    minutes = max(least, int(up(fastest)))
    hydration = hydration_for(bottle, row.amount)
    sodium = (
        dose_mg / as_fraction(bottle.concentration_mg_ml) * as_fraction(bottle.sodium_mmol_per_ml)
    )
    bottles = choose_bottles(bottle, volume)
    fluid = (Fraction(0), Fraction(0))
    if hydration is not None:
        fluid = (as_fraction(hydration.ml_min), as_fraction(hydration.ml_max))
    times = doses_on_a_day(row.frequency)
    salt = as_fraction(bottle.saline_mmol_per_litre) / 1000
    return BottleInfusion(
        volume_ml=volume,
        bottles=bottles,
        discard_ml=sum((Fraction(ml) * n for ml, n in bottles), Fraction(0)) - volume,
        diluent_ml=diluent,
        total_ml=total,
        minutes=minutes,
        least_minutes=least,
        rate_ml_h=infusion_rate(total, minutes),
        hydration=hydration,
        first_hydration=(bottle.first_hydration_ml_min, bottle.first_hydration_ml_max)
        if first
        else None,
        sodium_mmol=sodium,
        day_ml=(times * (total + fluid[0]), times * (total + fluid[1])),
        day_sodium_mmol=(
            times * (sodium + salt * (diluent + fluid[0])),
            times * (sodium + salt * (diluent + fluid[1])),
        ),
    )


def least_minutes(bottle: BottlePreparation, table: DoseTable, per_kg: Decimal) -> int:
    """The content's least infusion time for this course and the table's mg/kg."""
    fitting = [
        time
        for time in bottle.times
        if time.course == table.course
        and (time.up_to_per_kg is None or per_kg <= time.up_to_per_kg)
    ]
    return min(time.minutes for time in fitting)


def hydration_for(bottle: BottlePreparation, per_kg: Decimal) -> Hydration | None:
    """The hydration row for the table's mg/kg."""
    for row in bottle.hydration:
        if row.from_per_kg <= per_kg <= row.to_per_kg:
            return row
    return None


def choose_bottles(
    bottle: BottlePreparation, volume_ml: Fraction
) -> tuple[tuple[Decimal, int], ...]:
    """Bottles (mL, how many) that hold the volume: fewest, then least waste."""
    sizes = sorted(bottle.bottles_ml, reverse=True)
    count = (volume_ml / Fraction(sizes[0])).__ceil__()
    every = combinations_with_replacement(sizes, count)
    fitting = (some for some in every if sum(map(Fraction, some)) >= volume_ml)
    chosen = min(fitting, key=lambda some: sum(map(Fraction, some)))
    return tuple((size, len(list(same))) for size, same in groupby(chosen))


def by_mouth(oral: OralPreparation | None, dose_mg: Fraction, formulation: str) -> OralDose | None:
    """Whole tablets, or mL of a solution that exists; None where tablets cannot make the dose."""
    if oral is None:
        return OralDose()
    if formulation == "oral_solution" and oral.solution_mg_ml is not None:
        return OralDose(volume_ml=dose_mg / as_fraction(oral.solution_mg_ml))
    tablets = dose_mg / as_fraction(oral.tablet_mg)
    return OralDose(tablets=int(tablets)) if tablets.denominator == 1 else None
