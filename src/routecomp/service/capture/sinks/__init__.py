"""Take rows to where they are kept."""
