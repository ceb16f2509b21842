"""A made-up formulary with a row of every kind: ready to be released, and for no patient.

Four drugs: from vials, from bottles, by mouth with a table and a child formula, and one with
conditions before each dose. One regimen watches without a drug.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from dosing.engine.formulary import (
    Consideration,
    Disagreement,
    Drug,
    Formulary,
    Guidance,
    MonitoringPolicy,
    MonitoringRule,
    Phase,
    Point,
    PublishedDose,
    Regimen,
    Rhythm,
    Rule,
    Side,
    Source,
    TransplantEnd,
)

from .small_drugs import BOTH, LABEL, bottle_drug, oral_drug, vial_drug
from .small_examples import TODAY, small_examples
from .small_risky_drug import risky_drug

__all__ = ["TODAY", "small_formulary"]


def small_formulary() -> Formulary:
    """The whole made-up edition."""
    return Formulary(
        edition="small 1",
        review_by=date(2027, 11, 1),
        contact="the test suite",
        owner="its author",
        sources={
            "label": Source(
                slug="label",
                title="A label",
                section="2.1",
                edition="2020",
                address="https://label.example/",
                note="made up",
            ),
            "default": Source(slug="default", title="this content's default"),
        },
        rhythms={rhythm.slug: rhythm for rhythm in _rhythms()},
        policies=(
            MonitoringPolicy(
                slug="label",
                title="As the label says",
                intensive_test="cbc",
                intensive_rhythm="daily",
                intensive_to_day=14,
                intensive_anc_below=D("1.0"),
                unstable_kidney_days=(1, 2, 3),
                follow_up_weeks=4,
                rules=(
                    MonitoringRule(
                        test="pregnancy-test",
                        rhythm="once",
                        when="pregnancy-possible",
                        sources=LABEL,
                    ),
                ),
                sources=BOTH,
            ),
        ),
        drugs={drug.slug: drug for drug in _drugs()},
        regimens={regimen.slug: regimen for regimen in _regimens()},
        considerations=(Consideration(text="Nothing real is considered.", sources=LABEL),),
        guidance={
            "early": Guidance(
                slug="early",
                title="Ask early",
                groups=("ibd", "other"),
                purposes=("treatment",),
                points=(Point(text="Ask today.", sources=LABEL),),
                review_by=date(2027, 12, 2),
            ),
        },
        disagreements={
            "how-long": Disagreement(
                slug="how-long",
                question="How long?",
                regimens=("step-down", "vialvir-alone"),
                default="As the label says.",
                reason="It is the label.",
                sides=(
                    Side(says="Two weeks.", sources=LABEL),
                    Side(says="Three weeks.", sources=BOTH),
                ),
                sources=LABEL,
            ),
        },
        examples=small_examples(),
    )


def _drugs() -> Iterable[Drug]:
    return vial_drug(), bottle_drug(), oral_drug(), risky_drug()


def _rhythms() -> Iterable[Rhythm]:
    yield Rhythm(slug="weekly", title="Weekly", cycle_days=7, offsets=(0,), sources=LABEL)
    yield Rhythm(slug="twice", title="Twice a week", cycle_days=7, offsets=(0, 3), sources=LABEL)
    yield Rhythm(
        slug="daily", title="Daily", cycle_days=1, offsets=(0,), movable=False, sources=BOTH
    )
    yield Rhythm(slug="each-dose", title="Each dose", movable=False, each_dose=True, sources=LABEL)
    yield Rhythm(slug="once", title="Day 1", fixed_days=(1,), sources=LABEL)
    yield Rhythm(
        slug="thinning",
        title="Days 1, 8, then every 2 weeks",
        fixed_days=(1, 8),
        from_day=22,
        cycle_days=14,
        offsets=(0,),
        sources=BOTH,
    )


def _regimens() -> Iterable[Regimen]:
    yield Regimen(
        slug="vialvir-alone",
        title="vialvir alone",
        audience="made-up patients",
        purpose="treatment",
        phases=(_days("vialvir", "induction", "induction", (14, 21, 21)),),
        review_by=date(2027, 12, 3),
        sources=LABEL,
    )
    yield Regimen(
        slug="step-down",
        title="vialvir, then tabvir",
        audience="made-up patients",
        purpose="treatment",
        description="First into the vein, then by mouth.",
        stop_criteria="Stop only if resolved.",
        fallback_regimen="vialvir-alone",
        phases=(
            _days("vialvir", "induction", "induction", (3, 5, 10)),
            Phase(
                drug="tabvir",
                table="maintenance",
                monitoring="maintenance",
                ending="course",
                shortest=14,
                usual=21,
                longest=21,
                sources=BOTH,
            ),
        ),
        rules=(Rule(code="consult-early", level="note", text="Consult early.", sources=LABEL),),
        monitoring=(MonitoringRule(test="eye-examination", rhythm="weekly", sources=LABEL),),
        sources=BOTH,
    )
    yield Regimen(
        slug="together",
        title="vialvir and bottlevir",
        audience="made-up patients",
        purpose="treatment",
        phases=(
            _days("vialvir", "induction", "induction", (14, 21, 21)),
            Phase(
                drug="bottlevir",
                table="induction",
                monitoring="induction",
                ending="open",
                with_previous=True,
                sources=LABEL,
            ),
        ),
        sources=LABEL,
    )
    yield Regimen(
        slug="child-prevention",
        title="tabvir for children",
        audience="made-up children",
        purpose="prevention",
        start_late_after_day=10,
        phases=(
            Phase(
                drug="tabvir",
                table="child",
                monitoring="prevention",
                ending="transplant",
                sources=LABEL,
            ),
        ),
        transplant_ends=(
            TransplantEnd(organ="kidney", shortest=100, usual=200, longest=200, sources=LABEL),
            TransplantEnd(organ="heart", shortest=100, usual=100, longest=100, sources=LABEL),
        ),
        sources=LABEL,
    )

    yield Regimen(
        slug="risky",
        title="riskvir",
        audience="made-up patients",
        purpose="treatment",
        phases=(
            _days("riskvir", "induction", "induction", (8, 8, 8)),
            replace(_days("riskvir", "induction", "induction", (1, 1, 15)), days_after=14),
        ),
        immunoglobulin=(PublishedDose(situation="A trial", text="As printed.", sources=LABEL),),
        sources=LABEL,
    )
    yield Regimen(
        slug="watching",
        title="no drug",
        audience="made-up patients",
        purpose="surveillance",
        phases=(),
        transplant_ends=(TransplantEnd(shortest=100, usual=100, longest=365, sources=LABEL),),
        monitoring=(MonitoringRule(test="cmv-pcr", rhythm="weekly", sources=LABEL),),
        sources=LABEL,
    )


def _days(drug: str, table: str, monitoring: str, lengths: tuple[int, int, int]) -> Phase:
    shortest, usual, longest = lengths
    return Phase(
        drug=drug,
        table=table,
        monitoring=monitoring,
        ending="days",
        shortest=shortest,
        usual=usual,
        longest=longest,
        sources=LABEL,
    )
