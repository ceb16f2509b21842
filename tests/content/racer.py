"""A process of its own for test_races.py: takes a step when it is told to, a JSON line each."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from typing import Any

import django

Order = dict[str, Any]


def main() -> None:
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = os.environ["RACE_DATABASE"]
    for line in sys.stdin:
        order: Order = json.loads(line)
        while time.time() < order.get("at", 0):
            pass
        answer = _COMMANDS[order["do"]](order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def step(order: Order) -> str:
    """One step of the life cycle: "done", or why not."""
    from django.contrib.auth.models import User

    from dosing.content import lifecycle
    from dosing.models import ContentRelease

    release = ContentRelease.objects.get(pk=order["release"])
    by = User.objects.get(username=order["by"])
    try:
        getattr(lifecycle, order["step"])(release=release, by=by, reason="A race.")
    except lifecycle.NotAllowed as problem:
        return problem.reason
    return "done"


def live(order: Order) -> str:
    """What the next request of this process would calculate with."""
    from dosing.content.live import live_formulary

    return live_formulary().digest


def killed(order: Order) -> float:
    """The step in a child that is killed after so many seconds; how long it lived."""
    from django.db import connection

    connection.close()
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        if order.get("at_note"):
            _die_at_note(order["at_note"])
        step(order)
        os._exit(0)
    if order.get("within"):
        time.sleep(random.uniform(0, order["within"]))
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - begun


def _die_at_note(number: int) -> None:
    """Before the audit row of this number is written: between two changes of rows."""
    from dosing.content import lifecycle

    noting, left = lifecycle._note, number

    def note(*args: Any, **options: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        noting(*args, **options)

    lifecycle._note = note


_COMMANDS = {"step": step, "live": live, "killed": killed}


if __name__ == "__main__":
    main()
