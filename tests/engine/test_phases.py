"""Phases on plan days and every sentence that refuses them; days and dates typed by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dosing.engine import Formulary, PatientFacts, PhaseError
from dosing.engine.phases import Course, day_date, lay_out, transplant_end, words
from tests.engine.formularies import (
    PRINT,
    TODAY,
    Row,
    bands,
    formulary,
    phase,
    regimen,
    table,
    vial_drug,
)

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
FACTS = PatientFacts(assessed_on=TODAY)
ENDS = [
    {"organ": "kidney", "shortest": 100, "usual": 200, "longest": 300, "sources": PRINT},
    {"organ": "heart", "shortest": 50, "usual": 100, "longest": 180, "sources": PRINT},
]


def one(ending: str, *lengths: int, slug: str = "t", **more: Any) -> Row:
    return phase("drug", slug, ending, *lengths, **more)


def made(*phases: Row, ends: list[Row] | None = None) -> Formulary:
    rows = bands([], [("5", "q12h")])
    weekdays = table("weekdays", rows, weekdays=[0, 1, 2, 3, 4])
    more = {"transplant_ends": ends} if ends else {}
    drug = vial_drug("drug", [table("t", rows), weekdays])
    return formulary([drug], [regimen("r", list(phases), **more)])


def course(content: Formulary, start: date = MONDAY, **facts: Any) -> Course:
    return lay_out(content.regimens["r"], replace(FACTS, **facts), content, start)


def spans(content: Formulary, start: date = MONDAY, **facts: Any) -> list[tuple[int, int | None]]:
    return [(span.first, span.last) for span in course(content, start, **facts).spans]


def refusal(content: Formulary, start: date = MONDAY, **facts: Any) -> tuple[str, str]:
    with pytest.raises(PhaseError) as caught:
        course(content, start, **facts)
    return caught.value.field, caught.value.sentence


SINGLE = made(one("course", 14, 21, 21))
STEP_DOWN = made(one("days", 3, 5, 10), one("course", 14, 21, 21))
TOGETHER = made(one("days", 14, 21, 21), one("days", 14, 21, 21, with_previous=True))
IN_TURN = made(one("days", 3, 5, 10), one("days", 7, 14, 14))
THEN_OPEN = made(one("days", 7, 14, 14), one("open"))
OPEN = made(one("open"))
PREVENTION = made(one("transplant"), ends=ENDS)
AFTER_TREATMENT = made(one("days", 7, 14, 14), one("transplant"), ends=ENDS)


@pytest.mark.parametrize(
    ("content", "phase_days", "expected"),
    [
        (SINGLE, (), [(1, 21)]),
        (SINGLE, (None,), [(1, 21)]),
        (SINGLE, (14,), [(1, 14)]),
        (SINGLE, (84,), [(1, 84)]),
        (STEP_DOWN, (), [(1, 5), (6, 21)]),
        (STEP_DOWN, (3, None), [(1, 3), (4, 21)]),  # the course's last day stays
        (STEP_DOWN, (None, 10), [(1, 5), (6, 15)]),
        (STEP_DOWN, (10, 11), [(1, 10), (11, 21)]),
        (STEP_DOWN, (20, None), [(1, 20), (21, 21)]),
        (STEP_DOWN, (21, 1), [(1, 21), (22, 22)]),
        (IN_TURN, (), [(1, 5), (6, 19)]),
        (IN_TURN, (3, 7), [(1, 3), (4, 10)]),
        (TOGETHER, (), [(1, 21), (1, 21)]),
        (TOGETHER, (14, None), [(1, 14), (1, 21)]),  # one length each
        (THEN_OPEN, (), [(1, 14), (15, None)]),
        (THEN_OPEN, (None, 84), [(1, 14), (15, 98)]),
        (OPEN, (), [(1, None)]),
        (OPEN, (1,), [(1, 1)]),
    ],
)
def test_plan_days(
    content: Formulary, phase_days: tuple[int | None, ...], expected: list[tuple[int, int | None]]
) -> None:
    assert spans(content, phase_days=phase_days) == expected


@pytest.mark.parametrize(
    ("content", "phase_days", "longer", "last", "reviews"),
    [
        (SINGLE, (), False, 21, (14, 21)),
        (SINGLE, (22,), True, 22, (14, 21)),
        (SINGLE, (14,), False, 14, (14,)),
        (STEP_DOWN, (), False, 21, (14, 21)),
        (STEP_DOWN, (11, None), True, 21, (14, 21)),
        (STEP_DOWN, (10, None), False, 21, (14, 21)),
        (STEP_DOWN, (None, 17), True, 22, (14, 21)),
        (IN_TURN, (), False, 19, (12, 19)),  # days 7 and 14 of the last phase
        (IN_TURN, (3, 14), False, 17, (10, 17)),
        (IN_TURN, (3, 15), True, 18, (10, 17)),
        (TOGETHER, (14, 22), True, 22, (14, 21)),
        (THEN_OPEN, (), False, None, ()),
        (OPEN, (30,), False, 30, ()),
    ],
)
def test_what_the_content_says_about_the_length(
    content: Formulary,
    phase_days: tuple[int | None, ...],
    longer: bool,
    last: int | None,
    reviews: tuple[int, ...],
) -> None:
    found = course(content, phase_days=phase_days)
    assert (found.longer_than_source, found.last, found.review_days) == (longer, last, reviews)


def test_an_open_phase_is_laid_out_for_84_days() -> None:
    assert [span.horizon for span in course(OPEN).spans] == [84]
    assert [span.horizon for span in course(THEN_OPEN).spans] == [14, 98]


@pytest.mark.parametrize(
    ("content", "phase_days", "sentence"),
    [
        (SINGLE, (21, 21), "This regimen has 1 phase(s); give one entry for each, 2 were given."),
        (STEP_DOWN, (5,), "This regimen has 2 phase(s); give one entry for each, 1 were given."),
        (
            SINGLE,
            (13,),
            "The course ends on day 13; the content's shortest is 14 (usual 21, longest 21). "
            "Lengthen it.",
        ),
        (
            STEP_DOWN,
            (2, None),
            "Phase 1 lasts 2 days; the content's shortest is 3 days (usual 5, longest 10). "
            "Lengthen it.",
        ),
        (
            IN_TURN,
            (10, 6),
            "Phase 2 lasts 6 days; the content's shortest is 7 days (usual 14, longest 14). "
            "Lengthen it.",
        ),
        (
            STEP_DOWN,
            (None, 8),
            "The course ends on day 13; the content's shortest is 14 (usual 21, longest 21). "
            "Lengthen it.",
        ),
        (
            STEP_DOWN,
            (21, None),
            "Phase 1 ends on day 21, and the course on day 21: no day is left for phase 2. Give "
            "the last phase's own number of days too.",
        ),
        (
            SINGLE,
            (85,),
            "Phase 1 would end on day 85; a course is laid out to day 84 at most. Shorten it, and "
            "plan again later.",
        ),
        (
            STEP_DOWN,
            (5, 80),
            "Phase 2 would end on day 85; a course is laid out to day 84 at most. Shorten it, and "
            "plan again later.",
        ),
        (OPEN, (85,), "Phase 1 can be given 1 to 84 days; 85 were given."),
        (OPEN, (0,), "Phase 1 can be given 1 to 84 days; 0 were given."),
        (THEN_OPEN, (None, 85), "Phase 2 can be given 1 to 84 days; 85 were given."),
        (made(one("open"), one("open")), (), "A phase cannot follow one that has no end."),
    ],
)
def test_lengths_that_cannot_be_laid_out(
    content: Formulary, phase_days: tuple[int | None, ...], sentence: str
) -> None:
    assert refusal(content, phase_days=phase_days) == ("phase_days", sentence)


# Monday to Friday only


WEEKDAYS = made(one("open", slug="weekdays"))


@pytest.mark.parametrize(
    ("start", "first"),
    [(MONDAY, 1), (date(2026, 11, 27), 1), (SATURDAY, 3), (date(2026, 11, 29), 2)],
)
def test_a_weekday_table_begins_on_monday(start: date, first: int) -> None:
    (span,) = course(WEEKDAYS, start).spans
    assert (span.first, span.nominal_first, span.horizon) == (first, 1, 84)


def test_a_weekday_table_of_two_days_of_a_weekend_is_refused() -> None:
    assert refusal(WEEKDAYS, SATURDAY, phase_days=(2,)) == (
        "phase_days",
        "Phase 1 has no dosing day from its first to its last day. Lengthen it.",
    )
    assert spans(WEEKDAYS, SATURDAY, phase_days=(3,)) == [(3, 3)]


# To a day after transplantation: day 0 is the transplantation


@pytest.mark.parametrize(
    ("content", "facts", "expected"),
    [
        (PREVENTION, {}, [(1, 200)]),  # no date: the last plan day is N
        (PREVENTION, {"organ": "heart"}, [(1, 100)]),
        (PREVENTION, {"transplant_date": MONDAY}, [(1, 201)]),
        (PREVENTION, {"transplant_date": date(2026, 11, 13)}, [(1, 191)]),  # day 10
        (PREVENTION, {"transplant_date": MONDAY, "until_day": 100}, [(1, 101)]),
        (PREVENTION, {"phase_days": (150,)}, [(1, 150)]),
        (PREVENTION, {"transplant_date": MONDAY, "until_day": 400}, [(1, 401)]),
        (AFTER_TREATMENT, {"transplant_date": date(2026, 10, 24)}, [(1, 14), (15, 171)]),
        (PREVENTION, {"organ": "heart", "transplant_date": date(2026, 8, 15)}, [(1, 1)]),
    ],
)
def test_to_a_day_after_transplantation(
    content: Formulary, facts: dict[str, Any], expected: list[tuple[int, int | None]]
) -> None:
    assert spans(content, **facts) == expected


def test_what_is_kept_of_the_transplantation() -> None:
    found = course(PREVENTION, transplant_date=date(2026, 11, 13), until_day=301)
    assert (found.transplant_first_day, found.transplant_last_day) == (10, 301)
    assert found.longer_than_source
    assert found.review_days == (91, 191)  # days 100 and 200 after transplantation
    assert course(PREVENTION).review_days == (100, 200)
    assert course(PREVENTION).transplant_first_day is None
    regimen = PREVENTION.regimens["r"]
    assert transplant_end(regimen, None) == regimen.transplant_ends[0]
    assert transplant_end(SINGLE.regimens["r"], "heart") is None


@pytest.mark.parametrize(
    ("content", "facts", "field", "sentence"),
    [
        (
            PREVENTION,
            {"transplant_date": date(2026, 11, 24)},
            "transplant_date",
            "The transplant date Tue 24 Nov 2026 is after the start date Mon 23 Nov 2026. Correct "
            "one of them.",
        ),
        (
            PREVENTION,
            {"transplant_date": date(2026, 5, 6)},
            "transplant_date",
            "The course ends on day 200 after transplantation, Sun 22 Nov 2026; the start date Mon "
            "23 Nov 2026 is after that. Correct one of them.",
        ),
        (
            AFTER_TREATMENT,
            {"transplant_date": date(2026, 5, 20)},
            "transplant_date",
            "Day 200 after transplantation is Sun 6 Dec 2026, but the phase before lasts to Sun 6 "
            "Dec 2026. Correct one of them.",
        ),
        (
            PREVENTION,
            {"until_day": 99},
            "until_day",
            "The course would end on day 99 after transplantation; the content's earliest is day "
            "100. Give that day or a later one.",
        ),
        (
            PREVENTION,
            {"transplant_date": date(2026, 11, 13), "phase_days": (90,)},
            "phase_days",
            "The course would end on day 99 after transplantation; the content's earliest is day "
            "100. Give that day or a later one.",
        ),
        (
            PREVENTION,
            {"until_day": 401},
            "until_day",
            "The course would end on day 401 after transplantation; it is laid out to day 400 at "
            "most.",
        ),
        (
            PREVENTION,
            {"until_day": 150, "phase_days": (150,)},
            "until_day",
            "Give the last day after transplantation or the phase's days, not both.",
        ),
        (
            made(one("transplant"), ends=ENDS[1:]),
            {"organ": "kidney"},
            "organ",
            "This content has no last day for that organ.",
        ),
    ],
)
def test_transplant_courses_that_cannot_be_laid_out(
    content: Formulary, facts: dict[str, Any], field: str, sentence: str
) -> None:
    assert refusal(content, **facts) == (field, sentence)


def test_days_and_dates() -> None:
    assert day_date(MONDAY, 1) == MONDAY
    assert day_date(MONDAY, 39) == date(2026, 12, 31)
    assert day_date(date(2028, 2, 28), 2) == date(2028, 2, 29)
    assert words(MONDAY) == "Mon 23 Nov 2026"
    assert words(date(2027, 1, 3)) == "Sun 3 Jan 2027"
