"""A database at its URL, and the migrations of a folder: applied, taken back, compared (docs/database.md)."""
