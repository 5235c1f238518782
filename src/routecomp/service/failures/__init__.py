"""Tell what an exception or an answer of a provider means, by its shape alone: no client is imported."""
