"""`manage.py verify_release FILE`: exit status 0 only if the file's digest holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dosing.content.release_file import ReleaseFileError, read


class Command(BaseCommand):
    """Needs no database: a file can be held against its digest anywhere."""

    help = "Say whether a release's digest holds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = read(options["file"])
        except ReleaseFileError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"The digest holds: {found.edition}, {found.digest}.")
