"""`manage.py make_demo_users`: one user for each role, with new passwords printed once."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

from dosing.content.roles import ROLES, set_up_roles

#: May read what everybody may read, and nothing else.
VISITOR = "visitor"


class Command(BaseCommand):
    """For a try-out, never for a ward: each run gives everyone another password."""

    help = "Make the users editor, reviewer, publisher and visitor, and print their passwords."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        set_up_roles()
        self.stdout.write("For a try-out only. Each run prints new passwords; the old ones end.")
        for name in (*ROLES, VISITOR):
            password = secrets.token_urlsafe(12)
            user, _ = User.objects.get_or_create(username=name)
            user.is_staff = name in ROLES
            user.set_password(password)
            user.save()
            user.groups.set(Group.objects.filter(name=name))
            self.stdout.write(f"{name:<10} {password}")
