"""Which rows name which others, and what is named and not there."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from dosing.engine.formulary import Disagreement, Formulary, Phase

from .shape import LISTS, all_shapes


@dataclass(frozen=True, slots=True)
class Name:
    """A row by the list it stands in, as merge.py writes its key, and its short name."""

    listed: str
    slug: str

    @property
    def key(self) -> str:
        """The key of the change that adds or removes it."""
        return f"{self.listed}/{self.slug}"

    @property
    def words(self) -> str:
        """What it is, for the reader of a refusal."""
        parts = self.listed.split("/")
        if len(parts) == 3:
            return f"the table {self.slug} of {parts[1]}"
        return f"the {parts[0].removesuffix('s')} {self.slug}"


def lacking(formulary: Formulary) -> frozenset[Name]:
    """Everything that is named somewhere and that the formulary does not have."""
    there = {Name(name, slug) for name in LISTS for slug in _slugs(getattr(formulary, name))}
    for drug in formulary.drugs.values():
        there |= {Name(f"drugs/{drug.slug}/tables", slug) for slug in drug.tables}
    return frozenset(set(_named(formulary)) - there)


def _slugs(rows: Any) -> Iterator[str]:
    return iter(rows if isinstance(rows, Mapping) else [getattr(row, "slug", "") for row in rows])


def _named(value: Any) -> Iterator[Name]:
    if isinstance(value, Mapping | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _named(one)
        return
    if not is_dataclass(value):
        return
    if isinstance(value, Phase):
        yield Name(f"drugs/{value.drug}/tables", value.table)
    for name, listed in _references().get(type(value), {}).items():
        found = getattr(value, name)
        slugs = found if isinstance(found, tuple) else (found,)
        yield from (Name(listed, slug) for slug in slugs if slug)
    for spec in fields(value):
        yield from _named(getattr(value, spec.name))


@cache
def _references() -> Mapping[type, Mapping[str, str]]:
    """Class → field → the list it names a row of: as the columns of its model say it."""
    listed = {model: name for name, (_, model) in LISTS.items()}
    found: dict[type, dict[str, str]] = {Disagreement: {"regimens": "regimens"}}
    for one in all_shapes():
        names = found.setdefault(one.kind, {})
        for column in one.columns:
            if column.reference:
                target: Any = one.model._meta.get_field(column.name).related_model
                names[column.name] = listed[typing.cast(Any, target)]
        if one.cited:
            names["sources"] = "sources"
    return found
