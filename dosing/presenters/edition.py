"""A formulary as a key, so that what follows from the content alone is worked out once."""

from __future__ import annotations

from dosing.engine.formulary import Formulary


class Edition:
    """The same object is the same edition; a formulary itself is too large to hash."""

    def __init__(self, formulary: Formulary) -> None:
        self.formulary = formulary

    def __hash__(self) -> int:
        return id(self.formulary)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edition) and other.formulary is self.formulary
