from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from dosing.content.freeze import findings_of_rows
from dosing.content.preview import why_not_try
from dosing.models import Consideration, Edition

from .rows import RowPage


@admin.register(Edition)
class EditionPage(RowPage):
    """The one row of the working edition, with everything that keeps it from being released."""

    list_display = ("edition", "review_by", "contact")
    ordering = []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("in_the_way",) if why_not_try(by=request.user) else ("in_the_way", "try_it")

    @admin.display(description="Try it")
    def try_it(self, edition: Edition) -> str:
        rows = reverse("rows-calculator")
        return format_html('<a href="{}">Calculate with the working rows</a>', rows)

    @admin.display(description="In the way of a release")
    def in_the_way(self, edition: Edition) -> str:
        found = findings_of_rows(timezone.localdate())
        return format_html_join("", "{}<br>", ((one,) for one in found)) or "Nothing."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Edition.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Consideration)
class ConsiderationPage(RowPage):
    list_display = ("text",)
    search_fields = ("text",)
