"""Text in, contract answer out: what the command and the API share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dosing.content.live import Live
from dosing.content.overdue import is_overdue
from dosing.intake import NotAnObject, parse

from .contract import Answer, calculate_payload, invalid


@dataclass(frozen=True, slots=True)
class Answerer:
    """One live edition and one date, answering any number of texts."""

    live: Live
    today: date

    @property
    def content(self) -> Mapping[str, object]:
        """The edition every answer names."""
        return {
            "release": self.live.edition,
            "approved": self.live.approved,
            "digest": self.live.digest,
            "review_by": self.live.formulary.review_by.isoformat(),
            "review_overdue": is_overdue(self.live.formulary.review_by, self.today),
        }

    def object(self, text: str) -> Answer:
        """The answer to one JSON object; raises NotAnObject for any other text."""
        return calculate_payload(
            parse(text), formulary=self.live.formulary, content=self.content, today=self.today
        )

    def line(self, text: str) -> Answer:
        """The answer to one line of a stream, whatever stands in it."""
        try:
            return self.object(text)
        except NotAnObject as problem:
            return invalid({"line": [str(problem)]})
