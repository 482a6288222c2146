"""The sample company: three years of one fictional business, with the truth behind its numbers.

It stands alone: it writes files as any team would, and knows nothing of what reads them.
"""

from mopsnb.sample.generation import generate

__all__ = ["generate"]
