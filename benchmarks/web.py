"""Pages under load beside bare pages of the same project, and what a first visit transfers."""

from __future__ import annotations

import re
import shutil
import statistics

from .server import CONNECTIONS, WORKERS, Ask, Load, answer, form, load, served

ROUNDS = 5
FIRST_VISIT_KB = 40


def report() -> None:
    """Print both ratios with their parts, and the bytes of a first visit."""
    with served() as port:
        fragment = form(port, "/", **{"HX-Request": "true", "X-Follow": "1"})
        page = form(port, "/")
        _, html = answer(port, page)
        rows = html.count(b"<tr")
        asks = {
            "fragment": fragment,
            "small": Ask("/reference/small/"),
            "page": page,
            "filled": form(port, "/reference/filled/", **{"X-Rows": str(rows)}),
        }
        # In turn, so that a busy moment of the machine falls on all of them.
        seen: dict[str, list[Load]] = {name: [] for name in asks}
        for _ in range(ROUNDS):
            for name, ask in asks.items():
                seen[name].append(load(port, ask))
        client = "wrk" if shutil.which("wrk") else "threads"
        print(f"pages, {CONNECTIONS} connections by {client} on {WORKERS} workers:")
        _compare("htmx fragment, ibd-colitis", seen["fragment"], "small", seen["small"], 0.5)
        _compare(f"whole page, {rows} rows", seen["page"], "the form, filled", seen["filled"], 0.6)
        p99 = statistics.median(one.p99 for one in seen["fragment"])
        print(f"  p99 of the fragment: {p99:.0f} ms (aim: under 100 ms)")
        _first_visit(port)


def _compare(name: str, ours: list[Load], bare: str, theirs: list[Load], aim: float) -> None:
    """Medians over the rounds, and the median of the rounds' ratios."""
    ratio = statistics.median(
        one.rate / other.rate for one, other in zip(ours, theirs, strict=True)
    )
    rates = [statistics.median(one.rate for one in some) for some in (ours, theirs)]
    print(
        f"  {name}: {rates[0]:.0f}/s; bare page ({bare}): {rates[1]:.0f}/s; ratio {ratio:.2f} "
        f"(aim: {aim} or more)"
    )


def _first_visit(port: int) -> None:
    """Bytes of the page and of everything it names, as a browser would have them sent."""
    accepting = {"Accept-Encoding": "gzip, br"}
    _, page = answer(port, Ask("/", headers=accepting | {"Accept-Encoding": "identity"}))
    named = sorted({*re.findall(rb'(?:href|src)="(/static/[^"]+)"', page)})
    sizes = {"page": len(answer(port, Ask("/", headers=accepting))[1])}
    for path in named:
        response, body = answer(port, Ask(path.decode(), headers=accepting))
        assert response.status == 200, path
        name = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", path.decode().rpartition("/")[2])
        sizes[name] = len(body)
    parts = ", ".join(f"{name} {size / 1000:.1f}" for name, size in sizes.items())
    total = sum(sizes.values()) / 1000
    print(f"first visit: {total:.1f} kB (aim: {FIRST_VISIT_KB} kB or less): {parts}")
