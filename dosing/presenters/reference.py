"""Published doses as their sources print them, by drug."""

from __future__ import annotations

from dataclasses import dataclass

from dosing.engine.formulary import Formulary

from . import words
from .sources import Citations, Cited


@dataclass(frozen=True, slots=True)
class Published:
    """What is published for one situation."""

    situation: str
    text: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class PublishedDrug:
    """One drug with everything published about it."""

    name: str
    brands: str
    rows: tuple[Published, ...]


def published(formulary: Formulary) -> tuple[PublishedDrug, ...]:
    """Every drug that has published doses, in the content's order."""
    return tuple(
        PublishedDrug(
            words.full_name(drug),
            drug.brands,
            tuple(
                Published(one.situation, one.text, _cited(one.sources, formulary))
                for one in drug.published_doses
            ),
        )
        for drug in formulary.drugs.values()
        if drug.published_doses
    )


def _cited(slugs: tuple[str, ...], formulary: Formulary) -> tuple[Cited, ...]:
    cite = Citations(formulary.sources)
    cite(slugs)
    return cite.listed()
