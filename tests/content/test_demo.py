"""`make demo`: one user for each role, with a password that works until the next run."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

NAMES = ["editor", "reviewer", "publisher", "visitor"]


def made() -> dict[str, str]:
    out = io.StringIO()
    call_command("make_demo_users", stdout=out)
    return dict(line.split() for line in out.getvalue().splitlines()[1:])


@pytest.mark.django_db
def test_each_role_can_sign_in_and_does_its_own_part(client: Client) -> None:
    passwords = made()
    assert list(passwords) == NAMES
    assert len(set(passwords.values())) == 4
    for name in NAMES:
        assert client.login(username=name, password=passwords[name])
        page = client.get("/admin/")
        assert page.status_code == (302 if name == "visitor" else 200)
    rights = {
        name: {
            right
            for right in ("send", "review", "publish")
            if User.objects.get(username=name).has_perm(f"dosing.{right}_contentrelease")
        }
        for name in NAMES
    }
    assert rights == {
        "editor": {"send"},
        "reviewer": {"review"},
        "publisher": {"publish"},
        "visitor": set(),
    }


@pytest.mark.django_db
def test_a_second_run_ends_the_first_passwords(client: Client) -> None:
    before, after = made(), made()
    assert not client.login(username="editor", password=before["editor"])
    assert client.login(username="editor", password=after["editor"])
    assert User.objects.count() == 4
