"""Whether this machine can make PDF: Pango's libraries, and the fonts with their checksums."""

from __future__ import annotations

import ctypes
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Warning, register

#: Debian's package → the library WeasyPrint opens. Where systems name libraries otherwise,
#: WeasyPrint itself is asked.
LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
}
FASTER = {"libharfbuzz-subset0": "libharfbuzz-subset.so.0"}


@register
def paper_can_be_made(**kwargs: Any) -> list[CheckMessage]:
    """Warn where PDF cannot be made; a font that is not the one we ship is an error."""
    return [*_libraries(), *_fonts()]


def _libraries() -> list[CheckMessage]:
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for package, library in LIBRARIES.items() if not _opens(library)]
    if missing:
        return [
            Warning(
                f"No PDF on this machine: {' and '.join(missing)} cannot be opened.",
                hint=f"Debian, Ubuntu: sudo apt-get install {' '.join(missing)}. Until then the "
                "plan sheet and the downtime paper still print from the browser.",
                id="dosing.W001",
            )
        ]
    return [
        Warning(
            f"PDF takes longer here than it need: {package} cannot be opened.",
            hint=f"Debian, Ubuntu: sudo apt-get install {package}.",
            id="dosing.W002",
        )
        for package, library in FASTER.items()
        if not _opens(library)
    ]


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _fonts() -> list[CheckMessage]:
    sums = finders.find("fonts/SHA256SUMS")
    if not sums:
        return [_font("The fonts of the sheet are missing.")]
    folder = Path(sums).parent
    found: list[CheckMessage] = []
    for line in Path(sums).read_text(encoding="ascii").splitlines():
        expected, name = line.split()
        file = folder / name
        if not file.is_file():
            found.append(_font(f"The font {name} is missing."))
        elif sha256(file.read_bytes()).hexdigest() != expected:
            found.append(_font(f"The font {name} is not the one that was shipped."))
    return found


def _font(sentence: str) -> Error:
    return Error(
        sentence,
        hint="A sheet printed without it may lack signs. Put back the folder static/fonts.",
        id="dosing.E001",
    )
