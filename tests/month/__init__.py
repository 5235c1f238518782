"""Play a busy month of a company: pull requests, merges and deployments of one project on real databases."""
