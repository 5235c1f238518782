"""Ask the resolver what a project's expectations say, and write them as decided today."""
