"""`manage.py impact RUN ATTEMPT`: work one run of the impact; the pages start it."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dosing.content.impact_run import run_impact

#: The site goes first.
NICENESS = 10


class Command(BaseCommand):
    """Calculate the synthetic population with two releases; the row holds progress and result."""

    help = "Work a run of the impact that a page has started."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, help="the row's number")
        parser.add_argument("attempt", type=int, help="which start of it this is")

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(NICENESS)
        run_impact(pk=options["run"], attempt=options["attempt"])
