"""Reasons not to give a drug, asked before any dose is worked out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .dose import row_for
from .formulary import DoseRow, DoseTable, Drug, Rule
from .orders import Finding
from .patient import PatientFacts
from .renal import KidneyFunction
from .starting import start_stops, under_way


def stops(
    facts: PatientFacts,
    kidneys: KidneyFunction | None,
    drug: Drug,
    table: DoseTable,
    start: date,
    others: Collection[str],
    *,
    withdrawn: str,
) -> tuple[list[Finding], DoseRow | None]:
    """Every reason not to give this drug by this table, and the row the patient falls in.

    `others` are the plan's other drugs: what must not be taken as well must not be in it either.
    `withdrawn` is why nobody may be given the drug at present; "" where it is not withdrawn.
    """
    found = [Finding("withdrawn", "stop", withdrawn, (drug.slug,))] if withdrawn else []
    found += [
        Finding(
            f"{threshold.lab}-below-start-threshold",
            "stop",
            threshold.advice,
            (drug.slug,),
            {"value": value, "limit": threshold.stop_below},
            threshold.sources,
        )
        for threshold in drug.thresholds
        if (value := getattr(facts, threshold.lab)) is not None and value < threshold.stop_below
    ]
    found += [
        said(rule, (drug.slug,))
        for rule in drug.rules
        if rule.level == "stop" and holds(rule, facts, others)
    ]
    row: DoseRow | None = None
    if not age_covered(facts, table):
        found.append(_age_stop(facts, drug, table))
    elif not table.measure and table.formula is None:
        rows = table.taking_rows(facts)
        if len({(one.amount, one.frequency) for one in rows}) == 1:
            row = rows[0]
        if row is None or row.amount is None:
            found.append(_no_taking_row(drug, table, rows))
    elif facts.on_dialysis:
        row = table.dialysis_row(facts.dialysis)
        if row is None or row.amount is None:
            found.append(_no_row("dialysis-not-covered", facts, drug, table, row))
    elif table.formula is None:
        row = None if kidneys is None else row_for(facts, kidneys, table)
        if row is None or row.amount is None:
            found.append(_no_row("renal-function-below-range", facts, drug, table, row))
    found += start_stops(facts, drug, row, start)
    return found, row


def age_covered(facts: PatientFacts, table: DoseTable) -> bool:
    """Whether the table covers this age; an organ that is not stated counts as the first listed."""
    months = facts.months
    if months is None:
        return True
    organ = facts.organ or table.ages[0].organ
    return any(
        ages.from_months <= months and (ages.below_months is None or months < ages.below_months)
        for ages in table.ages
        if ages.organ in ("", organ)
    )


def not_measurable(drug: Drug, sources: tuple[str, ...]) -> Finding:
    """The stop for a dose that rounds to nothing."""
    return Finding("dose-not-measurable", "stop", drugs=(drug.slug,), sources=sources)


def _age_stop(facts: PatientFacts, drug: Drug, table: DoseTable) -> Finding:
    return Finding(
        "age-not-covered",
        "stop",
        "",
        (drug.slug,),
        {"ages": table.ages, "organ": facts.organ or table.ages[0].organ},
        table.ages[0].sources,
    )


def _no_row(
    code: str, facts: PatientFacts, drug: Drug, table: DoseTable, row: DoseRow | None
) -> Finding:
    return Finding(
        code,
        "stop",
        "" if row is None else row.advice,
        (drug.slug,),
        {"row": row, "measure": table.measure, "dialysis": facts.dialysis},
        table.sources if row is None else row.sources,
    )


def _no_taking_row(drug: Drug, table: DoseTable, rows: tuple[DoseRow, ...]) -> Finding:
    """Medicines taken together for which the table has different doses, or none."""
    advice = rows[0].advice if len(rows) == 1 else ""
    figures = {"taking": tuple(row.taking for row in rows)}
    return Finding("no-dose-with-both", "stop", advice, (drug.slug,), figures, table.sources)


def said(rule: Rule, drugs: tuple[str, ...]) -> Finding:
    """The content's own sentence as a finding."""
    return Finding(rule.code, rule.level, rule.text, drugs, {}, rule.sources)


def holds(rule: Rule, facts: PatientFacts, others: Collection[str] = ()) -> bool:
    """Whether the rule speaks about this patient; `others` count as taken."""
    if not rule.when:
        return True
    if rule.when.startswith("allergy:"):
        return rule.when.removeprefix("allergy:") in facts.allergies
    if rule.when.startswith("taking:"):
        return set(rule.when.removeprefix("taking:").split("+")) <= {*facts.taking, *others}
    if rule.when == "dialysis":
        return facts.on_dialysis
    if rule.when in ("on-treatment", "before-treatment"):
        return under_way(facts) is (rule.when == "on-treatment")
    return facts.has(rule.when)
