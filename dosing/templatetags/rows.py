"""Rows of small figures, many on every answer: a template takes several times as long for them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from dosing.presenters.calendar import Calendar, Text
from dosing.presenters.orders import Advice
from dosing.presenters.plan import Drawn, Tested, Worked

from .citations import refs

register = template.Library()

_WEEKEND = SafeString(' class="weekend"')
_REVIEW = SafeString(
    '<p class="review"><strong>Review:</strong> stop only as said under “When to stop”.</p>'
)
_BREAK = SafeString("<br>")


@register.filter
def points(advice: Iterable[Advice]) -> SafeString:
    """Sentences of a list, each with its sources."""
    return _joined("<li>{} {}</li>", ((one.text, refs(one.sources)) for one in advice))


@register.filter
def tested(tests: Iterable[Tested]) -> SafeString:
    """Each test with its days and what to act on."""
    return _joined(
        '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>',
        (
            (
                test.name,
                test.days,
                _joined("<p>{} {}</p>", ((one.text, refs(one.sources)) for one in test.limits)),
            )
            for test in tests
        ),
    )


@register.filter
def dated(schedule: Iterable[Drawn]) -> SafeString:
    """The schedule by date."""
    return _joined(
        '<tr{}><td>{}</td><th scope="row">{}</th><td>{}{}</td></tr>',
        (
            (
                _WEEKEND if row.weekend else "",
                row.day,
                row.date,
                row.tests,
                _REVIEW if row.review else "",
            )
            for row in schedule
        ),
    )


@register.filter
def worked(steps: Iterable[Worked]) -> SafeString:
    """The working, line by line."""
    return _joined(
        '<tr><th scope="row">{} {}</th><td>{}{}{}</td><td>{}</td></tr>',
        (
            (
                step.title,
                refs(step.sources),
                step.formula,
                _BREAK if step.figures else "",
                step.figures,
                step.result,
            )
            for step in steps
        ),
    )


@register.filter
def texts(found: Iterable[Text], look: str = "") -> SafeString:
    """Words in a drawing, each at its place."""
    named = _joined(' class="{}"', [(look,)] if look else [])
    return _joined(
        '<text{} x="{}" y="{}">{}</text>', ((named, one.x, one.y, one.text) for one in found)
    )


@register.filter
def bars(strip: Calendar) -> SafeString:
    """The bars of the strip, each with its label where that fits."""
    return _joined(
        '<rect class="bar-{}" x="{}" y="{}" width="{}" height="{}"/>{}',
        (
            (
                bar.look,
                bar.x,
                bar.y,
                bar.width,
                strip.bar_height,
                texts([bar.label], f"label-{bar.look}") if bar.label else "",
            )
            for bar in strip.bars
        ),
    )


def _joined(row: str, found: Iterable[tuple[str, ...]]) -> SafeString:
    """The cells put into the row, escaped unless they are safe already.

    What format_html_join does; that spends most of its time on looking for lazy texts.
    """
    return SafeString(
        "".join(
            row.format(*[one if isinstance(one, SafeString) else escape(one) for one in cells])
            for cells in found
        )
    )
