"""Pieces of a page that follow from the content alone: drawn once, not anew for every patient."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from dosing.presenters.picture import Picture, Rung, Step, Tick

#: Tables times rows; an edition has about a hundred.
KEPT = 512

register = template.Library()


@register.filter
def bands(picture: Picture) -> SafeString:
    """The steps of a picture; this patient's mark is not among them."""
    return _bands(picture.steps, picture.ticks, picture.edges)


@lru_cache(maxsize=KEPT)
def _bands(steps: tuple[Step, ...], ticks: tuple[Tick, ...], edges: str) -> SafeString:
    drawn = {"steps": steps, "ticks": ticks, "edges": edges}
    return SafeString(get_template("dosing/_bands.html").render(drawn))


@register.filter
@lru_cache(maxsize=KEPT)
def ladder(rungs: tuple[Rung, ...], caption: str) -> SafeString:
    """A whole dose table, the row in use marked, with the daily amounts."""
    shown = {"rungs": rungs, "caption": caption}
    return SafeString(get_template("dosing/_ladder.html").render(shown))
