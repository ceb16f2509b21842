"""`manage.py set_up_roles`: the groups editor, reviewer and publisher."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dosing.content.roles import ROLES, set_up_roles


class Command(BaseCommand):
    """Safe to repeat: members stay, permissions become again what the roles need."""

    help = "Make the groups of the content's life cycle, or mend their permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        set_up_roles()
        self.stdout.write(f"Groups: {', '.join(ROLES)}.")
