"""Hold the table that serves: read it, try it, keep it, and swap it when another one is there."""
