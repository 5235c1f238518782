"""Run the services of examples/ for real, against a server that plays their hosts with faults."""
