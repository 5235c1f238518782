"""SQL: a program in, migrations for PostgreSQL and SQLite out (docs/semantics.md, section 8; docs/database.md)."""
