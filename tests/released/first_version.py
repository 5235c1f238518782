"""Fill a folder with the example as version 0.1.0 left it, at commit 7dd767a, and with a database of that time."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.released.add import HERE

PROJECT = HERE / "7dd767a"
RESOLVER = HERE / "resolvers" / "1.0.py"
DATABASE = "routing.db"
_SETTINGS = 'key_names: ["*_API_KEY", "*_KEY", "*_TOKEN", "AWS_BEARER_TOKEN_*", "AZURE_OPENAI_API_KEY_*"]\n'
_DUMP = HERE / "databases" / "0.1.0.sql"
"""What the runner of 0.1.0 left in a SQLite file, its ledger included."""


def fill(root: Path) -> None:
    """Copy the YAML and the output folder, and make the database beside them, which Git does not see."""
    shutil.copytree(PROJECT, root, dirs_exist_ok=True)
    shutil.copyfile(RESOLVER, root / "generated" / "resolver.py")
    with closing(sqlite3.connect(root / DATABASE)) as database:
        database.executescript(_DUMP.read_text(encoding="utf-8"))
    (root / ".gitignore").write_text(f"{DATABASE}\n", encoding="ascii")


def allow_its_keys(root: Path) -> None:
    """Write the settings that docs/upgrade.md asks for: one variable is called otherwise than keys are by default."""
    (root / "routecomp.yaml").write_text(_SETTINGS, encoding="ascii")
