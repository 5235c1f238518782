"""Write a project's decisions as the configuration of another router, for one tenant or for the default policy."""
