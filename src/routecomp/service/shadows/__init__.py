"""Mirror calls to the shadows of a feature, behind the answer and off its path."""
