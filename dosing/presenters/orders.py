"""One order as the ward reads it: the line, the daily total, and numbered actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dosing.engine.dose import DoNotGive, Dose
from dosing.engine.formulary import DOSES_PER_DAY, Drug
from dosing.engine.orders import Order, dose_days
from dosing.engine.phases import day_date
from dosing.engine.preparation import BagChoice, BagInfusion, BottleInfusion, OralDose

from . import words
from .numbers import amount, at_most, span
from .sources import Citations
from .starting import clock_words
from .working import interval_words

#: Places of the figures that are shown, never of those that are worked with.
_CONCENTRATION_PLACES = 2
_CHANGE_PLACES = 2
_DRAWN_PLACES = 2


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: words before, the figure that counts, words after."""

    before: str
    figure: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence of the content with the numbers of its sources."""

    text: str
    sources: tuple[int, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """Something done around each dose: when, counted from its start, and what."""

    when: str
    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order in the order of a medication line; a stopped one has a reason and no figure."""

    number: int
    drug: str
    name: str
    brands: str
    form: str
    drug_class: str
    days: str
    dates: str
    given: bool
    reason: str = ""
    dose: str = ""
    count: str = ""
    route: str = ""
    frequency: str = ""
    daily: str = ""
    exact: str = ""
    band: str = ""
    before_first: str = ""
    actions: tuple[Action, ...] = ()
    salt: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    clock: tuple[Timed, ...] = ()
    handled: str = ""
    instructions: tuple[Advice, ...] = ()
    sources: tuple[int, ...] = ()


def line(
    order: Order, number: int, start: date, cite: Citations, before_first: str, repeated: bool
) -> OrderLine:
    """The order in words; `before_first` is what to look at before the first dose.

    `repeated`: an order above says how this drug is handled.
    """
    days, dates = _days(order, start)
    drug = order.drug
    if isinstance(order.outcome, DoNotGive):
        return OrderLine(
            number=number,
            drug=drug.slug,
            name=words.full_name(drug),
            brands=drug.brands,
            form=drug.form,
            drug_class=drug.drug_class,
            days=days,
            dates=dates,
            given=False,
            reason=order.outcome.reason,
        )
    dose = order.outcome
    return OrderLine(
        number=number,
        drug=drug.slug,
        name=drug.name,
        brands=drug.brands,
        form=drug.form,
        drug_class=drug.drug_class,
        days=days,
        dates=dates,
        given=True,
        dose=amount(dose.dose_mg, "mg"),
        count=_count(dose, drug),
        route=_route(dose, drug),
        frequency=words.FREQUENCIES[dose.frequency],
        daily=_daily(dose),
        exact=_exact(order, dose),
        band=_band(order, dose),
        before_first=before_first,
        actions=tuple(_actions(dose, drug)),
        salt=_salt(dose),
        alternatives=tuple(_alternatives(dose, drug)),
        handled=_handled(drug, repeated),
        clock=tuple(
            Timed(clock_words(one), one.text, cite(one.sources))
            for one in ([] if repeated else drug.clock)
        ),
        instructions=tuple(
            Advice(one.text, cite(one.sources), words.INSTRUCTIONS[one.kind])
            for one in ([] if repeated else drug.instructions)
        ),
        sources=cite(order.table.sources if dose.row is None else dose.row.sources),
    )


def _handled(drug: Drug, repeated: bool) -> str:
    if not repeated:
        return ""
    clock = ", by the same clock" if drug.clock else ""
    return f"Handled as in the first order of {drug.name}{clock}."


def _days(order: Order, start: date) -> tuple[str, str]:
    first, last = order.span.first, order.span.last
    begins = words.day(day_date(start, first))
    if given_on := dose_days(order):
        more = ", and so on, no end set" if last is None else ""
        dates = (words.day(day_date(start, day)) for day in given_on)
        numbers = words.joined(map(str, given_on)) if last else ", ".join(map(str, given_on))
        return f"{'day' if len(given_on) == 1 else 'days'} {numbers}{more}", ", ".join(dates)
    if last is None:
        return f"from day {first}, no end set", f"from {begins}"
    if last == first:
        return f"day {first}", begins
    return f"days {first} to {last}", f"{begins} to {words.day(day_date(start, last))}"


def _count(dose: Dose, drug: Drug) -> str:
    """Tablets or mL of a dose by mouth; empty for infusions."""
    made = dose.preparation
    if not isinstance(made, OralDose) or drug.oral is None:
        return ""
    if made.tablets is not None:
        return words.plural(made.tablets, "tablet")
    return amount(made.volume_ml or 0, "mL")


def _route(dose: Dose, drug: Drug) -> str:
    route = words.ROUTES[drug.route]
    if isinstance(dose.preparation, OralDose):
        return route
    return f"{route} over {words.plural(dose.preparation.minutes, 'minute')}"


def _daily(dose: Dose) -> str:
    times = DOSES_PER_DAY[dose.frequency]
    if times >= 1:
        return f"Daily total {amount(dose.dose_mg * times, 'mg')}"
    return f"Total on a day it is given {amount(dose.dose_mg, 'mg')}, none on the other days"


def _band(order: Order, dose: Dose) -> str:
    """The row of the table the dose came from."""
    row = dose.row
    if row is None:
        return f"By formula: {order.table.title}"
    if row.dialysis:
        return f"Row: {words.DIALYSES[row.dialysis]}, {order.table.title}"
    if not order.table.measure:
        return f"Row: {words.company(row)}, {order.table.title}; the kidneys do not change it"
    return f"Band: clearance {interval_words(row, order.table)}, {order.table.title}"


def _exact(order: Order, dose: Dose) -> str:
    """Exact → rounded (change %), with what it came from."""
    change = at_most(dose.rounded.change_percent, _CHANGE_PLACES)
    sign = "+" if dose.rounded.change_percent > 0 else ""
    made = ""
    if order.table.per_kg and dose.row and dose.row.amount and dose.weight_kg is not None:
        per_kg, weight = amount(dose.row.amount, "mg/kg"), amount(dose.weight_kg, "kg", 2)
        made = f"{per_kg} × {weight} = "
    exact = amount(dose.exact_mg, "mg", 4)
    if dose.exact_mg == dose.dose_mg:
        return f"{made}{exact}, not rounded (change {change}%)"
    rounded = amount(dose.dose_mg, "mg")
    return f"{made}{exact} exact → {rounded} rounded (change {sign}{change}%)"


def _actions(dose: Dose, drug: Drug) -> Iterator[Action]:
    made = dose.preparation
    if isinstance(made, BagInfusion):
        yield from _bag(made, drug)
    elif isinstance(made, BottleInfusion):
        yield from _bottle(made, drug)
    else:
        yield from _by_mouth(made, drug)


def _bag(made: BagInfusion, drug: Drug) -> Iterator[Action]:
    vial = drug.vial
    assert vial is not None
    strength = amount(vial.vial_mg / vial.diluent_ml, "mg/mL", _CONCENTRATION_PLACES)
    held, volume = words.plural(made.vials, "vial"), amount(vial.diluent_ml, "mL")
    size = amount(vial.vial_mg, "mg")
    if vial.diluent:
        yield Action(
            "Make up", held, f"of {size}, each with {volume} of {vial.diluent}: {strength}."
        )
    else:
        yield Action("Take", held, f"of {size} in {volume}, a ready solution: {strength}.")
    drawn, exact = amount(made.volume_ml, "mL", _DRAWN_PLACES), amount(made.volume_ml, "mL")
    also = "" if drawn == exact else f"(exactly {exact}) "
    yield Action("Draw up", drawn, f"{also}and discard what is left over.")
    bag = made.bag
    yield Action(
        "Add to a bag of",
        amount(bag.bag_ml, "mL"),
        f"({vial.fluids}): {amount(bag.total_ml, 'mL', _DRAWN_PLACES)} in all, {_strength(bag)}.",
    )
    yield Action(
        "Run at", amount(bag.rate_ml_h, "mL/h"), f"for {words.plural(made.minutes, 'minute')}."
    )


def _strength(bag: BagChoice) -> str:
    return amount(bag.concentration_mg_ml, "mg/mL", _CONCENTRATION_PLACES)


def _bottle(made: BottleInfusion, drug: Drug) -> Iterator[Action]:
    bottle = drug.bottle
    assert bottle is not None
    held = words.joined(
        f"{words.plural(count, 'bottle')} of {amount(ml, 'mL')}" for ml, count in made.bottles
    )
    strength = amount(bottle.concentration_mg_ml, "mg/mL")
    yield Action("Take", held, f"({strength}).")
    yield Action("Measure off", amount(made.volume_ml, "mL"), "to give.")
    yield Action("Discard", amount(made.discard_ml, "mL"), "that is left in the bottles.")
    if made.diluent_ml:
        thinned = amount(bottle.peripheral_mg_ml, "mg/mL")
        yield Action(
            "Peripheral line: add",
            amount(made.diluent_ml, "mL"),
            f"of {bottle.diluents}: {amount(made.total_ml, 'mL')} in all, {thinned}.",
        )
    else:
        yield Action("Central line:", "undiluted", f"({strength}).")
    yield Action(
        "Run by pump at",
        amount(made.rate_ml_h, "mL/h"),
        f"for {words.plural(made.minutes, 'minute')}, never faster.",
    )
    if made.first_hydration is not None:
        low, high = made.first_hydration
        yield Action(
            "Before the first infusion, run",
            span(low, high, "mL"),
            f"of {bottle.diluents}. May be cut if clinically needed.",
        )
    if made.hydration is not None:
        silent = ""
        if made.hydration.label_silent:
            silent = " The label gives no volume for this dose: this is the content’s default."
        when = "later infusion" if made.first_hydration is not None else "infusion"
        yield Action(
            f"With each {when}, run",
            span(made.hydration.ml_min, made.hydration.ml_max, "mL"),
            f"of {bottle.diluents}. May be cut if clinically needed.{silent}",
        )


def _by_mouth(made: OralDose, drug: Drug) -> Iterator[Action]:
    oral = drug.oral
    if oral is None:
        yield Action("Tablets: this content has no strength; work out how many from the pack.")
    elif made.tablets is not None:
        tablets = words.plural(made.tablets, "tablet")
        yield Action("Give", tablets, f"of {amount(oral.tablet_mg, 'mg')} for each dose.")
    elif oral.solution_mg_ml is not None:
        strength = amount(oral.solution_mg_ml, "mg/mL")
        volume = amount(made.volume_ml or 0, "mL")
        yield Action("Give", volume, f"of oral solution {strength} for each dose.")


def _salt(dose: Dose) -> tuple[str, ...]:
    made = dose.preparation
    if not isinstance(made, BottleInfusion):
        return ()
    return (
        f"Sodium in each dose, drug alone: {amount(made.sodium_mmol, 'mmol', 1)}.",
        "On a day it is given, with hydration, if every fluid is sodium chloride 0.9%: "
        f"{span(*made.day_sodium_mmol, 'mmol', 0)} of sodium in {span(*made.day_ml, 'mL', 0)}.",
    )


def _alternatives(dose: Dose, drug: Drug) -> Iterator[str]:
    made = dose.preparation
    if not isinstance(made, BagInfusion) or drug.vial is None:
        return
    minutes = words.plural(made.minutes, "minute")
    for bag in made.alternatives:
        yield (
            f"In a bag of {amount(bag.bag_ml, 'mL')}: {amount(bag.total_ml, 'mL')} in all, "
            f"{_strength(bag)}, run at {amount(bag.rate_ml_h, 'mL/h')} for {minutes}."
        )
    mixed, vial = made.premixed, drug.vial
    if mixed is not None and vial.premixed_mg is not None:
        yield (
            f"Ready-mixed, {amount(vial.premixed_mg, 'mg')} in {amount(mixed.bag_ml, 'mL')}: "
            f"take {words.plural(mixed.bags, 'bag')}, give {amount(mixed.volume_ml, 'mL')}, "
            f"discard {amount(mixed.discard_ml, 'mL')}, "
            f"run at {amount(mixed.rate_ml_h, 'mL/h')} for {minutes}."
        )
