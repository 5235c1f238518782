"""Apply, take back and compare the migrations of a folder at a database's URL (docs/database.md)."""
