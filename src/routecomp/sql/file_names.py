"""Say what migration files are called, for those who look at a folder and compile nothing."""

from __future__ import annotations

import re

FOLDER = "migrations"
"""Where the migrations lie in the output folder, a folder for each dialect."""
FILE = re.compile(r"(?P<id>(?P<number>[0-9]{4,})_[a-z0-9._-]+)\.(?P<way>up|down)\.sql", re.ASCII)
BASELINE = "0001_baseline"
STEP = re.compile(r"[0-9]{4,}_schema_[0-9a-f]{8}(_[a-z0-9_]+)?", re.ASCII)
"""The ids of the migrations of a schema step; those of rows begin with the kind of a body."""
WRITTEN_BY = "Written by routecomp compile"
"""What the second line of each migration begins with: a file without it is nobody's draft."""
OUTSIDE = "-- routecomp:no-transaction"
"""The line that says of a migration that it runs outside of a transaction."""
STANDS_FOR = "-- routecomp:stands-for "
"""What a line begins with that names migrations of other dialects which this one does the work of, apart by spaces."""
PROMOTED = "-- routecomp:promoted "
"""What a line of a baseline begins with that says what the ledger holds of a feature where tables were renamed."""
_WORD = r"[a-z0-9._-]+"
HEAD_LINE = re.compile(
    rf"{OUTSIDE}|{STANDS_FOR}[0-9]{{4,}}_{_WORD}( [0-9]{{4,}}_{_WORD})*|{PROMOTED}{_WORD}( {_WORD}){{3}}", re.ASCII
)
"""What a line of a head is that is one of those above; their names are of the form that slugs have."""
CATCH_UP = "catch-up"
"""What the name of a migration begins with that brings to one dialect what the others have got without it."""
