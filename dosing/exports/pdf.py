"""A page as PDF, by the template the browser prints: tagged, PDF/UA-1, equal inputs, equal bytes.

Importing this module opens Pango's libraries; where they are missing it raises OSError.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class OnlyOurFonts(URLFetcher):
    """Lets a page fetch nothing but the fonts that come with the product."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Open a font file; anything else ends the rendering."""
        folder, _, name = url.rpartition("/")
        if folder != _folder("fonts").as_uri() or not name.endswith(".ttf"):
            raise FatalURLFetchingError("paper may fetch its fonts and nothing else")
        return super().fetch(url, headers)


def pdf(html: str, stylesheet: str) -> bytes:
    """Render a page that needs nothing but its stylesheet to PDF/UA-1 bytes."""
    with _garbage_left():
        page = HTML(string=html, url_fetcher=_fetcher(), base_url=_base())
        return page.write_pdf(
            stylesheets=[_css(stylesheet)],
            font_config=_fonts(),
            # No identifier: a random one would make equal sheets different files.
            pdf_variant="pdf/ua-1",
        )


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Put off collecting garbage: in a tree of boxes that is still growing there is none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@cache
def _fonts() -> FontConfiguration:
    """One for the process: each new one keeps a quarter of a megabyte for good."""
    return FontConfiguration()


@cache
def _css(name: str) -> CSS:
    """A stylesheet, parsed once."""
    return CSS(
        string=(_folder("css") / Path(name).name).read_text(encoding="utf-8"),
        base_url=_base(),
        url_fetcher=_fetcher(),
        font_config=_fonts(),
    )


@cache
def _fetcher() -> OnlyOurFonts:
    return OnlyOurFonts(allowed_protocols=("file",))


def _base() -> str:
    return f"{_folder('css').as_uri()}/"


@cache
def _folder(name: str) -> Path:
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(f"the static folder {name} is missing")
    return Path(found).resolve()
