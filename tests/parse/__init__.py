"""Tests of the parse stage: bytes to a positioned tree, and everything that is refused on the way."""
