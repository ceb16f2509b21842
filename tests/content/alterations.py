"""Editions altered at random: any field of any row, rows left out, copied or turned round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from dosing.content.load import SHIPPED, in_source_order
from dosing.content.naming import lacking
from dosing.content.segments import disjoint
from dosing.engine.codec import decode, encode
from dosing.engine.formulary import Formulary, Source

from .test_diff import Rebuild, objects, others

#: A field of these holds the name of a row elsewhere: another value would name nothing.
NAMING = ("slug", "rhythm", "drug", "table", "regimen", "fallback_regimen", "intensive_rhythm")


def whole(content: Formulary) -> Formulary:
    """As the working rows give it back: valid, the sources of every row in the list's order."""
    content = decode(Formulary, encode(content))
    order = {slug: place for place, slug in enumerate(content.sources)}
    return decode(Formulary, in_source_order(encode(content), order))


def altered(content: Formulary, seed: int, times: int = 6) -> Formulary:
    """Another edition, some alterations away; the same one for the same seed."""
    random = Random(seed)
    done = 0
    while done < times:
        item, rebuild = random.choice(list(objects(content, lambda new: new)))
        spec = random.choice(fields(item))
        if spec.name in (*NAMING, "format", "withdrawn", "sources") and item is not content:
            continue
        choices = list(_values(getattr(item, spec.name), random))
        if not choices:
            continue
        made = _built(item, spec.name, random.choice(choices), rebuild)
        if made is not None:
            content, done = made, done + 1
    return whole(content)


def _values(value: Any, random: Random) -> Iterator[Any]:
    """Other values; of rows: without one, turned round, one twice as another."""
    rows = list(value.values()) if isinstance(value, Mapping) else value
    if not isinstance(rows, list | tuple) or not any(map(is_dataclass, rows)):
        yield from others(value)
        return
    place = random.randrange(len(rows))
    yield _like(value, [row for at, row in enumerate(rows) if at != place])
    yield _like(value, [*rows[place:], *rows[:place]])
    if isinstance(value, Mapping):
        twin = replace(rows[place], slug=f"new-{random.randrange(1000)}")
        yield _like(value, [*rows[:place], twin, *rows[place:]])


def _like(value: Any, rows: list[Any]) -> Any:
    return {row.slug: row for row in rows} if isinstance(value, Mapping) else tuple(rows)


def _built(item: Any, name: str, value: Any, rebuild: Rebuild) -> Formulary | None:
    """With this value, if the engine and the columns of the rows can hold it."""
    try:
        new = replace(item, **{name: value})
        made: Formulary = rebuild(decode(type(item), encode(new)) if item != new else new)
    except (ValueError, TypeError, AttributeError):
        return None
    tables = [table for drug in made.drugs.values() for table in drug.tables.values()]
    fits = all(disjoint(table.rows) for table in tables) and not lacking(made)
    return made if fits else None


def next_edition(content: Formulary) -> Formulary:
    """What a next edition may bring: figures, texts, rows that come and go, a source, a regimen."""
    drug = content.drugs["vialvir"]
    table = drug.tables["induction"]
    top = next(row for row in table.rows if row.low == 70)
    rows = tuple(replace(row, amount=Decimal("4")) if row is top else row for row in table.rows)
    rows = tuple(row for row in rows if row.dialysis != "continuous")
    twin = replace(table, slug="gentle", title="A gentle start", sources=("new-label",))
    tables = {"gentle": twin, "induction": replace(table, title="Induction, new", rows=rows)}
    vialvir = replace(drug, tables={**tables, **_without(drug.tables, "induction")})
    alone = content.regimens["vialvir-alone"]
    gentle = replace(
        alone,
        slug="gentle",
        title="vialvir, gently",
        phases=(replace(alone.phases[0], table="gentle", sources=("new-label",)),),
        sources=("new-label",),
    )
    early = content.guidance["early"]
    point = replace(early.points[0], text="Ask today, and write it down.")
    return whole(
        replace(
            content,
            edition="small 2",
            review_by=content.review_by + timedelta(days=365),
            sources={"new-label": Source(slug="new-label", title="A new label"), **content.sources},
            drugs={**content.drugs, "vialvir": vialvir},
            regimens={
                **content.regimens,
                "gentle": gentle,
                "watching": replace(content.regimens["watching"], title="without a drug"),
            },
            considerations=(),
            guidance={**content.guidance, "early": replace(early, points=(point,))},
        )
    )


def _without(rows: Mapping[str, Any], slug: str) -> dict[str, Any]:
    return {name: row for name, row in rows.items() if name != slug}


def next_files(folder: Path) -> Path:
    """The shipped files, each change typed as its authors would."""
    for file in SHIPPED.glob("*.toml"):
        (folder / file.name).write_text(file.read_text())

    def typed(name: str, old: str, new: str) -> None:
        file = folder / f"{name}.toml"
        text = file.read_text()
        assert old in text, (name, old)
        file.write_text(text.replace(old, new, 1))

    typed("edition", 'edition = "2026.3"', 'edition = "2027.1"')
    typed("edition", "review_by = 2027-05-31", "review_by = 2027-11-30")
    typed("ganciclovir", 'amount = "2.5"', 'amount = "2.25"')
    sources = folder / "sources.toml"
    sources.write_text(
        sources.read_text() + '\n[[sources]]\nslug = "next-label"\ntitle = "The next label"\n'
    )
    guidance = folder / "guidance.toml"
    guidance.write_text(
        guidance.read_text()
        + '\n[[guidance]]\nslug = "new"\ntitle = "New"\npurposes = ["treatment"]\n'
        + 'points = [{text = "A new point.", sources = ["next-label"]}]\n'
    )
    return folder
