"""The project's settings with two more pages to compare with, and a folder of its own."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, TEMPLATES

FOLDER = Path(os.environ["BENCHMARK_FOLDER"])
DATABASES["default"]["NAME"] = FOLDER / "db.sqlite3"
STATIC_ROOT = FOLDER / "static"
ROOT_URLCONF = "benchmarks.web_urls"
TEMPLATES = [
    {**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "benchmarks" / "templates"]}
]
