#!/usr/bin/env python3
"""Django's command line: `.venv/bin/python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        # Started with the system's Python, most likely.
        raise SystemExit(
            "Django is not here. Run `make setup`, then .venv/bin/python manage.py …"
        ) from missing
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
