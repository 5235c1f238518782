"""Two sides of a change in, what the change does out: in the domain's words, and as decisions that differ."""
