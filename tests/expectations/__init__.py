"""Tests of expectations: what they say, what came of them, and how they are written."""
