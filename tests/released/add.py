"""Keep what a release ships: the example's table, its fallback file, 200 decisions and the resolver (CONTRIBUTING.md).

python -m tests.released.add NAME    writes tables/NAME/ and resolvers/NAME.py beside this file, and their digests

`7dd767a/` is the example as it stood at that commit, the first one that others could use: its YAML and what `compile`
made of it. Its resolver is `resolvers/1.0.py`, and `databases/0.1.0.sql` is what its runner made of the migrations.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
GENERATED = Path(__file__).parents[2] / "generated"
DIGESTS = HERE / "SHA256SUMS"
KEPT = 200


def add(name: str) -> None:
    """Copy the files of `generated/` and the first vectors, which show every kind of answer."""
    table = HERE / "tables" / name
    table.mkdir()
    for file in ("routing_table.json", "fallback.json"):
        (table / file).write_bytes((GENERATED / file).read_bytes())
    vectors = json.loads((GENERATED / "vectors.json").read_text(encoding="ascii"))["vectors"][:KEPT]
    lines = (json.dumps(vector, separators=(",", ":")) for vector in vectors)
    (table / "decisions.jsonl").write_text("\n".join(lines) + "\n", encoding="ascii")
    (HERE / "resolvers" / f"{name}.py").write_bytes((GENERATED / "resolver.py").read_bytes())
    DIGESTS.write_text(digests(), encoding="ascii")


def digests() -> str:
    """Return the digest and the path of each kept file, as sha256sum writes them."""
    folders = ("tables/*/*", "resolvers/*.py", "surface/*.json", "databases/*.sql", "7dd767a/**/*")
    files = sorted(path for folder in folders for path in HERE.glob(folder) if path.is_file())
    return "".join(f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE).as_posix()}\n" for path in files)


if __name__ == "__main__":
    add(sys.argv[1])
