"""Write the migrations that bring the schema of released ones to the one that this version of routecomp wants."""
