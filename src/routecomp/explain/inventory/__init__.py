"""List and describe what a project declares."""
