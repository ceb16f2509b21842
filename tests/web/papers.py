"""Papers made straight from the shipped content, each rendered once, and what is read from PDF."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pypdf import PdfReader

from dosing.content.digest import digest_of
from dosing.content.load import shipped_formulary
from dosing.engine import make_plan
from dosing.engine.codec import canonical, encode
from dosing.engine.plan import Plan
from dosing.exports.paper import downtime_pdf, sheet_pdf
from dosing.intake import read
from dosing.presenters.downtime import DowntimePaper, downtime_paper
from dosing.presenters.sheet import Release, SheetView, release_of, sheet_view

from .patients import CHILD, COLITIS, COMBINATION, FIRST, FOSCARNET, HAEMODIALYSIS, STOPPED

PRINTED = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)

#: Name → payload; 21 and 200 days, and the sheet with the most columns.
SHEETS: dict[str, dict[str, Any]] = {
    "21 days": COLITIS,
    "200 days": CHILD
    | {"transplant_date": "2026-11-22", "until_day": "200", "prevention_pcr": True},
    "widest": COMBINATION | {"disseminated": True, "heart_failure": True},
    "one drug": FIRST,
    "bottle": FOSCARNET,
    "dialysis": HAEMODIALYSIS,
    "no end": FOSCARNET | {"regimen": "foscarnet-maintenance-120"},
    **STOPPED,
}


@cache
def digest() -> str:
    """The digest of the shipped content."""
    return digest_of(canonical(encode(shipped_formulary())))


def release(printed_at: datetime = PRINTED) -> Release:
    """The shipped edition, printed then."""
    return release_of(
        shipped_formulary(), digest(), approved=False, printed_at=printed_at, time_zone="UTC"
    )


def plan(name: str) -> Plan:
    """The plan of a payload by its name."""
    formulary = shipped_formulary()
    request = read(SHEETS[name], formulary, today=date(2026, 11, 23))
    return make_plan(request.facts, request.regimen, formulary, start=request.start)


def sheet(name: str, printed_at: datetime = PRINTED) -> SheetView:
    """The plan sheet of a payload by its name."""
    return sheet_view(plan(name), shipped_formulary(), release(printed_at))


@cache
def sheet_file(name: str) -> bytes:
    """The plan sheet as PDF."""
    return sheet_pdf(sheet(name))


@cache
def downtime() -> DowntimePaper:
    """The downtime paper of the shipped content."""
    return downtime_paper(shipped_formulary(), digest(), release())


@cache
def downtime_file() -> bytes:
    """The downtime paper as PDF."""
    return downtime_pdf(downtime())


def reader(file: bytes) -> PdfReader:
    """A PDF opened for reading."""
    return PdfReader(io.BytesIO(file), strict=True)


def pages(file: bytes) -> list[str]:
    """The text of each page, its white space made plain."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader(file).pages]
