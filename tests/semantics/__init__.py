"""A hand-worked case for every sentence of docs/semantics.md, sections 4 to 6."""
