"""Load conformance tests and hostile files from `../shared/data/yaml`; the repository does not hold them."""

from __future__ import annotations

import tarfile
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "yaml"
SUITE = FOLDER / "yaml_test_suite_half_a.tar.gz"
NASTY = FOLDER / "nasty"
ABSENT = "../shared/data/yaml is absent: the YAML test suite and the hostile files are not run"


def suite() -> dict[str, dict[str, str]]:
    """The documents of the YAML test suite: id to file name to text; empty without the archive.

    Files: `in.yaml`, `===` (name), `in.json` (value), `error` (must be refused), `test.event`.
    """
    suite: dict[str, dict[str, str]] = {}
    if SUITE.exists():
        with tarfile.open(SUITE) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    folder, _, name = member.name.removeprefix("./").rpartition("/")
                    suite.setdefault(folder, {})[name] = file.read().decode("utf-8")
    return {folder: files for folder, files in sorted(suite.items()) if "in.yaml" in files}
