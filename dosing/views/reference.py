"""What institutions publish where the labels have no dose: to read, never worked with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dosing.presenters.reference import published

from .page import Content


def dialysis(request: HttpRequest, content: Content) -> HttpResponse:
    """Published doses on dialysis, as their sources print them."""
    page = {"drugs": published(content.formulary), "release": content.release}
    return render(request, "dosing/dialysis.html", page)
