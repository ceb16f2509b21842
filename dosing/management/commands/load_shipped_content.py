"""`manage.py load_shipped_content`: the shipped edition into an empty database, once.

A newer one waits as an upgrade.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dosing.content.frozen import Unreadable
from dosing.content.load import Loaded, load_shipped
from dosing.content.rows import UnbuiltRows, UnknownSource
from dosing.content.upgrade import current, standing
from dosing.presenters.upgrade import counted


class Command(BaseCommand):
    """Say in plain words what was loaded, or why nothing was changed."""

    help = "Load the shipped clinical content; where there is content already, a newer one waits."

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
    if done.problem:
        return [
            "Nothing was changed. The product brings a newer edition, which cannot wait as an "
            f"upgrade before the working rows are mended: {done.problem}.",
            live,
        ]
    if done.arrived:
        return [f"No row was changed. A newer edition waits as an upgrade: {_where()}.", live]
    if current():
        return [f"Nothing was changed. Upgrade: {_where()}.", live]
    return ["Nothing was changed: the content was loaded before.", live]


def _where() -> str:
    """The last upgrade in a few words, for whoever reads the log of a start."""
    upgrade = current()
    assert upgrade is not None
    try:
        return f"{upgrade.now.edition}, {counted(standing(upgrade))}"
    except (Unreadable, UnbuiltRows) as problem:
        return f"{upgrade.now.edition}, {problem}"
