"""What goes on paper: the plan sheet and the downtime paper, each rendered from its template."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from dosing.presenters.downtime import DowntimePaper
from dosing.presenters.sheet import SheetView

STYLESHEET = "sheet.css"


class PdfUnavailable(Exception):
    """This machine cannot make PDF: Pango's libraries are missing. The pages still print."""


def sheet_pdf(sheet: SheetView) -> bytes:
    """The plan sheet as PDF; the time of printing is part of the sheet."""
    return _rendered("dosing/sheet.html", {"sheet": sheet})


def downtime_pdf(paper: DowntimePaper) -> bytes:
    """The downtime paper as PDF; the time of printing is part of it."""
    return _rendered("dosing/downtime.html", {"paper": paper})


def _rendered(template: str, context: dict[str, Any]) -> bytes:
    """`pdf` leaves out of a template what only a screen needs."""
    try:
        from .pdf import pdf
    except OSError as problem:
        raise PdfUnavailable from problem
    return pdf(render_to_string(template, {**context, "pdf": True}), STYLESHEET)
