"""Find every decision that differs between two compiled tables."""
