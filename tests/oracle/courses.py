"""Which phases a regimen has and on which plan days they lie."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.oracle.inputs import Facts

LAYOUT_LIMIT = 84
SINGLE = {
    "ganciclovir-induction": ("ganciclovir", "induction"),
    "valganciclovir-induction": ("valganciclovir", "induction"),
    "foscarnet-induction-90": ("foscarnet", "induction-90"),
    "foscarnet-induction-60": ("foscarnet", "induction-60"),
}
OPEN_ENDED = {
    "ganciclovir-maintenance": ("ganciclovir", "maintenance"),
    "ganciclovir-maintenance-5-days": ("ganciclovir", "maintenance-5-days"),
    "valganciclovir-maintenance": ("valganciclovir", "maintenance"),
    "foscarnet-maintenance-90": ("foscarnet", "maintenance-90"),
    "foscarnet-maintenance-120": ("foscarnet", "maintenance-120"),
}
# first phase shortest, usual, longest; table of the valganciclovir phase that follows
STEP_DOWN = {
    "immunocompromised-disease": (3, 5, 5, "induction"),
    "ibd-colitis": (3, 5, 10, "induction"),
    "ibd-colitis-daily-step-down": (5, 7, 10, "maintenance"),
}
SHORTEST, USUAL, LONGEST = 14, 21, 21
LAST_DAY_AFTER_TRANSPLANT = {"kidney": 200, "heart": 100}


class Refused(Exception):
    """The named field cannot be laid out."""


@dataclass
class Phase:
    drug: str
    table: str
    start: int
    end: Any
    """Last day, None when open-ended."""


@dataclass
class Course:
    phases: list[Phase]
    longer_than_source: bool = False
    treatment: bool = False

    @property
    def last_day(self) -> int:
        """Only of a course that ends."""
        return max(phase.end for phase in self.phases)


def lay_out(facts: Facts) -> Course:
    """The course of a valid payload; raises Refused with the field that is wrong."""
    if facts.is_child_regimen:
        return _prevention(facts)
    if facts.regimen in OPEN_ENDED:
        return _open_ended(facts)
    if facts.regimen in SINGLE:
        return _single(facts)
    if facts.regimen == "neurological-combination":
        return _together(facts)
    return _step_down(facts)


def _given(facts: Facts, count: int) -> list[int | None]:
    if facts.phase_days is None:
        return [None] * count
    if len(facts.phase_days) != count:
        raise Refused("phase_days")
    return facts.phase_days


def _length(days: int | None) -> int:
    """A course that stands alone: the usual length, or a given one within its limits."""
    if days is None:
        return USUAL
    if days < SHORTEST or days > LAYOUT_LIMIT:
        raise Refused("phase_days")
    return days


def _single(facts: Facts) -> Course:
    (days,) = _given(facts, 1)
    end = _length(days)
    return Course([Phase(*SINGLE[facts.regimen], 1, end)], end > LONGEST, True)


def _together(facts: Facts) -> Course:
    first, second = (_length(days) for days in _given(facts, 2))
    phases = [
        Phase("ganciclovir", "induction", 1, first),
        Phase("foscarnet", "induction-90", 1, second),
    ]
    return Course(phases, max(first, second) > LONGEST, True)


def _step_down(facts: Facts) -> Course:
    shortest, usual, longest, table = STEP_DOWN[facts.regimen]
    first, second = _given(facts, 2)
    first = usual if first is None else first
    if first < shortest:
        raise Refused("phase_days")
    if second is None and first >= USUAL:
        raise Refused("phase_days")
    last = USUAL if second is None else first + second
    if last < SHORTEST or last > LAYOUT_LIMIT:
        raise Refused("phase_days")
    phases = [
        Phase("ganciclovir", "induction", 1, first),
        Phase("valganciclovir", table, first + 1, last),
    ]
    return Course(phases, first > longest or last > LONGEST, True)


def _open_ended(facts: Facts) -> Course:
    (days,) = _given(facts, 1)
    if days is not None and days > LAYOUT_LIMIT:
        raise Refused("phase_days")
    drug, table = OPEN_ENDED[facts.regimen]
    start = 1
    if table == "maintenance-5-days":
        # weekday() is 5 on Saturday and 6 on Sunday: the first dose waits for Monday
        start += {5: 2, 6: 1}.get(facts.start.weekday(), 0)
    return Course([Phase(drug, table, start, days)])


def _prevention(facts: Facts) -> Course:
    last = LAST_DAY_AFTER_TRANSPLANT[facts.organ or "kidney"]
    end = last
    if facts.transplant_date is not None:
        end = (facts.transplant_date + timedelta(days=last) - facts.start).days + 1
        if facts.transplant_date > facts.start or end < 1:
            raise Refused("transplant_date")
    return Course([Phase("valganciclovir", "paediatric-prophylaxis", 1, end)])
