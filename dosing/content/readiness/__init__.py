"""Whether content may be released: pure checks over a formulary. Every finding blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from dosing.engine.formulary import Formulary
from dosing.engine.phases import words

from . import examples, handling, references, tables
from .finding import Finding

__all__ = ["CHECKS", "Finding", "check"]

Check = Callable[[Formulary], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    tables.bands_meet,
    tables.daily_dose_falls,
    tables.dialysis_is_answered,
    tables.company_is_answered,
    tables.under_the_hard_maximum,
    tables.ages_are_given,
    tables.weekdays_exist,
    tables.each_child_has_one_k,
    references.phases_reach_their_tables,
    references.phases_are_monitored,
    references.drug_monitoring_names_its_course,
    references.regimens_can_be_laid_out,
    references.fallbacks_exist,
    references.every_row_has_a_source,
    references.rhythms_and_tests_exist,
    references.rhythms_have_days,
    references.each_dose_is_a_whole_number_of_days,
    references.disagreements_name_regimens,
    references.conditions_are_asked,
    handling.figures_are_above_zero,
    handling.steps_are_given,
    handling.near_edges_are_ranges,
    handling.counts_are_watched_before_they_stop,
    handling.bags_hold_every_dose,
    handling.bottles_can_be_used,
    handling.infusion_times_cover,
    handling.infusions_keep_the_rate,
    handling.hydration_covers,
    examples.names_exist,
    examples.every_phase_has_an_example,
    examples.every_preparation_is_stated,
)


def check(formulary: Formulary, today: date) -> list[Finding]:
    """Everything that keeps this content from being released; empty when nothing does.

    Worked examples are calculated only on content that is otherwise sound: through a gap or a
    missing table they would fail as an echo.
    """
    found = [finding for one in CHECKS for finding in one(formulary)]
    if not found:
        found += examples.examples_hold(formulary)
    return [*found, *_reviews(formulary, today)]


def _reviews(formulary: Formulary, today: date) -> Iterator[Finding]:
    """Everything whose review date is not in the future."""
    rows = [
        (f"{kind} {row.slug}", row.review_by)
        for kind, rows in (
            ("drug", formulary.drugs),
            ("regimen", formulary.regimens),
            ("guidance", formulary.guidance),
        )
        for row in rows.values()
    ]
    for place, review_by in [(f"edition {formulary.edition}", formulary.review_by), *rows]:
        if review_by is not None and review_by <= today:
            yield Finding(
                "review-overdue",
                place,
                f"It was to be reviewed by {words(review_by)}; set a later date "
                "after reviewing it.",
            )
