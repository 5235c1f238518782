"""Serve calls from a routing table inside a program: tables, calls, health and capture (docs/service.md)."""
