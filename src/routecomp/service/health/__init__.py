"""Know which models cannot be called now, and why: circuits, limits, keys."""
