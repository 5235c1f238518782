"""Judge LiteLLM files: one file for each rule (RC7)."""
