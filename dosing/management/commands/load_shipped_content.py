"""`manage.py load_shipped_content`: the shipped edition into an empty database, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dosing.content.load import Loaded, load_shipped
from dosing.content.rows import UnknownSource


class Command(BaseCommand):
    """Say in plain words what was loaded, or why nothing was changed."""

    help = "Load the shipped clinical content, unless there is any content already."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_shipped(timezone.localdate())
        except UnknownSource as problem:
            raise CommandError(f"The shipped content was not loaded: {problem}") from problem
        except ValueError as problem:
            raise CommandError(f"The shipped content cannot be read: {problem}") from problem
        for sentence in _sentences(done):
            self.stdout.write(sentence)


def _sentences(done: Loaded) -> list[str]:
    live = f"Live: {done.live.edition}, {done.live.digest}." if done.live else "No release is live."
    if done.findings:
        return [
            "Loaded the shipped content, but it did not go live. In the way:",
            *(f"- {finding}" for finding in done.findings),
            live,
        ]
    if done.loaded:
        return ["Loaded the shipped content and made it live.", live]
    if done.differs:
        return [
            "Nothing was changed. The shipped files differ from what was once loaded from them; "
            "they never replace rows that may have been edited.",
            live,
        ]
    return ["Nothing was changed: the content was loaded before.", live]
