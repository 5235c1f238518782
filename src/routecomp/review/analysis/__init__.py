"""Prove what holds for every request: exact regions of requests, and what one table answers there beside another."""
