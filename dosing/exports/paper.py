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
    return _pdf(html("dosing/sheet.html", sheet=sheet))


def downtime_pdf(paper: DowntimePaper) -> bytes:
    """The downtime paper as PDF; the time of printing is part of it."""
    return _pdf(html("dosing/downtime.html", paper=paper))


def html(template: str, **context: Any) -> str:
    """A page without what only a screen needs: nothing of it is fetched but the fonts."""
    return render_to_string(template, {**context, "pdf": True})


def _pdf(page: str) -> bytes:
    try:
        from .pdf import pdf
    except OSError as problem:
        raise PdfUnavailable from problem
    return pdf(page, STYLESHEET)
