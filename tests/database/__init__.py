"""Tests of the migrations on the databases themselves."""
