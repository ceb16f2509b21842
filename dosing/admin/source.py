from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models as db
from django.http import HttpRequest
from django.utils.html import format_html_join

from dosing.models import Source

from .rows import RowPage


@admin.register(Source)
class SourcePage(RowPage):
    list_display = ("slug", "title", "section", "edition")
    search_fields = ("slug", "title", "section")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "cited_by")

    @admin.display(description="Cited by")
    def cited_by(self, source: Source) -> str:
        """Every row that names this source."""
        rows = [(row._meta.verbose_name, row) for row in citing(source)] if source.pk else []
        return format_html_join("", "{}: {}<br>", rows) or "–"

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A source that is cited is protected: deleting it would leave figures without one."""
        shown, counts, missing, protected = super().get_deleted_objects(objs, request)
        cited = [f"{source.slug} is cited by: {row}" for source in objs for row in citing(source)]
        return shown, counts, missing, [*protected, *cited]


def citing(source: Source) -> Iterator[db.Model]:
    """The rows that name this source, whatever they are."""
    for relation in Source._meta.related_objects:
        model = relation.related_model
        yield from model._default_manager.filter(sources=source)
