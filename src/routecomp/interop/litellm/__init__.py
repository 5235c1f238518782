"""Read the configuration files of LiteLLM, and judge them."""
