"""Keep what tenants may spend: what is left of a budget, what calls under way may take of it, and what they took."""
