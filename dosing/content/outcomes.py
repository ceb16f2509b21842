"""What two editions say to the same patient, and how far apart that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from dosing.engine.dose import DoNotGive, TabletsCannot
from dosing.engine.formulary import DOSES_PER_DAY, Formulary
from dosing.engine.orders import Order
from dosing.engine.patient import PatientFacts
from dosing.engine.phases import PhaseError
from dosing.engine.plan import Plan, make_plan

#: What can become of a patient, the weightiest first; each patient counts once, as the first.
CHANGES = (
    "failed",  # the calculation itself broke with one edition
    "regimen",  # only one edition has the regimen
    "newly-stopped",
    "newly-dosed",
    "dose",
    "course",  # other phases, other days
    "preparation",
    "schedule",
    "finding",
    "same",
)
#: Those that mean: dosed differently.
DOSED_DIFFERENTLY = ("newly-stopped", "newly-dosed", "dose")
#: Change of a day's dose in percent: each share ends at its edge, those below 0 with it, the
#: others without; 0 itself is a share (the same in a day, divided otherwise).
SHARES = ("-50", "-25", "-10", "-0", "0", "+0", "+10", "+25", "+50", "+100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One order as one edition decides it; the dose is exact, as a fraction in text.

    Without a drug: the days of watching only.
    """

    drug: str
    table: str
    band: str = ""
    dose_mg: str = ""
    frequency: str = ""
    reason: str = ""
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No plan at all: the regimen is missing, the course cannot be laid out, or it broke."""

    why: str
    broke: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """One drug of one patient on both sides; `ratio` is the change of a day's dose, 0 unknown."""

    change: str
    drug: str
    before: Order | None
    after: Order | None
    ratio: Fraction = Fraction(0)


def answer(facts: PatientFacts, slug: str, formulary: Formulary, start: date) -> Plan | Refused:
    """The plan, or why there is none; nothing a patient can do ends the run."""
    regimen = formulary.regimens.get(slug)
    if regimen is None:
        return Refused("regimen")
    try:
        return make_plan(facts, regimen, formulary, start=start)
    except PhaseError as problem:
        return Refused(f"course: {problem.field}")
    except TabletsCannot:
        return Refused("tablets")
    except (AssertionError, LookupError, TypeError, ValueError, ArithmeticError) as problem:
        # Content that is not ready yet can break a calculation: counted and shown, not hidden.
        return Refused(type(problem).__name__, broke=True)


def shifts(before: Plan | Refused, after: Plan | Refused) -> Iterator[Shift]:
    """Every drug on both sides, in the order of the plans."""
    old, new = (_by_drug(side) for side in (before, after))
    for drug in dict.fromkeys((*old, *new)):
        for one, other in zip_longest(old.get(drug, ()), new.get(drug, ())):
            yield _shift(drug, one, other)


def change(before: Plan | Refused, after: Plan | Refused, found: list[Shift]) -> str:
    """The weightiest change of a patient."""
    if isinstance(before, Refused) or isinstance(after, Refused):
        return _refused(before, after)
    kinds = {one.change for one in found}
    for kind in CHANGES[2:6]:
        if kind in kinds:
            return kind
    if before.course.watched_to != after.course.watched_to:
        return "course"
    if any(_made(one.before) != _made(one.after) for one in found):
        return "preparation"
    if (before.monitoring, before.reviews) != (after.monitoring, after.reviews):
        return "schedule"
    said = [
        [(one.code, one.level, one.text, one.drugs) for one in side.findings]
        for side in (before, after)
    ]
    reasons = any(_reason(one.before) != _reason(one.after) for one in found)
    return "finding" if said[0] != said[1] or reasons else "same"


def share(ratio: Fraction) -> str:
    """The share of SHARES a change of a day's dose belongs to."""
    percent = (ratio - 1) * 100
    if percent == 0:
        return "0"
    if percent < 0:
        return next((name for name in SHARES[:3] if percent <= int(name)), "-0")
    return next((name for name in reversed(SHARES[6:]) if percent >= int(name)), "+0")


def sides(plan: Plan | Refused) -> tuple[Side, ...]:
    """Every order of an answer, to be kept; where there is none, how long is watched."""
    if isinstance(plan, Refused):
        return ()
    if not plan.orders:
        return (Side(drug="", table="", first=1, last=plan.course.watched_to),)
    return tuple(_side(order) for order in plan.orders)


def _side(order: Order) -> Side:
    dose, row, outcome = order.dose, order.row, order.outcome
    return Side(
        drug=order.drug.slug,
        table=order.table.slug,
        band="" if row is None else row.interval,
        dose_mg="" if dose is None else str(dose.dose_mg),
        frequency="" if dose is None else dose.frequency,
        reason=outcome.reason if isinstance(outcome, DoNotGive) else "",
        first=order.span.first,
        last=order.span.last,
    )


def _by_drug(side: Plan | Refused) -> dict[str, list[Order]]:
    found: dict[str, list[Order]] = {}
    if isinstance(side, Plan):
        for order in side.orders:
            found.setdefault(order.drug.slug, []).append(order)
    return found


def _shift(drug: str, one: Order | None, other: Order | None) -> Shift:
    old, new = (None if side is None else side.dose for side in (one, other))
    if one is None or other is None:
        return Shift("course", drug, one, other)
    if old is not None and new is not None:
        first = old.dose_mg * DOSES_PER_DAY[old.frequency]
        second = new.dose_mg * DOSES_PER_DAY[new.frequency]
        if (old.dose_mg, old.frequency) != (new.dose_mg, new.frequency):
            return Shift("dose", drug, one, other, second / first)
    elif old is not None:
        return Shift("newly-stopped", drug, one, other)
    elif new is not None:
        return Shift("newly-dosed", drug, one, other)
    span = (one.span.first, one.span.last) == (other.span.first, other.span.last)
    return Shift("same" if span else "course", drug, one, other)


def _refused(before: Plan | Refused, after: Plan | Refused) -> str:
    """Where one side has no plan."""
    if any(isinstance(side, Refused) and side.broke for side in (before, after)):
        return "same" if before == after else "failed"
    if isinstance(before, Refused) and isinstance(after, Refused):
        return "same" if before == after else "finding"
    plan, other = (before, after) if isinstance(before, Plan) else (after, before)
    assert isinstance(plan, Plan)
    assert isinstance(other, Refused)
    if other.why == "regimen":
        return "regimen"
    if not plan.orders:
        return "course"
    if all(order.dose is None for order in plan.orders):
        return "finding"
    return "newly-stopped" if plan is before else "newly-dosed"


def _made(order: Order | None) -> object:
    return None if order is None or order.dose is None else order.dose.preparation


def _reason(order: Order | None) -> str:
    outcome = None if order is None else order.outcome
    return outcome.reason if isinstance(outcome, DoNotGive) else ""
