"""Test the parse stage: the tree with its positions, and everything that is refused."""
