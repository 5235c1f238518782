"""Document the findings of proofs: one file a rule."""
