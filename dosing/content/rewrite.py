"""The working rows, from what they say to what they are to say: only what differs is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models as db
from django.db import transaction

from dosing.engine.formulary import Formulary
from dosing.models import Edition, Source

from .alignment import items_of, paired
from .pairing import text_of
from .rows import STEP, Item, cite, column_values, store_items
from .shape import LISTS, shape


class RowsMoved(Exception):
    """The rows do not say any more what they were read to say."""


@transaction.atomic
def rewrite(before: Formulary, after: Formulary) -> None:
    """Make the rows, which say `before`, say `after`; RowsMoved where they do not say it any more.

    A row that stays keeps its key, and its columns that do not change are not written.
    """
    names = ("edition", "review_by", "contact")
    _write(
        Edition.objects.all(), *({n: getattr(side, n) for n in names} for side in (before, after))
    )
    gone: list[tuple[type[db.Model], list[db.Model]]] = []
    for name, (kind, model) in LISTS.items():
        old, new = getattr(before, name), getattr(after, name)
        if text_of(old) != text_of(new):
            gone.append((model, _List(kind, model, {}).bring(items_of(old), items_of(new))))
    # What others refer to goes last, when nobody refers to it any more.
    for model, rows in reversed(gone):
        _delete(model, rows)


class _List:
    """The rows of one model under one parent."""

    def __init__(self, kind: type, model: type[db.Model], parent: Mapping[str, db.Model]) -> None:
        self.kind, self.model, self.parent = kind, model, parent
        self.known = shape(kind, model)

    def bring(self, before: Sequence[Any], after: Sequence[Any]) -> list[db.Model]:
        """Change and add rows; those that have to go are given back."""
        manager = self.model._default_manager
        rows = list(manager.filter(**self.parent).order_by("position", "pk"))
        if len(rows) != len(before):
            raise RowsMoved
        partner = paired(before, after)
        gone = [row for place, row in enumerate(rows) if place not in partner]
        if self.parent:
            _delete(self.model, gone)
            gone = []
        stay = {new: rows[old] for old, new in partner.items()}
        for old, new in partner.items():
            if text_of(before[old]) != text_of(after[new]):
                self._change(rows[old], before[old], after[new])
        order = [partner[old] for old in sorted(partner)]
        self._place(stay, after, in_order=order == sorted(order))
        return gone

    def _change(self, row: db.Model, before: Any, after: Any) -> None:
        known = self.known
        _write(
            self.model._default_manager.filter(pk=row.pk),
            *(column_values(known.columns, side) for side in (before, after)),
        )
        if known.cited and before.sources != after.sources:
            row.sources.clear()  # type: ignore[attr-defined]
            cite(self.model, [row], [after], dict(Source.objects.values_list("slug", "pk")))
        for children in known.children:
            old, new = (children.spread(getattr(side, children.name)) for side in (before, after))
            if text_of(old) != text_of(new):
                _List(children.kind, children.model, {children.parent: row}).bring(old, new)

    def _place(self, stay: Mapping[int, db.Model], after: Sequence[Any], *, in_order: bool) -> None:
        """Add what is new; where that or another order asks for it, count the places anew."""
        new = [place for place in range(len(after)) if place not in stay]
        if not new and in_order:
            return
        for place, row in stay.items():
            self.model._default_manager.filter(pk=row.pk).update(position=STEP * (place + 1))
        items = [Item(after[place], STEP * (place + 1), self.parent) for place in new]
        store_items(self.kind, self.model, items, {})


def _write(rows: db.QuerySet[Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Columns that change, and only if they still say what they said."""
    changed = [name for name in after if text_of(before[name]) != text_of(after[name])]
    if changed and not rows.filter(**{name: before[name] for name in changed}).update(
        **{name: after[name] for name in changed}
    ):
        raise RowsMoved


def _delete(model: type[db.Model], rows: Sequence[db.Model]) -> None:
    model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
