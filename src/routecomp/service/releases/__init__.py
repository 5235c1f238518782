"""Read published sets: what a release holds, who signed it, and where its files lie."""
