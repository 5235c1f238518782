"""Test proofs: what holds for every request, against the resolver asked one request at a time."""
