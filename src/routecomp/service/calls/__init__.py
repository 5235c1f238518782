"""Run a call: walk a decision's chain under one deadline, whole answers and streams, sync and async."""
