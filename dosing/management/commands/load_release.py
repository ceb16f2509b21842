"""`manage.py load_release FILE`: a release from elsewhere as a draft, to be reviewed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dosing.content.lifecycle import findings_of
from dosing.content.release_file import ReleaseFileError, load_draft, read


class Command(BaseCommand):
    """An approval elsewhere is none here: an editor sends it for review, a reviewer approves."""

    help = "Bring a release in as a draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            release, new = load_draft(file=read(file), reason=f"From the file {file.name}.")
        except ReleaseFileError as problem:
            raise CommandError(str(problem)) from problem
        if not new:
            self.stdout.write(f"Nothing was changed: {release.edition} is here already.")
            return
        self.stdout.write(f"Loaded {release.edition} as a draft, {release.digest}.")
        if found := findings_of(release):
            self.stdout.write("In the way of a review here:")
            for finding in found:
                self.stdout.write(f"- {finding}")
        self.stdout.write("It is not used until it was reviewed, approved and set live.")
