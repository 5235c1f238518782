"""Hold the parts of the resolver, which routecomp.runtime.assemble joins into one file."""
