"""Describe each changed value of the YAML as a row."""
