"""Tests of `routecomp diff`."""
