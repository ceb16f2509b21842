"""The sheet as PDF from the template the browser prints: tagged, equal inputs, equal bytes."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class OnlyOurFonts(URLFetcher):
    """Lets a page fetch nothing but the fonts that come with the product."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Open a font file; anything else ends the rendering."""
        if not url.startswith(_folder("fonts").as_uri()):
            raise FatalURLFetchingError(f"a sheet may not fetch {url}")
        return super().fetch(url, headers)


def pdf(html: str, stylesheet: str = "css/sheet.css") -> bytes:
    """Render a page that needs nothing but its stylesheet to PDF/UA-1 bytes."""
    fetcher = OnlyOurFonts(allowed_protocols=("file",))
    page = HTML(string=html, url_fetcher=fetcher, base_url=_folder("css").as_uri() + "/")
    return page.write_pdf(
        stylesheets=[_css(stylesheet)],
        font_config=_fonts(),
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
        # Otherwise random: the identifier follows the content, so equal sheets are equal files.
        pdf_identifier=sha256(html.encode()).digest()[:16],
    )


@cache
def _fonts() -> FontConfiguration:
    """One for the process: each new one keeps a quarter of a megabyte for good."""
    return FontConfiguration()


@cache
def _css(name: str) -> CSS:
    """A stylesheet, parsed once."""
    fetcher = OnlyOurFonts(allowed_protocols=("file",))
    path = _folder("css") / Path(name).name
    return CSS(
        string=path.read_text(),
        base_url=_folder("css").as_uri() + "/",
        url_fetcher=fetcher,
        font_config=_fonts(),
    )


@cache
def _folder(name: str) -> Path:
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(f"the static folder {name} is missing")
    return Path(found).resolve()
