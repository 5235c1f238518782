"""Hand-worked cases for every sentence of docs/semantics.md, sections 4 to 6."""
