"""The sources of one answer, numbered in the order in which they are first cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dosing.engine.formulary import Source


@dataclass(frozen=True, slots=True)
class Cited:
    """One entry of the list of sources."""

    number: int
    title: str
    section: str
    edition: str
    note: str
    address: str

    @property
    def details(self) -> str:
        """Where in it, and which edition."""
        return ", ".join(part for part in (self.section, self.edition) if part)


class Citations:
    """Gives each source its number; a source cited twice keeps it."""

    def __init__(self, known: Mapping[str, Source]) -> None:
        self._known = known
        self._numbers: dict[str, int] = {}
        self._cited: list[Source] = []

    def __call__(self, slugs: Iterable[str]) -> tuple[int, ...]:
        """The numbers of these sources, each once, in rising order."""
        numbers = set()
        for slug in slugs:
            number = self._numbers.get(slug)
            if number is None:
                number = self._new(slug, self._known[slug])
            numbers.add(number)
        return tuple(sorted(numbers))

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """The numbers of sources given as such."""
        numbers = {self._numbers.get(one.slug) or self._new(one.slug, one) for one in sources}
        return tuple(sorted(numbers))

    def _new(self, slug: str, source: Source) -> int:
        self._cited.append(source)
        self._numbers[slug] = len(self._cited)
        return len(self._cited)

    def listed(self) -> tuple[Cited, ...]:
        """Every source cited so far, by number."""
        return tuple(
            Cited(
                number,
                source.title,
                source.section,
                source.edition,
                source.note,
                source.address,
            )
            for number, source in enumerate(self._cited, start=1)
        )


def by_document(cited: Iterable[Cited]) -> tuple[str, ...]:
    """Each document once, in the order of its first number, with what was cited from it."""
    documents: dict[tuple[str, str], list[Cited]] = {}
    for one in cited:
        documents.setdefault((one.title, one.edition), []).append(one)
    return tuple(_document(title, edition, parts) for (title, edition), parts in documents.items())


def _document(title: str, edition: str, parts: list[Cited]) -> str:
    name = f"{title}, {edition}" if edition else title
    if len(parts) == 1:
        (one,) = parts
        return f"[{one.number}] {name}{f', {one.section}' if one.section else ''}."
    sections = "; ".join(f"[{one.number}] {one.section}".rstrip() for one in parts)
    return f"{name}: {sections}."
