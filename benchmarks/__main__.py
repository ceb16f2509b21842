"""`make bench`: every figure beside its own reference, so that noisy machines can be compared."""

from __future__ import annotations

from . import engine, stream


def main() -> None:
    """Print all figures."""
    for part in (engine, stream):
        part.report()


if __name__ == "__main__":
    main()
