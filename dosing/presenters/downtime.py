"""The downtime paper: every live dose table and rule, to work by hand while the network is down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dosing.engine.formulary import (
    DOSES_PER_DAY,
    DoseRow,
    DoseTable,
    Drug,
    Formulary,
    MonitoringPolicy,
    MonitoringRule,
    Phase,
    Regimen,
    Threshold,
)

from . import by_hand, words
from .numbers import NBSP, amount, grouped, plain
from .orders import Advice
from .plan import OTHER_UNIT
from .review_dates import dates_of_rows
from .sheet import Release
from .sources import Citations, Cited
from .working import interval_words

COURSES = {"induction": "Induction", "maintenance": "Maintenance", "prevention": "Prevention"}
CONDITIONS = {
    "pregnancy-possible": "if pregnancy is possible",
    "prevention-pcr": "if wanted during prevention",
    "disseminated": "in disseminated disease",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dose table; where no dose is given, `advice` says what next."""

    where: str
    dose: str
    often: str
    daily: str
    advice: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """One k of the child formula."""

    ages: str
    who: str
    k: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One dose table, or the child formula with its factors."""

    title: str
    measure: str
    ages: tuple[Advice, ...]
    rows: tuple[Row, ...] = ()
    formula: tuple[Advice, ...] = ()
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a drug: how often in each course, and what to act on."""

    name: str
    rhythms: tuple[str, ...]
    limits: tuple[Advice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugSection:
    """Everything about one drug; of a withdrawn one, only why."""

    name: str
    brands: str
    form: str
    withdrawn: str
    stops: tuple[Advice, ...]
    cautions: tuple[Advice, ...]
    notes: tuple[Advice, ...]
    tables: tuple[Table, ...]
    rounding: tuple[Advice, ...]
    preparation: tuple[Advice, ...]
    instructions: tuple[Advice, ...]
    tests: tuple[Test, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One regimen: for whom, and its phases."""

    title: str
    audience: str
    description: str
    phases: tuple[str, ...]
    cautions: tuple[Advice, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """When to stop, and the regimens it holds for."""

    text: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DowntimePaper:
    """The whole paper."""

    release: Release
    digest: str
    dates: tuple[str, ...]
    formulas: tuple[by_hand.Formula, ...]
    drugs: tuple[DrugSection, ...]
    watching: tuple[Advice, ...]
    courses: tuple[Course, ...]
    endings: tuple[Ending, ...]
    considerations: tuple[Advice, ...]
    sources: tuple[Cited, ...]


def downtime_paper(formulary: Formulary, digest: str, release: Release) -> DowntimePaper:
    """The paper for one edition; `release` brings in its status and the time of printing."""
    cite = Citations(formulary.sources)
    return DowntimePaper(
        release=release,
        digest=digest,
        dates=tuple(dates_of_rows(formulary, release.today)),
        formulas=tuple(by_hand.kidney_formulas()),
        drugs=tuple(drug_section(drug, formulary, cite) for drug in formulary.drugs.values()),
        watching=tuple(watching(formulary.default_policy, formulary, cite)),
        courses=tuple(_course(one, formulary, cite) for one in formulary.open_regimens),
        endings=tuple(_endings(formulary)),
        considerations=tuple(
            Advice(one.text, cite(one.sources)) for one in formulary.considerations
        ),
        sources=cite.listed(),  # last: every citation above is in it
    )


def drug_section(drug: Drug, formulary: Formulary, cite: Citations) -> DrugSection:
    """Everything about one drug; `cite` numbers its sources."""
    by_level = {level: _rules(drug, level, cite) for level in ("stop", "caution", "note")}
    thresholds = tuple(_threshold(one, cite) for one in drug.thresholds)
    conditions: tuple[Advice, ...] = ()
    lower: tuple[Advice, ...] = ()
    if drug.start_conditions is not None:
        conditions = tuple(
            by_hand.start_conditions(drug.start_conditions, words.full_name(drug), cite)
        )
        lower = tuple(by_hand.reduced_dose(drug.start_conditions, cite))
    return DrugSection(
        name=words.full_name(drug),
        brands=drug.brands,
        form=". ".join(filter(None, (drug.form, drug.drug_class))),
        withdrawn=formulary.withdrawn.get(drug.slug, ""),
        stops=thresholds + conditions + by_level["stop"],
        cautions=(*lower, *_cautions(drug, formulary, cite), *by_level["caution"]),
        notes=by_level["note"],
        tables=tuple(_table(table, drug, cite) for table in drug.tables.values()),
        rounding=tuple(by_hand.rounding(drug, cite)),
        preparation=tuple(by_hand.preparation(drug, cite)),
        instructions=tuple(Advice(one.text, cite(one.sources)) for one in drug.instructions),
        tests=tuple(_tests(drug, formulary, cite)),
        sources=cite(drug.sources),
    )


def limits(drug: Drug, formulary: Formulary, cite: Citations) -> Iterator[Advice]:
    """The figures that keep a drug back or call for care; its rules stand apart."""
    yield from (_threshold(one, cite) for one in drug.thresholds)
    yield from _cautions(drug, formulary, cite)


def _rules(drug: Drug, level: str, cite: Citations) -> tuple[Advice, ...]:
    """Rules that say the same of several conditions stand once."""
    found: dict[str, list[str]] = {}
    for rule in drug.rules:
        if rule.level == level:
            found.setdefault(rule.text, []).extend(rule.sources)
    return tuple(Advice(text, cite(sources)) for text, sources in found.items())


def _threshold(threshold: Threshold, cite: Citations) -> Advice:
    lab = threshold.lab
    factor, other = OTHER_UNIT[lab]
    below = threshold.stop_below
    count = f"{plain(below)}{NBSP}{words.LAB_UNITS[lab]}"
    also = f"{grouped(plain(below * factor))}{NBSP}{other}"
    text = f"{_capital(words.LABS[lab])} below {count} ({also}): do not start. {threshold.advice}"
    return Advice(text.rstrip(), cite(threshold.sources))


def _cautions(drug: Drug, formulary: Formulary, cite: Citations) -> Iterator[Advice]:
    policy = formulary.default_policy
    for threshold in drug.thresholds:
        if threshold.caution_below is not None:
            lab = threshold.lab
            yield Advice(
                f"{_capital(words.LABS[lab])} {plain(threshold.stop_below)} to below "
                f"{plain(threshold.caution_below)}{NBSP}{words.LAB_UNITS[lab]}: may be given; "
                f"{words.TESTS[policy.intensive_test]} "
                f"{formulary.rhythms[policy.intensive_rhythm].title} from day 1 to day "
                f"{policy.intensive_to_day}.",
                cite(threshold.sources),
            )
    if any(table.bands for table in drug.tables.values()):
        yield Advice(
            f"Clearance within {plain(drug.near_edge_percent)}% of the edge of its band: look at "
            "the neighbouring row too; a small change gives another dose.",
            (),
        )
    over, under = drug.limited_data_creatinine_mg_dl, drug.limited_data_crcl_ml_min
    if over is not None and under is not None:
        yield Advice(
            f"Creatinine above {amount(over, 'mg/dL')} or clearance below "
            f"{amount(under, 'mL/min')}: little is known; specialist advice, closer tests.",
            cite(drug.sources),
        )
    if drug.hard_max_mg_per_day is not None:
        yield Advice(
            f"Never above {amount(drug.hard_max_mg_per_day, 'mg')} a day.", cite(drug.sources)
        )


def _table(table: DoseTable, drug: Drug, cite: Citations) -> Table:
    formula = table.formula
    return Table(
        title=table.title,
        measure=table.measure,
        ages=tuple(by_hand.ages(table, cite)),
        rows=tuple(_row(row, table, cite) for row in table.rows),
        formula=() if formula is None else tuple(by_hand.child_formula(formula, drug, cite)),
        factors=()
        if formula is None
        else tuple(
            Factor(
                by_hand.k_ages(row),
                ", ".join(
                    (
                        row.sex or "any sex",
                        *(
                            ("birth weight low for gestational age",)
                            if row.low_birth_weight
                            else ()
                        ),
                    )
                ),
                plain(row.k),
                cite(row.sources),
            )
            for row in formula.k_rows
        ),
    )


def _row(row: DoseRow, table: DoseTable, cite: Citations) -> Row:
    if row.dialysis:
        where = words.DIALYSES[row.dialysis]
    else:
        where = interval_words(row, table) if table.measure else words.company(row)
    refs = cite(row.sources)
    if row.amount is None:
        return Row(_capital(where), "", "", "", row.advice, refs)
    unit = "mg/kg" if table.per_kg else "mg"
    times = DOSES_PER_DAY[row.frequency]
    daily = f"{amount(Fraction(row.amount) * times, unit)} a day" if times >= 1 else "not every day"
    return Row(
        _capital(where), amount(row.amount, unit), words.FREQUENCIES[row.frequency], daily, "", refs
    )


def _tests(drug: Drug, formulary: Formulary, cite: Citations) -> Iterator[Test]:
    """Every test the drug asks for or has a limit for, in the order of the words."""
    for test, name in words.TESTS.items():
        rules = [rule for rule in drug.monitoring if rule.test == test]
        limits = [one for one in drug.action_limits if one.test == test]
        if rules or limits:
            yield Test(
                _capital(name),
                tuple(rhythm(rule, formulary) for rule in rules),
                tuple({one.text: Advice(one.text, cite(one.sources)) for one in limits}.values()),
            )


def rhythm(rule: MonitoringRule, formulary: Formulary) -> str:
    """How often a test is due, in which course and on which condition."""
    text = f"{COURSES.get(rule.course, 'Always')}: {formulary.rhythms[rule.rhythm].title}"
    if rule.rhythm_below_top_band:
        more = formulary.rhythms[rule.rhythm_below_top_band].title
        text += f"; below the highest clearance band {more}"
    if rule.when:
        text += f" ({CONDITIONS[rule.when]})"
    if rule.weeks_after:
        text += f"; on to {words.plural(rule.weeks_after, 'week')} after the end"
    return f"{text}."


def watching(policy: MonitoringPolicy, formulary: Formulary, cite: Citations) -> Iterator[Advice]:
    """What a policy asks for with every drug."""
    refs = cite(policy.sources)
    yield Advice("Days count from the first dose: that day is day 1; draw before it.", ())
    yield Advice(
        f"ANC below {plain(policy.intensive_anc_below)}{NBSP}{words.LAB_UNITS['anc']} at the "
        f"start, or earlier leucopenia from a drug: {words.TESTS[policy.intensive_test]} "
        f"{formulary.rhythms[policy.intensive_rhythm].title} from day 1 to day "
        f"{policy.intensive_to_day}.",
        refs,
    )
    days = words.joined(str(day) for day in policy.unstable_kidney_days)
    yield Advice(
        f"Kidney function changing: creatinine on days {days}; a dose worked out on day 1 is "
        f"not valid after day {policy.unstable_kidney_days[-1]} without a new creatinine.",
        refs,
    )
    yield Advice("On dialysis: draw before dialysis; creatinine does not choose the dose.", ())
    for rule in policy.rules:
        name = words.TESTS[rule.test]
        condition = f" {CONDITIONS[rule.when]}" if rule.when else ""
        yield Advice(
            f"{_capital(name)}{condition}: {formulary.rhythms[rule.rhythm].title}.",
            cite(rule.sources),
        )


def _course(regimen: Regimen, formulary: Formulary, cite: Citations) -> Course:
    return Course(
        title=regimen.title,
        audience=regimen.audience,
        description=regimen.description,
        phases=tuple(phase_words(phase, regimen, formulary) for phase in regimen.phases)
        or tuple(_watched(regimen, formulary)),
        cautions=tuple(
            Advice(rule.text, cite(rule.sources))
            for rule in regimen.rules
            if rule.level != "note" or rule.when
        ),
        sources=cite(regimen.sources),
    )


def _watched(regimen: Regimen, formulary: Formulary) -> Iterator[str]:
    """Tests without a drug, and until when."""
    end = regimen.transplant_ends[0]
    for rule in regimen.monitoring:
        yield (
            f"{_capital(words.TESTS[rule.test])} {formulary.rhythms[rule.rhythm].title}; to day "
            f"{end.usual} after transplantation, by option to day {end.longest}."
        )


def _endings(formulary: Formulary) -> Iterator[Ending]:
    """Criteria that several regimens share stand once."""
    titles: dict[str, list[str]] = {}
    for regimen in formulary.regimens.values():
        if regimen.stop_criteria:
            titles.setdefault(regimen.stop_criteria, []).append(regimen.title)
    return (Ending(text, tuple(found)) for text, found in titles.items())


def phase_words(phase: Phase, regimen: Regimen, formulary: Formulary) -> str:
    """One phase of a regimen: drug, table, length."""
    name = words.full_name(formulary.drugs[phase.drug])
    table = f"{name}, table “{formulary.table(phase).title}”"
    beside = " on the same days" if phase.with_previous else ""
    if phase.days_after > 1:
        beside = f", beginning {phase.days_after} days after the last day before"
    if phase.ending == "open":
        return f"{table}{beside}: no end set."
    if phase.ending == "transplant":
        ends = "; ".join(
            f"{f'after {end.organ} transplantation ' if end.organ else ''}to day {end.usual}"
            for end in regimen.transplant_ends
        )
        return f"{table}{beside}: {ends}, counted from transplantation (day 0)."
    if phase.fixed:
        return f"{table}{beside}: days 1 to {phase.usual}, no other length."
    lengths = f"({phase.shortest} to {phase.longest})"
    if phase.ending == "days":
        return f"{table}{beside}: usually {phase.usual} days {lengths}."
    return f"{table}{beside}: usually to day {phase.usual} of the course {lengths}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
