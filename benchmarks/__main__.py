"""`make bench`: every figure beside its own reference, so that noisy machines can be compared."""

from __future__ import annotations

from . import engine, impact, pdf, stream, web


def main() -> None:
    """Print all figures."""
    for part in (engine, impact, stream, web, pdf):
        part.report()


if __name__ == "__main__":
    main()
