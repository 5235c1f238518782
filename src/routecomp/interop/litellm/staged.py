"""Choose what to lint of the files that a commit changes: none of other tools, and parts with what includes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from routecomp.interop.litellm.foreign import TOP_LEVEL
from routecomp.interop.litellm.read import bytes_of, read_litellm
from routecomp.model.suggest import typo_of

_KEY = re.compile(r"^\{?[ ]?[\"']?([A-Za-z_][A-Za-z0-9_-]*)[\"']?[ ]*:(?=\s|$)", re.MULTILINE)
_INCLUDES = re.compile(r"^[\"']?include[\"']?[ ]*:", re.MULTILINE)
_MOST = 200
"""Files that are looked at for what they include."""


def files_to_lint(paths: Sequence[Path]) -> list[Path]:
    """Return the files of `paths` that may be of LiteLLM, and those nearby that include one of them.

    Nearby are the files in the same folder and in those above, up to the working directory. Raises OSError where one of
    `paths` cannot be read.
    """
    own = [path for path in paths if _may_be_of_litellm(_text(path))]
    wanted = {path.resolve() for path in own}
    roots = [
        path
        for path in islice(_including(own), _MOST)
        if not wanted.isdisjoint(Path(source.path).resolve() for source in read_litellm([path]).files[1:])
    ]
    return list(dict.fromkeys((*own, *roots)))


def _may_be_of_litellm(text: str) -> bool:
    """Return whether a text has a section of LiteLLM, perhaps a misspelt one, or no keys at all."""
    keys = {match[1] for match in _KEY.finditer(text)}
    return not keys or any(key in TOP_LEVEL or typo_of(key, TOP_LEVEL) is not None for key in keys)


def _including(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the YAML files near some files that include others."""
    top = Path.cwd()
    folders: dict[Path, None] = {}
    for path in paths:
        folder = path.parent
        folders[folder] = None
        while folder.resolve() != top and folder.resolve().is_relative_to(top):
            folder = folder.parent if folder.name not in ("", "..") else folder / ".."
            folders[folder] = None
    for folder in folders:
        for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
            if path.is_file() and _INCLUDES.search(_text(path)) is not None:
                yield path


def _text(path: Path) -> str:
    """Return the text of a file, as far as a file may be long."""
    return bytes_of(path).decode("utf-8", "replace")
