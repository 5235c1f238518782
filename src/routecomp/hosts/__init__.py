"""Call the hosts that a project declares, from an operator's terminal."""
