"""Two dose tables compared by clearance: on which clearances does a row say something else?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dosing.engine.formulary import DoseRow

from .pairing import text_of

#: What says where a row holds, and what makes its dose; everything else is said beside it.
_WHERE = ("low", "low_closed", "high", "high_closed", "dialysis", "taking", "region")
_DOSE = ("amount", "frequency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Clearances on which both tables say one thing each, and not the same.

    `field` is "" where the dose differs (then both rows count whole), else the field that does.
    """

    low: Decimal
    low_closed: bool
    high: Decimal | None
    high_closed: bool
    field: str
    before: DoseRow | None
    after: DoseRow | None

    @property
    def words(self) -> str:
        """The clearances as mathematics writes them."""
        left = f"{'[' if self.low_closed else '('}{self.low}"
        if self.high is None:
            return f"{left}, ∞)"
        return f"{left}, {self.high}{']' if self.high_closed else ')'}"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """An edge itself, or the clearances between two neighbouring edges (high None: and above)."""

    low: Decimal
    high: Decimal | None
    before: DoseRow | None
    after: DoseRow | None

    @property
    def is_edge(self) -> bool:
        return self.low == self.high


def disjoint(rows: Sequence[DoseRow]) -> bool:
    """Whether every clearance, kind of dialysis and medicine taken has at most one row."""
    kinds = [named(row) for row in rows if row.low is None]
    bands = sorted((row for row in rows if row.low is not None), key=lambda row: row.low or 0)
    for lower, upper in pairwise(bands):
        assert upper.low is not None
        if lower.high is None or lower.high > upper.low:
            return False
        if lower.high == upper.low and lower.high_closed and upper.low_closed:
            return False
    return len(kinds) == len(set(kinds))


def named(row: DoseRow) -> str:
    """The place of a row in its table: its band, dialysis, or medicine and the label's region."""
    return f"{row.interval} {row.region}".rstrip()


def segments(before: Sequence[DoseRow], after: Sequence[DoseRow]) -> Iterator[Segment]:
    """Clearances on which the tables differ, from low to high; first doses, then the rest."""
    found = list(_stretches(before, after))
    yield from _joined(found, "")
    rest = [spec.name for spec in fields(DoseRow) if spec.name not in (*_WHERE, *_DOSE)]
    kept = [one for one in found if one.before and one.after and not _differ(one, "")]
    for name in rest:
        yield from _joined(kept, name)


def _stretches(before: Sequence[DoseRow], after: Sequence[DoseRow]) -> Iterator[_Stretch]:
    edges = sorted(
        {edge for row in (*before, *after) for edge in (row.low, row.high) if edge is not None}
    )
    for place, edge in enumerate(edges):
        at = Fraction(edge)
        yield _Stretch(edge, edge, _row(before, at), _row(after, at))
        upper = edges[place + 1] if place + 1 < len(edges) else None
        inside = at + 1 if upper is None else (at + Fraction(upper)) / 2
        yield _Stretch(edge, upper, _row(before, inside), _row(after, inside))


def _row(rows: Sequence[DoseRow], clearance: Fraction) -> DoseRow | None:
    return next((row for row in rows if row.contains(clearance)), None)


def _said(row: DoseRow | None, field: str) -> str:
    """What a row says of one field; of everything but its place where the field is ""."""
    if row is None:
        return ""
    if field:
        return text_of(getattr(row, field))
    return text_of(replace(row, low=Decimal(0), low_closed=True, high=None, high_closed=False))


def same_dose(one: DoseRow, other: DoseRow) -> bool:
    """Whether two rows give the same amount as often, or both none."""
    return _dose(one) == _dose(other)


def _dose(row: DoseRow | None) -> str:
    return "" if row is None else text_of([getattr(row, name) for name in _DOSE])


def _differ(one: _Stretch, field: str) -> bool:
    if field:
        return _said(one.before, field) != _said(one.after, field)
    return (one.before is None) != (one.after is None) or _dose(one.before) != _dose(one.after)


def _joined(found: Sequence[_Stretch], field: str) -> Iterator[Segment]:
    """Neighbouring stretches that say the same become one segment."""
    run: list[_Stretch] = []
    for one in found:
        follows = bool(run) and run[-1].high == one.low
        if run and not (follows and _differ(one, field) and _alike(run[0], one, field)):
            yield _segment(run, field)
            run = []
        if _differ(one, field):
            run.append(one)
    if run:
        yield _segment(run, field)


def _alike(one: _Stretch, other: _Stretch, field: str) -> bool:
    return _said(one.before, field) == _said(other.before, field) and (
        _said(one.after, field) == _said(other.after, field)
    )


def _segment(run: Sequence[_Stretch], field: str) -> Segment:
    first, last = run[0], run[-1]
    return Segment(
        low=first.low,
        low_closed=first.is_edge,
        high=last.high,
        high_closed=last.is_edge,
        field=field,
        before=first.before,
        after=first.after,
    )
