"""Layout objects of the page: a group of rows, and a row with its label, hint, unit and message."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import get_template
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from .asking import PHASES
from .inputs import Choice, Suggestions


class Row(LayoutObject):
    """One field a line. Its values are plain text, so one small template draws every kind."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields = [name]

    @cached_property
    def template(self) -> Any:
        return get_template("ward/row.html")

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        form.rendered_fields.add(self.name)
        if self.name not in form.fields:
            return mark_safe("")
        return self.template.render(row_of(form, self.name))


class Group(LayoutObject):
    """Rows under a heading; a closed group opens when one of its rows has a value or a message."""

    def __init__(self, key: str, title: str, *names: str, closed: bool = False) -> None:
        self.key, self.title, self.closed = key, title, closed
        self.fields = [Row(name) for name in names]

    @cached_property
    def template(self) -> Any:
        return get_template("ward/group.html")

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        rows = [row.render(form, context, template_pack) for row in self.fields]
        names = [row.name for row in self.fields if row.name in form.fields]
        in_use = any(form.said(name) or form.errors.get(name) for name in names)
        return self.template.render(
            {"group": self, "rows": rows, "open": in_use, "details": self.closed}
        )


def row_of(form: Any, name: str) -> dict[str, Any]:
    """Everything one row shows."""
    field = form.fields[name]
    value = form.typed(name)
    row: dict[str, Any] = {
        "name": name,
        "kind": field.kind,
        "label": field.label,
        "hint": field.help_text,
        "value": value,
        "errors": form.errors.get(name, ()) if form.is_bound else (),
    }
    if name in PHASES:
        hints = form.phase_hints()
        place = PHASES.index(name)
        row["hint"] = hints[place] if place < len(hints) else field.help_text
    if field.kind == "quantity":
        row["unit"] = field.unit
        if field.units:
            units = form.fields[field.units]
            row["units"] = {
                "name": field.units,
                "label": units.label,
                "choices": _choices(units, form.typed(field.units)),
                "governs": "" if units.shows is None else form.governed(field.units),
                "errors": form.errors.get(field.units, ()) if form.is_bound else (),
            }
            form.rendered_fields.add(field.units)
    elif isinstance(field, Choice):
        row["choices"] = _choices(field, value)
        row["governs"] = "" if field.shows is None else form.governed(name)
        row["blank"] = " ".join((field.shows or {}).get("", ()))
        for group in row["choices"] if name == "regimen" else ():
            for option in group.get("options", ()):
                option["phases"] = "|".join(form.offers.phases[option["value"]])
    elif isinstance(field, Suggestions):
        who, what = form.typed("group"), form.typed("situation")
        row["found"] = [
            (one, one.slug == value, who in one.groups and what in one.situations)
            for one in field.found
        ]
        row["any"] = any(fits for _, _, fits in row["found"])
        row["none"] = bool(who and what) and not row["any"]
    elif field.kind == "ticks":
        row["choices"] = [(slug, text, slug in value) for slug, text in field.choices]
    return row


def _choices(field: Choice, value: str) -> list[dict[str, Any]]:
    """Options, or groups of them where a choice's words are a list."""
    found: list[dict[str, Any]] = []
    for key, words in field.choices:
        if isinstance(words, list):
            found.append(
                {
                    "title": key,
                    "options": [_option(field, slug, text, value) for slug, text in words],
                }
            )
        else:
            found.append(_option(field, key, words, value))
    return found


def _option(field: Choice, key: str, words: str, value: str) -> dict[str, Any]:
    shows = None if field.shows is None else " ".join(field.shows.get(key, ()))
    return {"value": key, "words": words, "chosen": key == value, "shows": shows}
