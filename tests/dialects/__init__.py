"""Dialects: a third one compiles, and nothing outside of their folder names one."""
