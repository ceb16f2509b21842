"""The impact of a change on the whole synthetic population, over two processes."""

from __future__ import annotations

import time
from dataclasses import replace

from dosing.content.impact import WORKERS, impact
from dosing.content.load import shipped_formulary
from dosing.engine.formulary import Formulary

from .engine import median_ms, reference


def changed(before: Formulary) -> Formulary:
    """The same content with one table's top dose given half as often."""
    drug = next(iter(before.drugs.values()))
    table = next(iter(drug.tables.values()))
    rows = (replace(table.rows[0], frequency="q24h"), *table.rows[1:])
    tables = {**drug.tables, table.slug: replace(table, rows=rows)}
    return replace(before, drugs={**before.drugs, drug.slug: replace(drug, tables=tables)})


def report() -> None:
    """Print seconds, beside as many plain exact loops on as many processes."""
    before = shipped_formulary()
    begin = time.perf_counter()
    found = impact(before, changed(before))
    seconds = time.perf_counter() - begin
    beside = median_ms(reference) * 2 * found.patients / WORKERS / 1000
    print(
        f"impact, {found.patients:,} patients with two releases, {WORKERS} processes: "
        f"{seconds:.1f} s (aim: 60 s or less)"
    )
    print(
        f"  reference, 100 exact operations for each plan: {beside:.1f} s; "
        f"ratio {seconds / beside:.1f}"
    )
