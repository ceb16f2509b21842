"""Bare pages in the same project: what a form beside a table costs here, nothing calculated.

Each has a template of its own, since crispy keeps the pack with the template.
"""

from __future__ import annotations

from functools import cache

from crispy_forms.helper import FormHelper
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from dosing.content.load import shipped_formulary
from dosing.engine.formulary import Formulary
from dosing.forms import PlanForm

SMALL_ROWS = 28
Cells = list[tuple[str, str, str]]


class Small(forms.Form):
    """Four fields, in the markup pack as it comes."""

    age = forms.CharField()
    weight = forms.DecimalField()
    sex = forms.ChoiceField(choices=(("female", "female"), ("male", "male")))
    creatinine = forms.DecimalField()
    helper = FormHelper()


@cache
def cells(rows: int) -> Cells:
    """Rows of three cells."""
    return [
        (str(row), f"Mon {row} Nov 2026", "blood count, creatinine") for row in range(1, rows + 1)
    ]


@cache
def formulary() -> Formulary:
    """The same choices in the form as on the product's page."""
    return shipped_formulary()


def small(request: HttpRequest) -> HttpResponse:
    """A four-field crispy form and a table of 28 rows."""
    page = {"form": Small(), "rows": cells(SMALL_ROWS)}
    return render(request, "reference/small.html", page)


def filled(request: HttpRequest) -> HttpResponse:
    """The product's own form with what was posted, and as many rows as `rows` says."""
    data = request.POST
    assert isinstance(data, QueryDict)
    form = PlanForm(data, formulary=formulary())
    page = {"form": form, "rows": cells(int(request.headers["X-Rows"]))}
    return render(request, "reference/filled.html", page)
