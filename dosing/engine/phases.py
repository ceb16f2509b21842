"""A regimen's phases on plan days: day 1 is the start date, the last day is the last dosing day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from .formulary import Formulary, Phase, Regimen, TransplantEnd
from .patient import PatientFacts

#: Courses end by here and open-ended phases are laid out to here: a limit of the layout.
LAYOUT_DAYS = 84
#: The furthest day after transplantation a plan is laid out to: a limit of the layout.
UNTIL_DAY_MAX = 400


class PhaseError(ValueError):
    """The lengths asked for cannot be laid out; `field` names the input, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Span:
    """One phase on plan days, first to last dosing day; last None = open-ended.

    `until`: the day before the next phase, where that one does not begin on the next day.
    """

    phase: Phase
    first: int
    last: int | None
    nominal_first: int
    until: int | None = None

    @property
    def horizon(self) -> int:
        """The last day that is laid out."""
        if self.last is None:
            return self.nominal_first + LAYOUT_DAYS - 1
        return self.until or self.last

    def dose_days(self, every: int) -> tuple[int, ...]:
        """Days of a dose that is given once in `every` days, as far as they are laid out."""
        return tuple(range(self.first, (self.last or self.horizon) + 1, every))


@dataclass(frozen=True, slots=True)
class Course:
    """All spans, and what the content's own lengths say about them."""

    spans: tuple[Span, ...]
    longer_than_source: bool
    review_days: tuple[int, ...]
    transplant_end: TransplantEnd | None = None
    transplant_last_day: int | None = None
    transplant_first_day: int | None = None
    watched_to: int | None = None

    @property
    def last(self) -> int | None:
        """The last dosing day of the course, or of watching without a drug; None: open-ended."""
        lasts = [span.last for span in self.spans] or [self.watched_to]
        return None if None in lasts else max(last for last in lasts if last is not None)


def day_date(start: date, day: int) -> date:
    """The date of a plan day."""
    return start + timedelta(days=day - 1)


def words(day: date) -> str:
    """A date as the ward reads it: Mon 23 Nov 2026."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def transplant_end(regimen: Regimen, organ: str | None) -> TransplantEnd | None:
    """The last day after transplantation for this organ; the first listed when none is named."""
    ends = regimen.transplant_ends
    for end in ends:
        if end.organ in ("", organ):
            return end
    return ends[0] if ends and organ is None else None


def lay_out(regimen: Regimen, facts: PatientFacts, formulary: Formulary, start: date) -> Course:
    """Put every phase on plan days; raises PhaseError where that cannot be done."""
    entries = facts.phase_days or (None,) * len(regimen.phases)
    if len(entries) != len(regimen.phases):
        raise PhaseError(
            "phase_days",
            f"This regimen has {len(regimen.phases)} phase(s); give one entry for each, "
            f"{len(entries)} were given.",
        )
    layout = _Layout(regimen, facts, start)
    if regimen.purpose == "surveillance":
        return layout.watched()
    for number, (phase, days) in enumerate(zip(regimen.phases, entries, strict=True), start=1):
        layout.add(number, phase, days, formulary.table(phase).weekdays)
    return layout.course()


class _Layout:
    """The running state of lay_out: where the next phase starts, and what was noticed."""

    def __init__(self, regimen: Regimen, facts: PatientFacts, start: date) -> None:
        self.regimen, self.facts, self.start = regimen, facts, start
        self.spans: list[Span] = []
        self.longer = False
        self.reviews: set[int] = set()
        # Drugs given together at the end are reviewed together.
        self.last_group = max(
            (
                number
                for number, phase in enumerate(regimen.phases, start=1)
                if not phase.with_previous
            ),
            default=1,
        )
        self.end: TransplantEnd | None = None
        self.end_day: int | None = None
        self.offset: int | None = None
        if regimen.transplant_ends:
            self._transplant()

    def _transplant(self) -> None:
        self.end = transplant_end(self.regimen, self.facts.organ)
        day_zero = self.facts.transplant_date
        if day_zero is not None:
            self.offset = (self.start - day_zero).days
            if self.offset < 0:
                raise PhaseError(
                    "transplant_date",
                    f"The transplant date {words(day_zero)} is after the start date "
                    f"{words(self.start)}. Correct one of them.",
                )

    def add(self, number: int, phase: Phase, days: int | None, weekdays: tuple[int, ...]) -> None:
        first = self._first(phase)
        if self.spans and phase.days_after > 1:
            self.spans[-1] = replace(self.spans[-1], until=first - 1)
        last = self._last(number, phase, days, first)
        if last is not None and phase.ending in ("days", "course") and last > LAYOUT_DAYS:
            raise PhaseError(
                "phase_days",
                f"Phase {number} would end on day {last}; a course is laid out to day "
                f"{LAYOUT_DAYS} at most. Shorten it, and plan again later.",
            )
        dosing_first = self._dosing_day(first, weekdays)
        if dosing_first is None or (last is not None and dosing_first > last):
            raise PhaseError(
                "phase_days",
                f"Phase {number} has no dosing day from its first to its last day. Lengthen it.",
            )
        self.spans.append(Span(phase, dosing_first, last, first))

    def _dosing_day(self, first: int, weekdays: tuple[int, ...]) -> int | None:
        """The first day from `first` on that the table doses; None where no weekday is one."""
        if not weekdays:
            return first
        return next(
            (
                day
                for day in range(first, first + 7)
                if day_date(self.start, day).weekday() in weekdays
            ),
            None,
        )

    def _first(self, phase: Phase) -> int:
        if not self.spans:
            return 1
        if phase.with_previous:
            return self.spans[-1].nominal_first
        lasts = [span.last for span in self.spans]
        if None in lasts:
            raise PhaseError("phase_days", "A phase cannot follow one that has no end.")
        return max(last for last in lasts if last is not None) + phase.days_after

    def _last(self, number: int, phase: Phase, days: int | None, first: int) -> int | None:
        if phase.ending == "open":
            return self._open(number, days, first)
        if phase.ending == "transplant":
            return self._after_transplant(number, days, first)
        assert phase.shortest is not None
        assert phase.usual is not None
        assert phase.longest is not None
        if phase.fixed and days not in (None, phase.usual):
            raise PhaseError(
                "phase_days",
                f"The days of phase {number} are fixed: {phase.usual} days. Leave it blank; {days} "
                "were given.",
            )
        # "days" limits a phase's own length, "course" the course's last day.
        shift = first - 1 if phase.ending == "days" else 0
        last = shift + phase.usual if days is None else first + days - 1
        if last < first:
            raise PhaseError(
                "phase_days",
                f"Phase {number - 1} ends on day {first - 1}, and the course on day {last}: no "
                f"day is left for phase {number}. Give the last phase's own number of days too.",
            )
        shortest = shift + phase.shortest
        if last < shortest:
            raise PhaseError("phase_days", self._too_short(number, phase, last - shift))
        self.longer = self.longer or last > shift + phase.longest
        if number >= self.last_group:
            self.reviews |= {day for day in (shortest, shift + phase.usual) if day <= last}
        return last

    def _too_short(self, number: int, phase: Phase, given: int) -> str:
        what = f"Phase {number} lasts" if phase.ending == "days" else "The course ends on day"
        unit = " days" if phase.ending == "days" else ""
        return (
            f"{what} {given}{unit}; the content's shortest is {phase.shortest}{unit} "
            f"(usual {phase.usual}, longest {phase.longest}). Lengthen it."
        )

    def _open(self, number: int, days: int | None, first: int) -> int | None:
        if days is None:
            return None
        if not 1 <= days <= LAYOUT_DAYS:
            raise PhaseError(
                "phase_days",
                f"Phase {number} can be given 1 to {LAYOUT_DAYS} days; {days} were given.",
            )
        return first + days - 1

    def _after_transplant(self, number: int, days: int | None, first: int) -> int:
        if self.end is None:
            raise PhaseError("organ", "This content has no last day for that organ.")
        until = self.facts.until_day
        if until is not None and days is not None:
            raise PhaseError(
                "until_day",
                "Give the last day after transplantation or the phase's days, not both.",
            )
        offset = self.offset
        if days is not None:
            last = first + days - 1
            until = last if offset is None else offset + last - 1
        elif until is None:
            until = self.end.usual
        field = "phase_days" if days is not None else "until_day"
        if until < self.end.shortest:
            raise PhaseError(
                field,
                f"The course would end on day {until} after transplantation; the content's "
                f"earliest is day {self.end.shortest}. Give that day or a later one.",
            )
        if until > UNTIL_DAY_MAX:
            raise PhaseError(
                field,
                f"The course would end on day {until} after transplantation; it is laid out to "
                f"day {UNTIL_DAY_MAX} at most.",
            )
        self.longer = self.longer or until > self.end.longest
        self.end_day = until
        last = until if offset is None else until - offset + 1
        if last < first:
            raise PhaseError("transplant_date", self._no_day_left(number, first, last, until))
        return last

    def _least_days(self) -> int | None:
        """Days the course needs in all, where the content lets a short first phase decide."""
        full, first = self.regimen.full_first_phase_days, self.spans[0].last
        if full is None or first is None:
            return None
        return self.regimen.course_days_after_short_phase if first < full else full

    def _no_day_left(self, number: int, first: int, last: int, until: int) -> str:
        ends = words(day_date(self.start, last))
        if number == 1:
            return (
                f"The course ends on day {until} after transplantation, {ends}; the start date "
                f"{words(self.start)} is after that. Correct one of them."
            )
        return (
            f"Day {until} after transplantation is {ends}, but the phase before lasts to "
            f"{words(day_date(self.start, first - 1))}. Correct one of them."
        )

    def watched(self) -> Course:
        """Watching without a drug, to a day after transplantation."""
        assert self.end is not None
        one_year = self.facts.surveillance_to == "one-year"
        until = self.end.longest if one_year else self.end.usual
        last = until if self.offset is None else until - self.offset + 1
        if last < 1:
            raise PhaseError("transplant_date", self._no_day_left(1, 1, last, until))
        return Course(
            spans=(),
            longer_than_source=False,
            review_days=(),
            transplant_end=self.end,
            transplant_last_day=until,
            transplant_first_day=self.offset,
            watched_to=last,
        )

    def course(self) -> Course:
        last = self.spans[-1]
        reviews = self.reviews
        least = self._least_days()
        if least is not None:
            if last.last is not None and last.last < least:
                raise PhaseError(
                    "phase_days",
                    f"With a first phase of {self.spans[0].last} days the course needs {least} "
                    f"days in all; it would end on day {last.last}. Lengthen either.",
                )
            reviews = {least}
        if last.phase.ending == "transplant" and last.last is not None and self.end is not None:
            shift = 0 if self.offset is None else self.offset - 1
            reviews = {
                day - shift
                for day in (self.end.shortest, self.end.usual)
                if 1 <= day - shift <= last.last
            }
        return Course(
            spans=tuple(self.spans),
            longer_than_source=self.longer,
            review_days=tuple(sorted(reviews)),
            transplant_end=self.end,
            transplant_last_day=self.end_day,
            transplant_first_day=self.offset,
        )
