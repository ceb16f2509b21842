"""What goes on paper: the plan sheet and the downtime paper, each rendered from its template."""

from __future__ import annotations

import re
from typing import Any

from django.template.loader import render_to_string

from dosing.presenters.downtime import DowntimePaper
from dosing.presenters.numbers import NBSP
from dosing.presenters.sheet import SheetView

STYLESHEET = "sheet.css"
#: Browsers keep mg/kg on one line; WeasyPrint would end a line after the slash.
_JOINER = "\u2060"
#: Numbers of sources: on paper a link leads nowhere, and each costs WeasyPrint a millisecond.
_REFS = re.compile(r'<span class="refs">\[(.*?)\]</span>')
_NUMBER = re.compile(r">(\d+)<")
_SLASH = re.compile(r"(?<=[gLln⁹])/(?=(?:kg|mL|dL|L|h|min|1\.73)\b)(?![^<>]*>)")


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
    page = render_to_string(template, {**context, "pdf": True})
    return _SLASH.sub(f"/{_JOINER}", _REFS.sub(_bare, page))


def _bare(refs: re.Match[str]) -> str:
    return f"[{NBSP.join(_NUMBER.findall(refs[1]))}]"


def _pdf(page: str) -> bytes:
    try:
        from .pdf import pdf
    except OSError as problem:
        raise PdfUnavailable from problem
    return pdf(page, STYLESHEET)
