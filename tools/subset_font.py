"""Make the sheet's font: DejaVu Sans, cut down to what a sheet can hold, the same bytes every time.

Run once by a developer: .venv/bin/python tools/subset_font.py FOLDER, where FOLDER holds
DejaVuSans.ttf and DejaVuSans-Bold.ttf (Debian: /usr/share/fonts/truetype/dejavu). The results and
their checksums are kept in static/fonts; tests read every sheet's characters against them.
"""

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent.parent / "static" / "fonts"
CHARACTERS = [
    *range(0x20, 0x7F),  # letters and figures
    *range(0xA0, 0x180),  # accents, × ÷ ² µ and the space that keeps a unit with its number
    *range(0x370, 0x400),  # Greek
    *range(0x2010, 0x2028),  # dashes, quotation marks, bullets
    0x202F,
    0x2030,
    0x2060,  # keeps mg/kg on one line
    *range(0x2070, 0x2090),  # superscripts and subscripts
    *range(0x2190, 0x2196),  # arrows
    *(0x2212, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265),  # − √ ∞ ≈ ≠ ≤ ≥
    *range(0x25A0, 0x2600),  # squares, triangles, circles: the severity signs
    *(0x2610, 0x2611, 0x2612, 0x26A0, 0x2713, 0x2717, 0x2B22, 0x2BC3),  # boxes to tick, signs
]


def main() -> None:
    source = Path(sys.argv[1])
    sums = []
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        font = TTFont(source / name, recalcTimestamp=False)
        options = subset.Options()
        options.layout_features = ["kern", "tnum", "mark", "ccmp"]
        options.hinting = False
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence stays in the file
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=CHARACTERS)
        cutter.subset(font)
        target = TARGET / name
        font.save(target)
        sums.append(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {name}\n")
    (TARGET / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()
