"""The plan sheet: the same answer on paper, with room to write the results in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dosing.engine.formulary import Formulary
from dosing.engine.orders import dose_days, one_per_table
from dosing.engine.plan import Plan

from . import words
from .guidance import Beside, Topic
from .orders import Advice, OrderLine, Timed
from .picture import Rung, rungs
from .plan import Opinion, PlanView, Said, plan_view
from .review_dates import Due, due, dues
from .sources import Cited, by_document

#: Characters of the digest that are printed: enough to tell two editions apart.
DIGEST_SHOWN = 12
#: Who signs.
SIGNS = ("Prescriber", "Checked by")
#: Shorter names for the heads of narrow columns.
_HEADS = {
    "cbc": "Blood count with differential, platelets",
    "cmv-pcr": "CMV PCR",
    "electrolytes": "Na, K, Ca, Mg, phosphate",
    "renal": "Creatinine, clearance",
    "urinalysis": "Urine test",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One dated row of the grid; `due` says for each column whether that test is due."""

    day: int
    date: str
    weekend: bool
    due: tuple[bool, ...]
    also: str
    drawn: bool
    review: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The bands of one drug, to see whether a new plan is needed; nothing to dose from."""

    title: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The edition a sheet was made from, and when it was printed.

    `draft` says which draft it is; "" for the live content, the only one for patients.
    `withdrawn`: a sentence for each drug of it that must not be used at present.
    """

    edition: str
    digest: str
    status: str
    approved: bool
    review_by: str
    contact: str
    owner: str
    printed_at: str
    time_zone: str
    today: date
    due: Due | None
    draft: str = ""
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """Everything on paper."""

    plan: PlanView
    drugs: str
    cautions: tuple[Said, ...]
    dues: tuple[Due, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    span: int
    unlimited: tuple[str, ...]
    changes: tuple[Changes, ...]
    recalculate: str
    reviewed: bool
    considerations: tuple[Advice, ...]
    signs: tuple[str, ...]
    sources: tuple[str, ...]
    topics: tuple[Topic, ...]
    topic_sources: tuple[str, ...]
    release: Release


def sheet_view(
    plan: Plan,
    formulary: Formulary,
    release: Release,
    entered: Mapping[str, str] | None = None,
    *,
    guidance: Beside | None = None,
) -> SheetView:
    """The sheet of a plan; `release` brings in the edition and the time of printing."""
    columns = list(_columns(plan))
    view = plan_view(plan, formulary, entered)
    considerations = _considerations(view, formulary)
    beside_the_dose = {"counts-not-entered"} if any(one.before_first for one in view.orders) else ()
    return SheetView(
        plan=view,
        cautions=tuple(one for one in view.cautions if one.code not in beside_the_dose),
        dues=dues(plan, guidance.topics if guidance else (), release.today, formulary.contact),
        drugs="; ".join(_drugs(plan)),
        columns=tuple(_head(test) for test in columns),
        lines=tuple(_lines(plan, columns)),
        span=len(columns) + 4,
        unlimited=tuple(test.name for test in view.tests if not test.limits),
        changes=tuple(_changes(plan)),
        recalculate=_recalculate(plan),
        reviewed=bool(plan.reviews),
        considerations=considerations,
        signs=SIGNS,
        sources=by_document(_cited(view, considerations)),
        topics=guidance.topics if guidance else (),
        topic_sources=by_document(guidance.sources) if guidance else (),
        release=release,
    )


def release_of(
    formulary: Formulary,
    digest: str,
    *,
    approved: bool,
    printed_at: datetime,
    time_zone: str,
    draft: str = "",
) -> Release:
    """The edition in words; `printed_at` in the ward's time zone, `draft` by draft_words."""
    status = "approved by" if approved else "not yet approved by"
    return Release(
        edition=formulary.edition,
        digest=_short(digest),
        status="a draft, not for patients" if draft else f"{status} your organisation",
        approved=approved,
        review_by=words.day(formulary.review_by),
        contact=formulary.contact,
        owner=formulary.owner,
        printed_at=_at(printed_at),
        time_zone=time_zone,
        today=printed_at.date(),
        due=due("this content", formulary.review_by, printed_at.date(), formulary.contact),
        draft=draft,
        withdrawn=tuple(_withdrawn(formulary)),
    )


def _withdrawn(formulary: Formulary) -> Iterator[str]:
    for slug, reason in formulary.withdrawn.items():
        if drug := formulary.drugs.get(slug):
            yield f"{words.full_name(drug)} ({drug.brands}): {reason}"


def draft_words(edition: str, digest: str, state: str, now: datetime) -> str:
    """Which draft a page or sheet was made with; without an edition, the working rows."""
    what = f"Release {edition}" if edition else f"Working rows, as of {_at(now)}"
    return ", ".join(
        filter(None, (what, state, f"digest {_short(digest)}" if digest else "no digest"))
    )


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:DIGEST_SHOWN]


def _at(moment: datetime) -> str:
    return f"{words.day(moment.date())}, {moment:%H:%M}"


def _head(test: str) -> str:
    name = _HEADS.get(test, words.TESTS[test])
    return name[:1].upper() + name[1:]


def _drugs(plan: Plan) -> Iterator[str]:
    drugs = {order.drug.slug: order.drug for order in plan.orders if order.dose is not None}
    for drug in drugs.values():
        yield f"{words.full_name(drug)} ({drug.brands})"


def _columns(plan: Plan) -> Iterator[str]:
    """Tests that are due more than once have a column; the others stand in words."""
    counted: dict[str, int] = {}
    for draw in plan.monitoring:
        for test in draw.tests:
            counted[test] = counted.get(test, 0) + 1
    return (test for test in words.TESTS if counted.get(test, 0) > 1)


def _lines(plan: Plan, columns: list[str]) -> Iterator[Line]:
    draws = {draw.day: draw for draw in plan.monitoring}
    reviews = {} if plan.stopped else {review.day: review for review in plan.reviews}
    given_on: dict[int, list[str]] = {}
    for order in plan.orders:
        for day in dose_days(order):
            given_on.setdefault(day, []).append(order.drug.name)
    for day in sorted({*draws, *reviews}):
        when = (draws.get(day) or reviews[day]).date
        tests = draws[day].tests if day in draws else ()
        due = [f"{name} is given" for name in given_on.get(day, ())]
        also = "; ".join([*due, *(words.TESTS[test] for test in tests if test not in columns)])
        yield Line(
            day=day,
            date=words.day(when),
            weekend=when.weekday() >= 5,
            due=tuple(test in tests for test in columns),
            also=also[:1].upper() + also[1:],
            drawn=day in draws,
            review=reviews[day].text if day in reviews else "",
        )


def _changes(plan: Plan) -> Iterator[Changes]:
    """Not for the child formula, not on dialysis, not for a drug that is stopped."""
    if plan.facts.on_dialysis:
        return
    for order in one_per_table([one for one in plan.orders if one.dose is not None]):
        if order.table.bands and order.dose is not None:
            title = f"{words.full_name(order.drug)}, {order.table.title}"
            yield Changes(title, rungs(order.table, order.dose.row))


def _considerations(view: PlanView, formulary: Formulary) -> tuple[Advice, ...]:
    """What bears on this plan; what the edition does not have is said on the page."""
    rows = zip(view.considerations, formulary.considerations, strict=True)
    return tuple(said for said, row in rows if row.on_sheet)


def _cited(view: PlanView, considerations: Iterable[Advice]) -> Iterator[Cited]:
    """Those cited on paper; the working and its sources stand on the page."""
    sentences: list[Advice | OrderLine | Said | Opinion | Timed] = [
        *view.limits,
        *view.stops,
        *view.cautions,
        *view.notes,
        *considerations,
        *view.immunoglobulin,
    ]
    sentences += [limit for test in view.tests for limit in test.limits]
    sentences += [*view.orders, *(one for order in view.orders for one in order.instructions)]
    sentences += [one for order in view.orders for one in order.clock]
    cited = {number for sentence in sentences for number in sentence.sources}
    return (source for source in view.sources if source.number in cited)


def _recalculate(plan: Plan) -> str:
    given = [order for order in plan.orders if order.dose is not None]
    if not given:
        return ""
    if any(order.table.formula is not None for order in given):
        return "Recalculate at every new creatinine, height and weight."
    if not any(order.table.measure for order in given):
        return "Recalculate when another medicine is started or stopped."
    if any(order.drug.start_conditions for order in given):
        return "Calculate anew before each dose, with creatinine and urine protein of that day."
    if plan.facts.on_dialysis:
        return "Recalculate when dialysis starts, stops or changes, and when the weight changes."
    return (
        "Recalculate at every new creatinine and weight: a clearance in another band needs a new "
        "plan, up or down."
    )
