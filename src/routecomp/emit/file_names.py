"""Name the files of the output folder, migrations apart."""

ROUTING_TABLE = "routing_table.json"
FALLBACK = "fallback.json"
RESOLVER = "resolver.py"
