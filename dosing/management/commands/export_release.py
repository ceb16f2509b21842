"""`manage.py export_release [ID]`: one release as a file, on standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from dosing.content.release_file import ReleaseFileError, written
from dosing.models import ContentRelease


class Command(BaseCommand):
    """The live release, or the one named by its number, digest or edition."""

    help = "Write a release to standard output (default: the live one)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "id", nargs="?", help="number, digest or edition; default: the live one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(written(_found(options["id"])))
        except ReleaseFileError as problem:
            raise CommandError(str(problem)) from problem


def _found(name: str | None) -> ContentRelease:
    if name is None:
        release = ContentRelease.objects.live()
        if release is None:
            raise CommandError("No release is live. Name one: its number, digest or edition.")
        return release
    named = Q(digest=name) | Q(edition=name)
    if name.isascii() and name.isdigit() and len(name) < 10:
        named |= Q(pk=int(name))
    match list(ContentRelease.objects.filter(named)[:2]):
        case [release]:
            return release
        case []:
            raise CommandError(f"There is no release {name}.")
        case _:
            raise CommandError(f"More than one release is called {name}: name its digest.")
