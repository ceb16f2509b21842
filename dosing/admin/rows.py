"""What every content page has: the note on top, the engine's own refusals, sources to pick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models as db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from dosing.content.freeze import findings_of_rows
from dosing.content.rows import problem_with
from dosing.models import ContentRelease
from dosing.models.fields import WrittenField

NOTE = "Edits here do not reach the calculator until they are released."
#: Findings shown after a save; the page of the edition lists all.
SHOWN = 5
#: Named in static/css/admin.css.
SIDE_BY_SIDE = ("side-by-side",)

WIDGETS: Mapping[type[db.Field], Mapping[str, Any]] = {
    db.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 60})},
    WrittenField: {"widget": forms.TextInput(attrs={"size": 8})},
}


class RowForm(forms.ModelForm):
    """Refuses what the engine would refuse, in the engine's words."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        chosen = self.cleaned_data.get("sources") or ()
        if problem := problem_with(self.instance, [source.slug for source in chosen]):
            self.add_error(None, f"{problem[:1].upper()}{problem[1:]}.")


class InReadingOrder(admin.options.BaseModelAdmin):
    """The name first, the row's own figures, then its sources and its place in the list."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        last = ("sources", "position")
        names = [name for name in super().get_fields(request, obj) if name not in last]
        names.sort(key=lambda name: name != "slug")
        return [*names, *(name for name in last if self._has(name))]

    def _has(self, name: str) -> bool:
        return name not in (self.exclude or ()) and name in {
            field.name for field in (*self.opts.fields, *self.opts.many_to_many)
        }


class RowInline(InReadingOrder, admin.StackedInline):
    """Rows of the page's own row, the fields of each side by side."""

    form = RowForm
    formfield_overrides = WIDGETS
    extra = 0
    ordering = ["position", "pk"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj), "classes": SIDE_BY_SIDE})]

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("sources",) if hasattr(self.model, "sources") else ()


class RowPage(InReadingOrder, admin.ModelAdmin):
    """A page of working rows."""

    form = RowForm
    formfield_overrides = WIDGETS
    save_on_top = True
    ordering = ["position", "pk"]

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("sources",) if hasattr(self.model, "sources") else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Other rows, frozen releases and stored requests name a row by its slug: it stays.
        return ("slug",) if obj is not None and hasattr(obj, "slug") else ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        _note(request)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        _note(request)
        return super().changeform_view(request, *args, **options)

    def save_related(self, request: HttpRequest, *args: Any) -> None:
        super().save_related(request, *args)
        if found := findings_of_rows(timezone.localdate()):
            messages.warning(
                request,
                format_html(
                    "Saved. Before this content can be released ({} to mend):<ul>{}</ul>",
                    len(found),
                    format_html_join("", "<li>{}</li>", ((one,) for one in found[:SHOWN])),
                ),
            )


def _note(request: HttpRequest) -> None:
    if request.method != "GET":
        return
    live = ContentRelease.objects.live()
    messages.warning(request, f"{NOTE} Live: {live.edition if live else 'no release'}.")
