"""Read the text of SQL migrations, for the rules RC6xx."""
