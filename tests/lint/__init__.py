"""Tests of the rules of SQL."""
