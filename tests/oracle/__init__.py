"""A second, deliberately naive calculator written from the tables alone.

It shares no line with the product, so that a mistake has to be made twice to go unseen.
"""

from tests.oracle.whole import answer

__all__ = ["answer"]
