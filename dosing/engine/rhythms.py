"""Tests and their rhythms, and how closely counts are watched."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .terms import TESTS, require


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLimit:
    """What to act on when a test comes back, printed beside the test; course "" = in any course."""

    course: str = ""
    test: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRule:
    """A test and its rhythm in one course of a drug.

    `rhythm_below_top_band` replaces the rhythm when clearance is under the table's top band.
    `when`: "" always, or "pregnancy-possible", "prevention-pcr", "disseminated". It goes on for
    `weeks_after` weeks after the last possible row of a course that ends.
    """

    course: str = ""
    test: str
    rhythm: str
    rhythm_below_top_band: str = ""
    when: str = ""
    weeks_after: int = 0
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.test in TESTS, f"unknown test {self.test!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Days of a test: the fixed days, then every cycle_days from from_day, at the offsets.

    Days are counted from the rhythm's own first day, which is 1. `movable` is false for rhythms
    that a weekend never moves. `each_dose`: on every day of a dose instead, and never moved.
    """

    slug: str
    title: str
    fixed_days: tuple[int, ...] = ()
    from_day: int = 1
    cycle_days: int | None = None
    offsets: tuple[int, ...] = ()
    movable: bool = True
    each_dose: bool = False
    sources: tuple[str, ...]

    def days(self, first: int, last: int) -> list[int]:
        """Plan days up to last, when the rhythm starts on plan day first."""
        found = [first + day - 1 for day in self.fixed_days]
        if self.cycle_days is not None:
            start = first + self.from_day - 1
            found += [
                day + offset
                for day in range(start, last + 1, self.cycle_days)
                for offset in self.offsets
            ]
        return sorted({day for day in found if day <= last})


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPolicy:
    """How closely counts are watched at first; extra tests that conditions bring.

    To day `intensive_to_day` the test follows `intensive_rhythm` where the ANC is low, a drug
    has lowered counts before, or the policy asks for it (a clearance under the table's top band,
    dialysis); otherwise `opening_rhythm`, where there is one.
    """

    slug: str
    title: str
    intensive_test: str
    intensive_rhythm: str
    intensive_to_day: int
    intensive_anc_below: Decimal
    intensive_below_top_band: bool = False
    intensive_on_dialysis: bool = False
    opening_rhythm: str = ""
    unstable_kidney_days: tuple[int, ...]
    follow_up_weeks: int
    rules: tuple[MonitoringRule, ...] = ()
    sources: tuple[str, ...]
