"""Write and judge SQL migrations (docs/semantics.md, section 8; docs/database.md)."""
