"""Turn the files of LiteLLM into an imported project."""
