"""Measure what calls came to: the rows that services write, experiments compared, and what models answer with."""
