"""Draws on the weekdays a ward has chosen, never fewer of them than the rhythm asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations, pairwise

WEEK = 7
_SATURDAY = 5
#: How far the days of a rhythm with one day a week or fewer may move: at most one day later, so
#: that no gap grows by more than a day.
_SHIFTS = (0, -1, 1, -2, -3, -4, -5)


def on_ward_days(days: Iterable[int], ward: Collection[int], start: int) -> set[int]:
    """Days of one rhythm moved to the ward's weekdays (0 = Monday); day 1 stays.

    `start` is the weekday of day 1. Where the ward has too few weekdays, others are added.
    """
    asked = sorted(days)
    later = [day for day in asked if day > 1]
    if not later or not ward:
        return set(asked)
    pattern = {_weekday(day, start) for day in later}
    if len(pattern) == 1:
        return set(asked[: len(asked) - len(later)]) | set(_shifted(later, ward, start))
    chosen = _weekdays(pattern, ward)
    first, last = max(2, asked[0]), later[-1]
    found = [day for day in range(first, last + 2) if _weekday(day, start) in chosen]
    if asked[0] == 1:
        # A day soon after day 1 adds nothing where enough follow, and the next one in time.
        if len(found) >= len(asked) and len(found) > 1 and found[1] - 1 <= _widest(chosen) + 1:
            found = found[1:]
        found = [1, *found]
    for day in reversed(later):
        if len(found) >= len(asked):
            break
        if day not in found:
            found.append(day)
    return set(found)


def without_gaps(asked: Iterable[int], moved: Iterable[int]) -> set[int]:
    """The moved days, with asked ones where days fell together or a gap grew by over a day."""
    wanted, found = sorted(asked), sorted(moved)
    while len(found) < len(wanted):
        lonely = max(wanted, key=lambda day: (min(abs(day - one) for one in found), day))
        found = sorted({*found, lonely})
    place = 0
    while place < len(found) - 1:
        before, after = found[place], found[place + 1]
        inside = [day for day in wanted if before < day < after]
        around = [day for day in wanted if day <= before][-1:] + inside
        around += [day for day in wanted if day >= after][:1]
        longest = max((late - early for early, late in pairwise(around)), default=WEEK)
        if inside and after - before > longest + 1:
            middle = min(inside, key=lambda day: abs(2 * day - before - after))
            found.insert(place + 1, middle)
        else:
            place += 1
    return set(found)


def _weekday(day: int, start: int) -> int:
    return (start + day - 1) % WEEK


def _shifted(days: list[int], ward: Collection[int], start: int) -> list[int]:
    """All days by the same step, so that the gaps between them stay."""
    step = next(step for step in _SHIFTS if _weekday(days[0] + step, start) in ward)
    return days if days[0] + step <= 1 else [day + step for day in days]


def _weekdays(pattern: set[int], ward: Collection[int]) -> tuple[int, ...]:
    """As many weekdays as the rhythm has: the ward's, spread best; others only where they lack."""
    own = sorted(set(ward))
    if len(own) >= len(pattern):
        choices = list(combinations(own, len(pattern)))
    else:
        others = [day for day in range(WEEK) if day not in own]
        missing = len(pattern) - len(own)
        choices = [tuple(sorted((*own, *more))) for more in combinations(others, missing)]

    def cost(chosen: tuple[int, ...]) -> tuple[int, int, int, tuple[int, ...]]:
        weekend = sum(day >= _SATURDAY and day not in own for day in chosen)
        away = sum(min(_apart(day, other) for other in pattern) for day in chosen)
        return weekend, _widest(chosen), away, chosen

    return min(choices, key=cost)


def _widest(weekdays: Collection[int]) -> int:
    """The longest gap in days between neighbouring weekdays, around the week."""
    ordered = sorted(weekdays)
    return max(after - before for before, after in pairwise([*ordered, ordered[0] + WEEK]))


def _apart(one: int, other: int) -> int:
    return min((one - other) % WEEK, (other - one) % WEEK)
