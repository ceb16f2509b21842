"""The whole content for reading: every table, rule and text of one edition, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dosing.engine.formulary import Drug, Formulary, MonitoringRule, Regimen, Rule

from . import by_hand, words
from .difference import when_words
from .downtime import DrugSection, drug_section, limits, phase_words, rhythm, watching
from .guidance import Conflict, conflicts_of
from .orders import Advice
from .review_dates import dates_of_rows
from .sheet import Release
from .sources import Citations, Cited


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What is said, how loud, and of whom; `when` is empty where it is said of everyone."""

    level: str
    when: str
    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test: how often, and what to act on."""

    name: str
    rhythms: tuple[Advice, ...]
    limits: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """What institutions publish for a situation in which this content has no dose."""

    situation: str
    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DrugContents:
    """One drug: its section of the downtime paper, and what that paper leaves out."""

    section: DrugSection
    limits: tuple[Advice, ...]
    rules: tuple[RuleRow, ...]
    tests: tuple[TestRow, ...]
    published: tuple[PublishedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenContents:
    """One regimen: for whom, its phases, rules, tests and end."""

    title: str
    purpose: str
    audience: str
    found_by: str
    description: str
    phases: tuple[Advice, ...]
    stop_criteria: str
    instead: str
    rules: tuple[RuleRow, ...]
    tests: tuple[TestRow, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PolicyContents:
    """How closely counts are watched."""

    title: str
    is_default: bool
    lines: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class TopicContents:
    """One topic of guidance, and beside whose plans it stands."""

    title: str
    beside: str
    points: tuple[Advice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The whole edition."""

    release: Release
    dates: tuple[str, ...]
    digest: str
    drugs: tuple[DrugContents, ...]
    policies: tuple[PolicyContents, ...]
    regimens: tuple[RegimenContents, ...]
    topics: tuple[TopicContents, ...]
    conflicts: tuple[Conflict, ...]
    conflict_sources: tuple[Cited, ...]
    considerations: tuple[Advice, ...]
    sources: tuple[Cited, ...]


def contents_of(formulary: Formulary, digest: str, release: Release) -> Contents:
    """One edition in words; `release` brings in its status."""
    cite = Citations(formulary.sources)
    conflicts, conflict_sources = conflicts_of(formulary, formulary.disagreements.values())
    return Contents(
        release=release,
        dates=tuple(dates_of_rows(formulary, release.today)),
        digest=digest,
        drugs=tuple(_drug(drug, formulary, cite) for drug in formulary.drugs.values()),
        policies=tuple(
            PolicyContents(
                one.title,
                one is formulary.default_policy,
                tuple(watching(one, formulary, cite)),
            )
            for one in formulary.policies
        ),
        regimens=tuple(_regimen(one, formulary, cite) for one in formulary.regimens.values()),
        topics=tuple(
            TopicContents(
                one.title,
                _beside(one.groups, one.purposes),
                tuple(Advice(point.text, cite(point.sources)) for point in one.points),
            )
            for one in formulary.guidance.values()
        ),
        conflicts=conflicts,
        conflict_sources=conflict_sources,
        considerations=tuple(
            Advice(one.text, cite(one.sources)) for one in formulary.considerations
        ),
        sources=cite.listed(),  # last: every citation above is in it
    )


def _drug(drug: Drug, formulary: Formulary, cite: Citations) -> DrugContents:
    act_on = {
        test: tuple(
            Advice(one.text, cite(one.sources)) for one in drug.action_limits if one.test == test
        )
        for test in words.TESTS
    }
    return DrugContents(
        section=drug_section(drug, formulary, cite),
        limits=(*_conditions(drug, cite), *limits(drug, formulary, cite)),
        rules=tuple(_rules(drug.rules, cite)),
        tests=tuple(_tests(drug.monitoring, act_on, formulary, cite)),
        published=tuple(
            PublishedRow(one.situation, one.text, cite(one.sources)) for one in drug.published_doses
        ),
    )


def _conditions(drug: Drug, cite: Citations) -> Iterator[Advice]:
    """What must hold before each dose, and the lower dose."""
    conditions = drug.start_conditions
    if conditions is not None:
        yield from by_hand.start_conditions(conditions, words.full_name(drug), cite)
        yield from by_hand.reduced_dose(conditions, cite)
        yield Advice(
            f"Creatinine and urine at most {words.plural(conditions.results_within_days, 'day')} "
            f"old at the dose. Where one of these stops it: {conditions.advice}",
            cite(conditions.sources),
        )


def _rules(rules: Iterable[Rule], cite: Citations) -> Iterator[RuleRow]:
    for rule in rules:
        yield RuleRow(
            words.LEVELS[rule.level], when_words(rule.when), rule.text, cite(rule.sources)
        )


def _tests(
    rules: Iterable[MonitoringRule],
    act_on: dict[str, tuple[Advice, ...]],
    formulary: Formulary,
    cite: Citations,
) -> Iterator[TestRow]:
    """Every test that is asked for or has a limit, in the order of the words."""
    asked = tuple(rules)
    for test, name in words.TESTS.items():
        found = tuple(
            Advice(rhythm(rule, formulary), cite(rule.sources))
            for rule in asked
            if rule.test == test
        )
        if found or act_on.get(test):
            yield TestRow(f"{name[:1].upper()}{name[1:]}", found, act_on.get(test, ()))


def _regimen(regimen: Regimen, formulary: Formulary, cite: Citations) -> RegimenContents:
    fallback = formulary.regimens.get(regimen.fallback_regimen)
    return RegimenContents(
        title=regimen.title,
        purpose=regimen.purpose,
        audience=regimen.audience,
        found_by=_beside(
            regimen.groups, tuple(words.SITUATIONS[one] for one in regimen.situations)
        ),
        description=regimen.description,
        phases=tuple(
            Advice(phase_words(one, regimen, formulary), cite(one.sources))
            for one in regimen.phases
        )
        or tuple(_watched(regimen, cite)),
        stop_criteria=regimen.stop_criteria,
        instead="" if fallback is None else fallback.title,
        rules=(
            *_rules(regimen.rules, cite),
            *(
                RuleRow(
                    "Published", f"immunoglobulin: {one.situation}", one.text, cite(one.sources)
                )
                for one in regimen.immunoglobulin
            ),
        ),
        tests=tuple(_tests(regimen.monitoring, {}, formulary, cite)),
        sources=cite(regimen.sources),
    )


def _watched(regimen: Regimen, cite: Citations) -> Iterator[Advice]:
    """Until when tests are done without a drug."""
    for end in regimen.transplant_ends:
        organ = f"after {end.organ} transplantation" if end.organ else "after transplantation"
        yield Advice(
            f"No drug, tests only: to day {end.usual} {organ}, by option to day {end.longest}.",
            cite(end.sources),
        )


def _beside(groups: tuple[str, ...], what: tuple[str, ...]) -> str:
    """Whose, and for what: HIV; treatment, maintenance."""
    whose = ", ".join(words.GROUPS[group] for group in groups) or "everyone"
    return f"{whose}; {', '.join(what)}" if what else whose
