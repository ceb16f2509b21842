"""Checks of what rows name: sources, tables, regimens, rhythms, tests, questions of the form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dosing.engine.formulary import DOSES_PER_DAY, TESTS, Formulary, Phase, Regimen, Rule
from dosing.engine.patient import CO_MEDICATIONS, CONDITIONS, OTHER_ALLERGENS, PatientFacts
from dosing.engine.phases import PhaseError, lay_out

from .finding import Finding, tables, walk, words

#: Which rows of a drug's monitoring may go with which course of a table.
FITTING = {
    "induction": ("induction",),
    "maintenance": ("maintenance", "prevention"),
    "prevention": ("prevention",),
}
#: A Monday: tables with dosing days have one in every layout.
_SOME_MONDAY = date(2026, 11, 23)


def every_row_has_a_source(formulary: Formulary) -> Iterator[Finding]:
    """Every row names at least one source, and every source it names is listed."""
    for place, row in walk(formulary):
        named = getattr(row, "sources", None)
        if not isinstance(named, tuple):
            continue
        if not named:
            yield Finding("source-missing", place, "No source is given.", (row,))
        for slug in named:
            if slug not in formulary.sources:
                yield Finding(
                    "source-unknown",
                    place,
                    f"The source {slug} is not in the list of sources.",
                    (row,),
                )


def phases_reach_their_tables(formulary: Formulary) -> Iterator[Finding]:
    """Every phase names a drug and one of its tables, of the course it is watched as."""
    for regimen, phase in _phases(formulary):
        place = f"{words(regimen)}, {words(phase)}"
        drug = formulary.drugs.get(phase.drug)
        if drug is None:
            yield Finding(
                "phase-reaches-nothing", place, f"There is no drug {phase.drug}.", (phase,)
            )
        elif phase.table not in drug.tables:
            has = ", ".join(drug.tables) or "none yet"
            yield Finding(
                "phase-reaches-nothing",
                place,
                f"{drug.name} has no table “{phase.table}”. Its tables: {has}.",
                (phase,),
            )
        elif phase.monitoring not in FITTING[drug.tables[phase.table].course]:
            yield Finding(
                "phase-does-not-fit",
                place,
                f"The table {phase.table} is for {drug.tables[phase.table].course}, but the phase "
                f"is watched as {phase.monitoring}.",
                (phase,),
            )


def phases_are_monitored(formulary: Formulary) -> Iterator[Finding]:
    """Every phase's drug has monitoring for the course it is watched as."""
    for regimen, phase in _phases(formulary):
        drug = formulary.drugs.get(phase.drug)
        if drug and not any(rule.course == phase.monitoring for rule in drug.monitoring):
            yield Finding(
                "monitoring-missing",
                f"{words(regimen)}, {words(phase)}",
                f"{drug.name} has no monitoring for {phase.monitoring}.",
            )


def drug_monitoring_names_its_course(formulary: Formulary) -> Iterator[Finding]:
    """A drug's monitoring says for which course it is: without one it is never asked for."""
    for drug in formulary.drugs.values():
        for rule in drug.monitoring:
            if not rule.course:
                yield Finding(
                    "monitoring-without-course",
                    f"{words(drug)}, {words(rule)}",
                    "Name the course it is for; without one it is never laid out.",
                    (rule,),
                )


def regimens_can_be_laid_out(formulary: Formulary) -> Iterator[Finding]:
    """With their usual lengths, all phases of a regimen fit onto plan days."""
    facts = PatientFacts(assessed_on=_SOME_MONDAY)
    for regimen in formulary.regimens.values():
        if all(_can_be_tried(formulary, phase) for phase in regimen.phases):
            try:
                lay_out(regimen, facts, formulary, _SOME_MONDAY)
            except PhaseError as problem:
                yield Finding("phases-cannot-be-laid-out", words(regimen), problem.sentence)


def fallbacks_exist(formulary: Formulary) -> Iterator[Finding]:
    """A fallback names another regimen."""
    for regimen in formulary.regimens.values():
        slug = regimen.fallback_regimen
        if slug and (slug not in formulary.regimens or slug == regimen.slug):
            yield Finding(
                "fallback-unknown",
                words(regimen),
                f"The fallback {slug} is not another regimen of this content.",
            )


def rhythms_and_tests_exist(formulary: Formulary) -> Iterator[Finding]:
    """Every rhythm and test that is named exists."""
    for place, row in walk(formulary):
        for name in ("rhythm", "rhythm_below_top_band", "intensive_rhythm"):
            slug = getattr(row, name, "")
            if slug and slug not in formulary.rhythms:
                yield Finding("rhythm-unknown", place, f"There is no rhythm {slug}.")
        for name in ("test", "intensive_test"):
            slug = getattr(row, name, "")
            if slug and slug not in TESTS:
                yield Finding("test-unknown", place, f"There is no test {slug}.")


def disagreements_name_regimens(formulary: Formulary) -> Iterator[Finding]:
    """A disagreement concerns regimens of this content."""
    for one in formulary.disagreements.values():
        if not one.regimens:
            yield Finding("disagreement-of-nothing", one.question, "It names no regimen.")
        for slug in one.regimens:
            if slug not in formulary.regimens:
                yield Finding(
                    "disagreement-of-nothing", one.question, f"There is no regimen {slug}."
                )


def rhythms_have_days(formulary: Formulary) -> Iterator[Finding]:
    """Every rhythm has fixed days, or a cycle with the days in it; days count from 1."""
    for rhythm in formulary.rhythms.values():
        if rhythm.each_dose:
            continue
        cycle = rhythm.cycle_days is not None and rhythm.cycle_days >= 1
        days = bool(rhythm.fixed_days) or (cycle and bool(rhythm.offsets))
        sound = rhythm.cycle_days is None or (cycle and bool(rhythm.offsets))
        if not days or not sound or min((*rhythm.fixed_days, rhythm.from_day)) < 1:
            yield Finding(
                "rhythm-without-days",
                words(rhythm),
                "Give fixed days from 1 on, or a cycle of a day or more with the days in it.",
            )


def each_dose_is_a_whole_number_of_days(formulary: Formulary) -> Iterator[Finding]:
    """A test that comes with each dose needs doses a whole number of days apart."""
    for place, drug, table in tables(formulary):
        named = (formulary.rhythms.get(rule.rhythm) for rule in drug.monitoring)
        if not any(rhythm and rhythm.each_dose for rhythm in named):
            continue
        if any(row.amount and (1 / DOSES_PER_DAY[row.frequency]) % 1 for row in table.rows):
            yield Finding(
                "dose-days-uncounted",
                place,
                "A test comes with each dose, but the doses are no whole number of days apart.",
            )


def conditions_are_asked(formulary: Formulary) -> Iterator[Finding]:
    """Every rule speaks always, or on an allergy, a medicine or a question that is asked."""
    asked = {
        "dialysis",
        "on-treatment",
        "before-treatment",
        *CONDITIONS,
        *(f"taking:{slug}" for slug in CO_MEDICATIONS),
        *(f"allergy:{slug}" for slug in (*formulary.drugs, *OTHER_ALLERGENS)),
    }
    for place, row in walk(formulary):
        if not isinstance(row, Rule):
            continue
        if not row.when:
            continue
        kind, _, names = row.when.rpartition(":")
        parts = [f"{kind}:{name}" for name in names.split("+")] if kind else [names]
        if not set(parts) <= asked:
            yield Finding(
                "condition-unknown",
                place,
                f"The form does not ask “{row.when}”, so it never speaks.",
                (row,),
            )


def _phases(formulary: Formulary) -> Iterator[tuple[Regimen, Phase]]:
    for regimen in formulary.regimens.values():
        for phase in regimen.phases:
            yield regimen, phase


def _can_be_tried(formulary: Formulary, phase: Phase) -> bool:
    """Whether laying out can end: a dosing day that no week has would be looked for forever."""
    drug = formulary.drugs.get(phase.drug)
    if drug is None or phase.table not in drug.tables:
        return False
    weekdays = drug.tables[phase.table].weekdays
    return not weekdays or not set(weekdays).isdisjoint(range(7))
