"""Prove the claims of a project: what its authors promise of every request."""
