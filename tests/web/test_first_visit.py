"""The first visit is small, and a page without scripts empties itself as well."""

import gzip
import re
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client

from dosing.models import ContentRelease

from .patients import FIRST

Asking = Callable[..., HttpResponse]
MOST_BYTES = 40_000
HEADERS = 1_500


def test_the_first_visit_is_under_forty_kilobytes(client: Client, content: ContentRelease) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    html = gzip.decompress(answer.content).decode()
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html))
    assert {"css/app.css", "js/calculator.js"} < files
    sizes = {name: len(gzip.compress(found(name))) for name in files}
    assert sum(sizes.values()) + len(answer.content) + HEADERS < MOST_BYTES, sizes


def found(name: str) -> bytes:
    path = finders.find(name)
    assert path, name
    with open(path, "rb") as file:
        return file.read()


def test_without_scripts_an_answer_leaves_by_itself(posted: Asking, settings: Any) -> None:
    settings.IDLE_SECONDS = 777
    html = posted(FIRST).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="777;url=/"></noscript>' in html


def test_the_empty_page_stays(client: Client, content: ContentRelease) -> None:
    assert "http-equiv" not in client.get("/").content.decode()
