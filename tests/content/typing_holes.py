"""Slips that neither a save nor readiness finds, and why: a person has to see them.

The reviewer reads each in the difference between two editions.
"""

from __future__ import annotations

from collections.abc import Mapping

from dosing.models import Rhythm

from .typing_slips import Slip

HOLES: Mapping[str, tuple[str, Slip]] = {
    "the weekly PCR every 7 weeks": (
        "Worked examples expect orders, not days of tests; and a rhythm that comes once in a short "
        "course may be meant.",
        Slip(Rhythm, {"slug": "weekly"}, "", "", own={"cycle_days": "49"}),
    ),
}
