"""What differs between two editions: nothing is missed, and doses are compared by clearance."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given

from dosing.content.diff import KINDS, WEIGHTS, differences, weight_of
from dosing.content.pairing import text_of
from dosing.engine.formulary import DoseTable, Drug, Formulary, Regimen
from dosing.presenters.difference import HEADINGS, sentences
from dosing.presenters.field_words import FIELDS
from tests.engine.formularies import formularies, laws

from .bands import TABLE
from .small_formulary import small_formulary

# Every field of every dataclass, one at a time


def classes() -> list[type]:
    """Every dataclass a formulary is made of, found from the types alone."""
    found: list[type] = [Formulary]
    for kind in found:
        for hint in typing.get_type_hints(kind).values():
            found += [one for one in _inside(hint) if one not in found]
    return found


def _inside(hint: Any) -> Iterator[type]:
    if is_dataclass(hint):
        yield typing.cast(type, hint)
    for argument in typing.get_args(hint):
        yield from _inside(argument)


FIELDS_OF_ALL = [(kind, spec.name) for kind in classes() for spec in fields(kind)]
#: One value is allowed: an edition of another format is not read at all.
FIXED = {(Formulary, "format")}

WAYS = ["vial", "bottle", "oral"]
SHORT = ["full_first_phase_days", "course_days_after_short_phase"]
Rebuild = typing.Callable[[Any], Any]


def objects(value: Any, rebuild: Rebuild) -> Iterator[tuple[Any, Rebuild]]:
    """Every dataclass inside, with the way to the whole edition with another in its place."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value, rebuild
        for spec in fields(value):
            inner = getattr(value, spec.name)

            def with_field(new: Any, name: str = spec.name) -> Any:
                return rebuild(replace(value, **{name: new}))

            yield from objects(inner, with_field)
    elif isinstance(value, Mapping):
        for key, item in value.items():

            def with_item(new: Any, key: Any = key) -> Any:
                return rebuild({**value, key: new})

            yield from objects(item, with_item)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):

            def with_place(new: Any, place: int = place) -> Any:
                return rebuild((*value[:place], new, *value[place + 1 :]))

            yield from objects(item, with_place)


def others(value: Any) -> Iterator[Any]:
    """Other values of a field; a class may refuse some of them."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, D):
        yield from (
            value + 1,
            value / 2,
            D(f"{value}.0") if "." not in str(value) else value + D(9),
        )
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, str):
        yield from (f"{value}x", "", "q24h", "q12h", "note", "caution", "anc", "cbc", "liver")
        yield from ("give", "advise", "oral", "mL/min/kg", "prevention", "maintenance", "days")
        yield from ("carbamazepine", "1+", "3+")
    elif isinstance(value, Mapping):
        yield dict(list(value.items())[1:])
        yield {**value, "new": next(iter(value.values()), True)}
    elif isinstance(value, tuple):
        yield value[1:]
        yield (*value, *value[:1])
        yield from ((1,), ("ibd",), ("gut",), (D(1),))
    elif value is None:
        yield from (D(1), 1, "x")
    if not isinstance(value, tuple):
        yield None


def together(kind: type, name: str) -> dict[str, Any]:
    """What must change with a field for the class to be built at all."""
    drugs = small_formulary().drugs.values()
    ways = {way: next(getattr(one, way) for one in drugs if getattr(one, way)) for way in WAYS}
    if kind is Drug and name in WAYS:
        other = WAYS[WAYS.index(name) - 1]
        return dict.fromkeys(WAYS) | {other: ways[other]}
    if kind is DoseTable and name == "formula":
        formulas = [table.formula for one in drugs for table in one.tables.values()]
        return {"rows": (), "formula": next(one for one in formulas if one)}
    if kind is DoseTable and name == "rows":
        return {"rows": TABLE, "formula": None}
    if kind is Regimen and name in SHORT:
        return {SHORT[0]: 21, SHORT[1]: 28}
    return {}


def changed(kind: type, name: str) -> Iterator[tuple[Formulary, Any]]:
    """The small edition with this field changed, once at every object of the class."""
    everything = objects(small_formulary(), lambda whole: whole)
    of_kind: list[tuple[Any, Rebuild]] = [one for one in everything if type(one[0]) is kind]
    for item, rebuild in of_kind:
        value = getattr(item, name)
        for other in others(value):
            try:
                new = replace(item, **{name: other} | together(kind, name))
                whole = rebuild(new)
            except (ValueError, TypeError):
                continue
            if text_of(getattr(new, name)) != text_of(value):
                yield whole, item
                break


@pytest.mark.parametrize(
    ("kind", "name"),
    [pair for pair in FIELDS_OF_ALL if pair not in FIXED],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_no_field_can_change_unseen(kind: type, name: str) -> None:
    before = small_formulary()
    tried = 0
    for after, _ in changed(kind, name):
        tried += 1
        found = differences(before, after)
        assert found, (kind, name)
        assert all(one.weight in WEIGHTS and one.kind in KINDS for one in found)
        said = sentences(before, after)
        assert len(said) == len(found)
        assert all(one.strip() for one in said)
        for one in found:
            assert text_of(one.before) != text_of(one.after)
    assert tried, f"nothing of {kind.__name__}.{name} was ever changed: the test tests nothing"


def test_a_field_that_the_walk_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: without its net, a walk that sees nothing is caught."""
    from dosing.content import diff

    monkeypatch.setattr(diff, "_field", lambda *given: iter(()))
    monkeypatch.setattr(diff, "_leaf", lambda *given: None)
    (after, _), *_ = changed(DoseTable, "title")
    assert differences_are_empty(small_formulary(), after)


def differences_are_empty(before: Formulary, after: Formulary) -> bool:
    from dosing.content import diff

    return [one for one in diff._object((), before, after) if one is not None] == []


@given(formularies(), formularies())
@laws(30)
def test_no_difference_means_the_same_digest(one: Formulary, other: Formulary) -> None:
    assert differences(one, one) == ()
    assert differences(other, other) == ()
    assert bool(differences(one, other)) == (text_of(one) != text_of(other))
    assert len(sentences(one, other)) == len(differences(one, other))


def test_every_field_has_words() -> None:
    assert {name for _, name in FIELDS_OF_ALL} - set(FIELDS) == set()


def test_every_weight_has_a_heading_in_the_same_order() -> None:
    assert tuple(HEADINGS) == WEIGHTS


def test_what_nobody_classified_counts_as_a_dose() -> None:
    assert weight_of(int, "anything") == "dose"


def test_rows_without_a_name_in_another_order_are_told_by_their_old_places() -> None:
    """Induction and maintenance swapped must not read as if nothing had changed."""
    before = small_formulary()
    regimen = next(one for one in before.regimens.values() if len(one.phases) > 1)
    swapped = replace(regimen, phases=(*regimen.phases[1:], regimen.phases[0]))
    after = replace(before, regimens={**before.regimens, regimen.slug: swapped})
    (moved,) = [one for one in differences(before, after) if one.kind == "moved"]
    places = [str(place) for place in range(1, len(regimen.phases) + 1)]
    assert moved.before == tuple(places)
    assert moved.after == (*places[1:], places[0])
