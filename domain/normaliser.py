"""The version of our reading of text: what a delivered text becomes, in every module of it."""

from typing import Final

NORMALISER_VERSION: Final = "2"
"""Of characters, glyphs, names, identity numbers, dates and amounts together.

It stands in the record of every delivery; one read with another version is read again from the
bytes received. A test holds it to a digest of what comes out: change both together.
"""
