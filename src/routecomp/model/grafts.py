"""Read a file as it was meant: with a section under its right name, or with its line above the lines that lack it."""

from __future__ import annotations

from routecomp.parse.document import Parsed
from routecomp.parse.file_tree import FileTree
from routecomp.parse.tree import Mapping, Node, Scalar


def renamed_section(tree: FileTree, key: Scalar, name: str) -> FileTree:
    """Return the file with another name for one of its sections."""
    root = _root(tree)
    named = Scalar(key.file, key.start, key.end, name, True)
    return _with_root(tree, [(named if other is key else other, value) for other, value in root.items])


def section_above(tree: FileTree, keys: list[Scalar], name: str) -> FileTree:
    """Return the file with a section that holds some of its keys; it stands where the first of them does."""
    root = _root(tree)
    lines = [(key, value) for key, value in root.items if key in keys]
    others = [(key, value) for key, value in root.items if key not in keys]
    first, last = lines[0][0], lines[-1][1]
    named = Scalar(first.file, first.start, first.end, name, True)
    return _with_root(tree, [*others, (named, Mapping(first.file, first.start, last.end, lines, False))])


def _root(tree: FileTree) -> Mapping:
    """Return the sections of a file."""
    root = tree.root
    assert isinstance(root, Mapping)
    return root


def _with_root(tree: FileTree, items: list[tuple[Scalar, Node]]) -> FileTree:
    """Return the file with other sections."""
    root = _root(tree)
    return FileTree.of(
        Parsed(tree.parsed.source, Mapping(root.file, root.start, root.end, items, root.flow), tree.parsed.diagnostics)
    )
