"""The kinds of input the page has. None of them judges a value: that is the intake's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from dosing.engine.formulary import Regimen

Choices = Iterable[tuple[str, Any]]


class Words(forms.CharField):
    """Whatever was typed or chosen, as text; never refused here."""

    kind = "text"

    def __init__(self, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label=label, help_text=hint, required=False, **kwargs)
        # What a browser sends beside its own form is read by the intake, which says why it is bad.
        self.validators = []


class Quantity(Words):
    """A number typed as text, with the unit it is asked in or a choice of units beside it."""

    kind = "quantity"

    def __init__(self, label: str, hint: str = "", *, unit: str = "", units: str = "") -> None:
        super().__init__(label, hint)
        self.unit, self.units = unit, units


class Day(Words):
    """A date; the browser sends it as year-month-day."""

    kind = "date"


class Choice(Words):
    """One of a few words. `shows`: for each word, the rows that make sense once it is chosen."""

    kind = "select"

    def __init__(
        self,
        label: str,
        hint: str = "",
        *,
        choices: Choices = (),
        initial: str = "",
        kind: str = "select",
        shows: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        super().__init__(label, hint, initial=initial)
        self.choices = list(choices)
        self.kind = kind
        self.shows = shows


class Suggestions(Words):
    """Two or three regimens found from who the patient is and what is wrong."""

    kind = "suggestions"
    found: Iterable[Regimen] = ()


class Answer(Choice):
    """A question with three answers; blank is "not answered"."""

    def __init__(self, label: str, hint: str = "") -> None:
        choices = (("", "not answered"), ("no", "no"), ("yes", "yes"))
        super().__init__(label, hint, choices=choices)


class Tick(Words):
    """A box: ticked or not answered."""

    kind = "tick"


class Ticks(forms.Field):
    """Several boxes of one name."""

    kind = "ticks"
    widget = forms.SelectMultiple

    def __init__(self, label: str, hint: str = "", *, choices: Choices = ()) -> None:
        super().__init__(label=label, help_text=hint, required=False)
        self.choices: list[tuple[str, str]] = list(choices)
