"""The impact of a change in words: how many, by how much, the most affected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dosing.content.impact import Affected, ByName, Impact
from dosing.content.outcomes import CHANGES, DOSED_DIFFERENTLY, SHARES, Side
from dosing.engine.formulary import Formulary
from dosing.engine.patient import Creatinine, PatientFacts

from . import words
from .difference import percent
from .field_words import label, tall, written
from .impact_picture import ImpactPicture, impact_picture
from .numbers import NBSP, amount, at_most, grouped
from .starting import protein_words

KINDS: Mapping[str, str] = {
    "failed": "could not be calculated",
    "regimen": "regimen in one of the releases only",
    "newly-stopped": "a drug no longer given",
    "newly-dosed": "a drug given where it was not",
    "dose": "another dose or frequency",
    "course": "other phases or days",
    "preparation": "other preparation only",
    "schedule": "other tests only",
    "finding": "other cautions or reasons only",
    "same": "nothing",
}
SHARE_WORDS: Mapping[str, str] = {
    "-50": "halved, or less than half",
    "-25": "lower by 25% to less than 50%",
    "-10": "lower by 10% to less than 25%",
    "-0": "lower by less than 10%",
    "0": "the same in a day, divided otherwise",
    "+0": "higher by less than 10%",
    "+10": "higher by 10% to less than 25%",
    "+25": "higher by 25% to less than 50%",
    "+50": "higher by 50% to less than 100%",
    "+100": "doubled, or more than doubled",
}
#: Fields of a synthetic patient that are said where they are not what is usual.
_SAID = (
    "dialysis",
    "organ",
    "formulation",
    "venous_access",
    "renal_weight",
    "dosing_weight",
    "anc",
    "platelets",
    "haemoglobin",
    "taking",
    "region",
    "last_doses",
    "surveillance_to",
)
_USUAL = {"dialysis": "none", "venous_access": "central"}
_USUAL |= dict.fromkeys(("renal_weight", "dosing_weight"), "actual")


@dataclass(frozen=True, slots=True)
class Line:
    """One count with its share of the whole."""

    text: str
    count: str
    percent: str


@dataclass(frozen=True, slots=True)
class Row:
    """One regimen or drug: how many of how many, by kind of change."""

    name: str
    total: str
    different: str
    percent: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic patient, with both answers in words."""

    number: str
    regimen: str
    facts: str
    change: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example that changes."""

    name: str
    change: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactView:
    """Everything the reviewer sees of the impact."""

    headline: str
    patients: str
    kinds: tuple[Line, ...]
    shares: tuple[Line, ...]
    regimens: tuple[Row, ...]
    unchanged_regimens: tuple[str, ...]
    drugs: tuple[Row, ...]
    people: tuple[Person, ...]
    examples: tuple[Example, ...]
    examples_text: str
    broken: tuple[str, ...]
    picture: ImpactPicture | None


def impact_view(found: Impact, before: Formulary, after: Formulary) -> ImpactView:
    """The result of a run in words, with the names of both editions."""
    names = _Names(before, after)
    different = sum(found.changes.get(kind, 0) for kind in DOSED_DIFFERENTLY)
    changed = [row for row in found.regimens if set(row.changes) - {"same"}]
    return ImpactView(
        headline=_headline(found, different),
        patients=_count(found.patients),
        kinds=tuple(
            _line(KINDS[kind], found.changes[kind], found.patients)
            for kind in CHANGES
            if kind in found.changes
        ),
        shares=tuple(
            _line(SHARE_WORDS[share], found.shares[share], found.patients)
            for share in SHARES
            if share in found.shares
        ),
        regimens=tuple(_row(names.regimen(row.slug), row) for row in changed),
        unchanged_regimens=tuple(
            names.regimen(row.slug) for row in found.regimens if row not in changed
        ),
        drugs=tuple(_row(names.drug(row.slug), row) for row in found.drugs),
        people=tuple(_person(one, names) for one in found.affected),
        examples=tuple(
            Example(
                tall(one.slug),
                KINDS[one.change],
                tuple(names.sides(one.before)),
                tuple(names.sides(one.after)),
            )
            for one in found.examples_changed
        ),
        examples_text=f"{len(found.examples_changed)} of "
        f"{words.plural(found.examples, 'worked example')} "
        f"{'changes' if len(found.examples_changed) == 1 else 'change'}.",
        broken=tuple(
            f"{names.broken(place)}: {_count(count)}" for place, count in found.broken.items()
        ),
        picture=impact_picture(found, KINDS, SHARE_WORDS),
    )


def _count(value: int) -> str:
    return grouped(str(value))


def _line(text: str, count: int, whole: int) -> Line:
    return Line(text, _count(count), _percent(count, whole))


def _percent(count: int, whole: int) -> str:
    """A share of the whole; never "0%" for some, never "100%" for not all."""
    if not whole:
        return ""
    share = Fraction(100 * count, whole)
    if 0 < share < Fraction(1, 10):
        return "under 0.1%"
    if Fraction(999, 10) < share < 100:
        return "over 99.9%"
    return f"{at_most(share, 1)}%"


def _headline(found: Impact, different: int) -> str:
    if not different:
        others = found.patients - found.changes.get("same", 0)
        if not others:
            return f"Nothing changes for any of {_count(found.patients)} synthetic patients."
        return (
            f"No dose changes; for {_count(others)} of {_count(found.patients)} synthetic "
            "patients something else does."
        )
    return (
        f"{_count(different)} of {_count(found.patients)} synthetic patients "
        f"({_percent(different, found.patients)}) would be dosed differently."
    )


def _row(name: str, row: ByName) -> Row:
    different = sum(row.changes.get(kind, 0) for kind in DOSED_DIFFERENTLY)
    kinds = "; ".join(
        f"{KINDS[kind]}: {_count(row.changes[kind])}"
        for kind in CHANGES
        if kind in row.changes and kind != "same"
    )
    return Row(
        name,
        _count(row.total),
        _count(different),
        _percent(different, row.total),
        kinds or KINDS["same"],
    )


class _Names:
    """Names of drugs and regimens; the new edition's where both have one."""

    def __init__(self, before: Formulary, after: Formulary) -> None:
        self.drugs = {**before.drugs, **after.drugs}
        self.regimens = {**before.regimens, **after.regimens}

    def drug(self, slug: str) -> str:
        known = self.drugs.get(slug)
        return tall(slug) if known is None else words.full_name(known)

    def regimen(self, slug: str) -> str:
        known = self.regimens.get(slug)
        return tall(slug) if known is None else known.title

    def broken(self, place: str) -> str:
        slug, _, why = place.partition(": ")
        return f"{self.regimen(slug)} ({why})"

    def sides(self, found: tuple[Side, ...]) -> Iterator[str]:
        """Each order of one side; one sentence where there is no plan at all."""
        if not found:
            yield "No plan."
        for one in found:
            name = self.drug(one.drug) if one.drug else "Watched without a drug"
            yield f"{name}: {_side(one)}"


def _side(one: Side) -> str:
    last = "no end set" if one.last is None else f"to day {one.last}"
    if not one.drug:
        return f"from day {one.first} {last}"
    if one.reason:
        return f"not given, {one.reason.replace('-', ' ')}"
    dose = amount(Fraction(one.dose_mg), "mg", 2)
    return f"{dose} {words.FREQUENCIES[one.frequency]}, from day {one.first} {last}"


def _person(one: Affected, names: _Names) -> Person:
    change = KINDS[one.change]
    if one.drug:
        change = f"{names.drug(one.drug)}: {change}"
    if one.ratio:
        ratio = Fraction(one.ratio)
        told = percent(Fraction(1), ratio) if ratio != 1 else "the same"
        change = f"{change}; in a day {told}"
    return Person(
        _count(one.number),
        names.regimen(one.regimen),
        facts_words(one.facts),
        change,
        tuple(names.sides(one.before)),
        tuple(names.sides(one.after)),
    )


def facts_words(facts: PatientFacts) -> str:
    """A synthetic patient in one line."""
    age = written("age_months" if facts.age_months is not None else "age_years", _age(facts))
    parts = [facts.sex or "sex not stated", age]
    if facts.weight_kg is not None:
        parts.append(amount(facts.weight_kg, "kg", 2))
    if facts.height_cm is not None:
        parts.append(amount(facts.height_cm, "cm", 1))
    if facts.creatinine is not None:
        parts.append(f"creatinine {_creatinine(facts.creatinine)}")
    if facts.baseline_creatinine is not None:
        name = label("baseline_creatinine")
        parts.append(f"{name} {_creatinine(facts.baseline_creatinine)}")
    for protein in (facts.urine_protein, facts.urine_protein_mg_dl):
        if protein is not None:
            parts.append(f"urine protein {protein_words(protein)}")
    if facts.crcl_ml_min is not None:
        parts.append(f"clearance {amount(facts.crcl_ml_min, 'mL/min', 4)}")
    for name in _SAID:
        value = getattr(facts, name)
        if value not in (None, (), {}, _USUAL.get(name)):
            said = written(name, value)
            parts.append(said if name == "dialysis" else f"{label(name)} {said}")
    parts += [words.ANSWERS.get(name, name) for name, said in facts.conditions.items() if said]
    parts += [
        words.ANSWERS.get(slug, f"allergy to {words.CO_MEDICATIONS.get(slug, slug)}")
        for slug in facts.allergies
    ]
    return ", ".join(parts)


def _age(facts: PatientFacts) -> object:
    return facts.age_months if facts.age_months is not None else facts.age_years


def _creatinine(value: Creatinine) -> str:
    unit = "µmol/L" if value.unit == "umol/L" else value.unit
    return f"{at_most(value.value, 4)}{NBSP}{unit}"
