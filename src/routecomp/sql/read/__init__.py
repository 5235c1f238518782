"""The text of SQL migrations in, what is dangerous in them out: rules RC6xx."""
