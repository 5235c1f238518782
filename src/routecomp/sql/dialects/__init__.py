"""Write SQL for each database: a file for each dialect, what it must answer (`dialect`), the list (`registry`)."""
