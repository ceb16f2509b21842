"""Every save and deletion of rows asks why, and is written down; the history is only read."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import admin
from django.db import models as db
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import format_html_join

from dosing.content.row_edits import Snapshot, newest_edit, record_edit, snapshot
from dosing.forms.why import WhyForm
from dosing.models import Drug, RowEdit
from dosing.presenters.row_changes import change_words, row_changes

from .release import ReadOnly


class Recorded(admin.ModelAdmin):
    """Who, when, what, why: for each save, and for each deletion, superusers included."""

    #: Several rows at once have no one reason: they are deleted one by one.
    actions = None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.before = snapshot(obj) if change else {}
        super().save_model(request, obj, form, change)

    def record_save(self, request: HttpRequest, form: Any, change: bool) -> None:
        """Once everything of the page is saved; a save without a change leaves no trace."""
        changes = row_changes(form.before, snapshot(form.instance))
        if changes:
            self._record(
                request,
                form.instance,
                "change" if change else "add",
                form.cleaned_data["why"],
                changes,
            )

    def _record(
        self, request: HttpRequest, row: db.Model, action: str, why: str, changes: Any, key: int = 0
    ) -> None:
        by: Any = request.user
        record_edit(row=row, key=key or row.pk, action=action, by=by, reason=why, changes=changes)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The admin's own log says why; what was changed stands in ours."""
        return str(form.cleaned_data["why"])

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        form = WhyForm(request.POST if request.method == "POST" else None)
        shown = {"why": form, **(extra_context or {})}
        if request.method != "POST" or form.is_valid():
            return super().delete_view(request, object_id, shown)
        # Nothing is deleted: the question is asked again, with what is missing.
        asked_again = copy(request)
        asked_again.method = "GET"
        asked_again.POST = QueryDict()
        return super().delete_view(asked_again, object_id, shown)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        before: Snapshot = snapshot(obj)
        key = obj.pk
        super().delete_model(request, obj)
        why = request.POST["why"]
        self._record(request, obj, "delete", why, row_changes(before, {}), key)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Ours instead of the admin's own; a drug's has everything that belongs to the drug."""
        row = self.get_object(request, object_id)
        edits = RowEdit.objects.filter(kind=self.opts.model_name, row=getattr(row, "pk", 0))
        if isinstance(row, Drug):
            edits = RowEdit.objects.filter(drug=row.slug)
        shown = {
            "edits": [
                (edit, [change_words(one) for one in edit.changes])
                for edit in edits.select_related("by")
            ]
        }
        return super().history_view(request, object_id, shown | (extra_context or {}))


def newest_of(row: Any) -> RowEdit | None:
    """The last edit of a page's row, if it is stored."""
    return newest_edit(row) if row is not None and row.pk else None


@admin.register(RowEdit)
class RowEditPage(ReadOnly):
    """Every edit of working rows, newest first."""

    list_display = ("at", "by", "label", "action", "reason", "in_words")
    list_display_links = ("at",)
    list_filter = ("drug", ("by", admin.RelatedOnlyFieldListFilter), "action", "kind")
    list_select_related = ("by",)
    list_per_page = 50
    search_fields = ("reason", "label")
    fields = ("at", "by", "label", "action", "drug", "reason", "in_words")

    @admin.display(description="what")
    def in_words(self, edit: RowEdit) -> str:
        return format_html_join("", "{}<br>", ((change_words(one),) for one in edit.changes)) or "–"
