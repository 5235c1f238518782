"""Show what a change does: as changed values of the YAML, and as decisions that differ."""
