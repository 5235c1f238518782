"""Find what no request reaches, and what changes no decision: each proven for every request."""
