"""What every content page has: the note on top, the engine's own refusals, sources to pick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db import models as db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from dosing.content.row_checks import Checked, Refusal, check_saved
from dosing.content.rows import problem_with
from dosing.forms.why import NO_REASON, why_field
from dosing.models import ContentRelease, RowEdit
from dosing.models.fields import WrittenField

from .row_edits import Recorded, newest_of

NOTE = "Edits here do not reach the calculator until they are released."
#: Findings shown after a save; the page of the edition lists all.
SHOWN = 5
#: Named in static/css/admin.css.
SIDE_BY_SIDE = ("side-by-side",)

WIDGETS: Mapping[type[db.Field], Mapping[str, Any]] = {
    db.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 60})},
    WrittenField: {"widget": forms.TextInput(attrs={"size": 8})},
}


#: Sentences by the prefix of the form they are said at; "" is the page's own form, "why" its field.
Sentences = Mapping[str, Sequence[str]]
TWICE = "Two of these rows say what may stand only once. Change or delete one of them."


class Refused(Exception):
    """What was saved must not stay saved."""

    def __init__(self, sentences: Sentences) -> None:
        super().__init__("; ".join(one for said in sentences.values() for one in said))
        self.sentences = sentences


class RowForm(forms.ModelForm):
    """Refuses what the engine would refuse, in the engine's words.

    `refused`: what readiness found in the rows as they would have been saved.
    """

    refused: Sentences = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "sources" in self.fields:
            required = "No source is given. Choose one or more."
            self.fields["sources"].error_messages["required"] = required

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for sentence in self.refused.get(self.prefix or "", ()):
            self.add_error(None, sentence)
        if self.errors:
            return
        chosen = self.cleaned_data.get("sources") or ()
        if problem := problem_with(self.instance, [source.slug for source in chosen]):
            self.add_error(None, f"{problem[:1].upper()}{problem[1:]}.")


class PageForm(RowForm):
    """The page's own row; asks why, and notices a save of someone else in between."""

    # Asked for together with what readiness refuses, not before it: see save_related.
    why = why_field(required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    newest: RowEdit | None = None

    def _post_clean(self) -> None:
        super()._post_clean()
        for sentence in self.refused.get("why", ()):
            self.add_error("why", sentence)

    def clean_seen(self) -> Any:
        seen: int | None = self.cleaned_data["seen"]
        if seen is not None and self.newest is not None and seen != self.newest.pk:
            raise forms.ValidationError(
                f"{self.newest.by} changed this page after you opened it: “{self.newest.reason}” "
                "Nothing of yours is saved yet. Read the history and compare; a second save puts "
                "yours in its place."
            )
        return seen


class InReadingOrder(admin.options.BaseModelAdmin):
    """The name first, the row's own figures, then its sources and its place in the list."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        last = ("sources", "position")
        apart = (*last, *PageForm.declared_fields)
        names = [name for name in super().get_fields(request, obj) if name not in apart]
        names.sort(key=lambda name: name != "slug")
        return [*names, *(name for name in last if self._has(name))]

    def _has(self, name: str) -> bool:
        return name not in (self.exclude or ()) and name in {
            field.name for field in (*self.opts.fields, *self.opts.many_to_many)
        }


class Inline(InReadingOrder, admin.StackedInline):
    """Rows on the page of the row they belong to."""

    form = RowForm
    formfield_overrides = WIDGETS
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **options)
        formset.form.refused = refused_of(request)
        return formset


class RowInline(Inline):
    """The fields of each row side by side."""

    ordering = ["position", "pk"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj), "classes": SIDE_BY_SIDE})]

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("sources",) if hasattr(self.model, "sources") else ()


class RowPage(InReadingOrder, Recorded):
    """A page of working rows."""

    form = PageForm
    formfield_overrides = WIDGETS
    ordering = ["position", "pk"]

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("sources",) if hasattr(self.model, "sources") else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Other rows, frozen releases and stored requests name a row by its slug: it stays.
        return ("slug",) if obj is not None and hasattr(obj, "slug") else ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        _note(request)
        return super().changelist_view(request, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **options)
        form.refused = refused_of(request)
        form.newest = newest_of(obj)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """The page; a save that readiness refuses is undone and shown again as it was typed."""
        _note(request)
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **options)
        except (Refused, IntegrityError) as problem:
            said = problem.sentences if isinstance(problem, Refused) else {"": [TWICE]}
            request.refused = said  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **options)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> Any:
        context["problems"] = tuple(problems(context))
        return super().render_change_form(request, context, *args, **options)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Sequence[Any], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        checked = check_saved(form.instance, timezone.localdate())
        refused = _at_forms(checked.refusals, formsets)
        if not form.cleaned_data["why"]:
            refused["why"] = [NO_REASON]
        if refused:
            raise Refused(refused)
        self.record_save(request, form, change)
        _warn(request, checked)


def problems(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything a page was refused for, once each, with the id of where it stands."""
    said = set()
    for sentence, place in _problems(context):
        if sentence not in said:
            said.add(sentence)
            yield sentence, place


def _problems(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _of_form(context["adminform"].form, "")
    for inline in context["inline_admin_formsets"]:
        for sentence in inline.formset.non_form_errors():
            yield str(sentence), f"{inline.formset.prefix}-group"
        for form in inline.formset.forms:
            yield from _of_form(form, form.prefix)


def _of_form(form: Any, place: str) -> Iterator[tuple[str, str]]:
    for name, sentences in form.errors.items():
        field = form.fields.get(name)
        at = place
        label = ""
        if field is not None and not field.widget.is_hidden:
            at = form[name].id_for_label
            label = f"{form[name].label}: ".replace("?:", "?")
        for sentence in sentences:
            yield f"{label}{sentence}", at


def refused_of(request: HttpRequest) -> Sentences:
    """What the save of this very request was refused for, on the second reading of its form."""
    return getattr(request, "refused", {})


def _at_forms(refusals: Sequence[Refusal], formsets: Sequence[Any]) -> dict[str, list[str]]:
    """Each sentence at the rows it is about, where they are on the page; else on top."""
    prefixes = {
        form.instance: form.prefix
        for formset in formsets
        for form in formset.forms
        if form.instance.pk
    }
    said: dict[str, list[str]] = {}
    for one in refusals:
        for place in [prefixes[row] for row in one.rows if row in prefixes] or [""]:
            said.setdefault(place, []).append(one.sentence)
    return said


def _warn(request: HttpRequest, checked: Checked) -> None:
    if found := checked.warnings:
        messages.warning(
            request,
            format_html(
                "Saved. Before this content can be released ({} to mend):<ul>{}</ul>{}",
                len(found),
                format_html_join("", "<li>{}</li>", ((one,) for one in found[:SHOWN])),
                "The page Edition lists the others, too." if len(found) > SHOWN else "",
            ),
        )


def _note(request: HttpRequest) -> None:
    if request.method != "GET":
        return
    live = ContentRelease.objects.live()
    messages.warning(request, f"{NOTE} Live: {live.edition if live else 'no release'}.")
