"""The twin, the strategies and the comparisons that keep the resolver equal to docs/semantics.md."""
