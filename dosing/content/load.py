"""The shipped edition: read from its files, and loaded into an empty database once.

A newer one waits as an upgrade (upgrade.py) and changes no row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dosing.engine.codec import decode
from dosing.engine.formulary import Formulary

from .readiness import Finding, check

if TYPE_CHECKING:
    from dosing.models import ContentRelease, Upgrade

SHIPPED = Path(__file__).parent / "shipped"
#: Which lists of the formulary stand in which file; each drug has a file of its own.
FILES = {
    "sources": ("sources",),
    "monitoring": ("rhythms", "policies"),
    "regimens": ("regimens",),
    "guidance": ("guidance",),
    "disagreements": ("disagreements",),
    "examples": ("examples",),
}
DRUGS = ("ganciclovir", "valganciclovir", "foscarnet", "cidofovir", "maribavir", "letermovir")


class ShippedFilesError(ValueError):
    """A shipped file cannot be read; the message names the file."""


# Reading: no database and no Django settings, so that the engine can be tried on its own


@cache
def shipped_formulary() -> Formulary:
    """The edition this product came with, from its files."""
    return read_formulary(SHIPPED)


def read_formulary(folder: Path) -> Formulary:
    """A formulary from a folder of TOML files; ValueError names the file or the row at fault."""
    data = _read(folder, "edition")
    drugs = data.pop("drugs", DRUGS)
    for name, lists in FILES.items():
        part = _read(folder, name)
        if unknown := sorted(set(part) - set(lists)):
            raise ShippedFilesError(f"{name}.toml: {', '.join(unknown)} does not belong here.")
        data |= part
    data["drugs"] = [_read(folder, slug) for slug in drugs]
    order = {row.get("slug"): place for place, row in enumerate(data.get("sources", []))}
    return decode(Formulary, in_source_order(data, order), "shipped content")


def _read(folder: Path, name: str) -> dict[str, Any]:
    file = folder / f"{name}.toml"
    try:
        # Decimal keeps the digits as they are written: 1.0 stays 1.0.
        return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as problem:
        raise ShippedFilesError(f"{file.name}: {problem.strerror}") from problem
    except ValueError as problem:
        raise ShippedFilesError(f"{file.name}: {problem}") from problem


def in_source_order(data: Any, order: Mapping[str, int]) -> Any:
    """Every row's sources in the order of the source list, as the working rows give them back."""
    if isinstance(data, list):
        return [in_source_order(item, order) for item in data]
    if not isinstance(data, dict):
        return data
    found = {key: in_source_order(value, order) for key, value in data.items()}
    named = found.get("sources")
    if isinstance(named, list) and all(isinstance(slug, str) for slug in named):
        found["sources"] = sorted(named, key=lambda slug: order.get(slug, len(order)))
    return found


# Loading. Models need Django's settings, and everything above is used without: imported inside


@dataclass(frozen=True, slots=True)
class Loaded:
    """What load_shipped did: `loaded` is false where it found content and changed none of it.

    `arrived`: the shipped files are a newer edition, which waits as an upgrade from now on.
    `problem`: why a newer edition cannot wait.
    `findings`: why the shipped edition was loaded and yet did not go live.
    """

    loaded: bool
    live: ContentRelease | None
    arrived: Upgrade | None = None
    problem: str = ""
    findings: tuple[Finding, ...] = ()


def load_rows(formulary: Formulary) -> None:
    """Write a formulary into empty working tables, in one transaction."""
    from .rows import store

    store(formulary)


def load_shipped(today: date) -> Loaded:
    """Load, freeze and, if it is ready, make live the shipped edition; only into an empty database.

    An edit is never overwritten: with any row or release there already, no row is changed, and a
    newer edition waits.
    """
    from django.db import IntegrityError, transaction

    try:
        with transaction.atomic():
            return _load_if_empty(today)
    except IntegrityError:
        # Another start loaded the same rows in the same moment: then they are found now. Where the
        # database refuses the rows themselves, it does so again.
        with transaction.atomic():
            return _load_if_empty(today)


def _load_if_empty(today: date) -> Loaded:
    from dosing.models import ContentRelease

    from .freeze import freeze
    from .lifecycle import make_shipped_live, note_arrival
    from .rows import UnbuiltRows, any_rows
    from .upgrade import arrive

    formulary = shipped_formulary()
    if any_rows() or ContentRelease.objects.exists():
        live = ContentRelease.objects.live()
        try:
            return Loaded(False, live, arrived=arrive(formulary))
        except UnbuiltRows as unbuilt:
            return Loaded(False, live, problem=str(unbuilt))
    load_rows(formulary)
    release = freeze(formulary.edition, is_shipped=True)
    note_arrival("ship", release, "Loaded with the product.")
    findings = tuple(check(formulary, today))
    if findings:
        return Loaded(True, None, findings=findings)
    make_shipped_live(release=release)
    return Loaded(True, release)
