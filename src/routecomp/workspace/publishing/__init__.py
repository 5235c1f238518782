"""Publish releases: folders of tables that services read, each under a higher number."""
