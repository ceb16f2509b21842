"""Faults in rules and texts that keep content from being released."""

from __future__ import annotations

from dataclasses import replace

from dosing.engine.formulary import Formulary, Rule

from . import faults


def differing_on_nothing(content: Formulary) -> Formulary:
    return _differing(content, ())


def differing_on_the_unknown(content: Formulary) -> Formulary:
    return _differing(content, (next(iter(content.regimens)), "old-regimen"))


def taking_the_unheard(content: Formulary) -> Formulary:
    source = next(iter(content.sources))
    rule = Rule(code="x", level="note", text="X.", when="taking:aspirin", sources=(source,))
    slug, regimen = next(iter(content.regimens.items()))
    changed = replace(regimen, rules=(*regimen.rules, rule))
    return replace(content, regimens={**content.regimens, slug: changed})


def _differing(content: Formulary, regimens: tuple[str, ...]) -> Formulary:
    slug, one = next(iter(content.disagreements.items()))
    changed = replace(one, regimens=regimens)
    return replace(content, disagreements={**content.disagreements, slug: changed})


def an_allergy_nobody_asks(content: Formulary) -> Formulary:
    drug = faults.drug_by(content, "vial")
    rules = (replace(drug.rules[0], when="allergy:gancyclovir"), *drug.rules[1:])
    return faults.change_drug(content, "vial", rules=rules)
