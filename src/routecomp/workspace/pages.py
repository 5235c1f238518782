"""Find the pages of the documentation that lie in the package, by the names people give them, and search them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from routecomp import version
from routecomp.workspace.problem import Problem

_ENDING = ".md"
_INDEX = "README"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name (`settings`, `rules/RC301`), its file and its title."""

    name: str
    path: str
    title: str

    @property
    def text(self) -> str:
        """The page as markdown, without what is said to those who edit it."""
        with open(self.path, encoding="utf-8") as file:
            return re.sub(r"\A<!--.*?-->\s*", "", file.read(), flags=re.DOTALL)


def pages_folder() -> str:
    """Return the folder that holds the pages: in the package, or in the checkout that the package is run from."""
    package = os.path.dirname(os.path.abspath(version.__file__))
    checkout = os.path.join(package, os.pardir, os.pardir)
    for folder, proof in ((package, "docs"), (checkout, "pyproject.toml")):
        if os.path.exists(os.path.join(folder, proof)):
            return os.path.normpath(os.path.join(folder, "docs"))
    raise Problem("this installation has no pages", "install routecomp again, from a whole wheel")


def pages() -> dict[str, Page]:
    """Return every page by its name; the index of a folder has the folder's name."""
    folder = pages_folder()
    listed = {}
    for above, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if not file.endswith(_ENDING):
                continue
            path = os.path.join(above, file)
            name = os.path.relpath(path, folder).replace(os.sep, "/").removesuffix(_ENDING)
            name = name.removesuffix(f"/{_INDEX}")
            listed[name] = Page(name, path, _title(path, name))
    return listed


def find_page(name: str, listed: Mapping[str, Page]) -> Page | None:
    """Return the page that a name means, as in a link too (`rules/RC301.md`, `RC301`, `rc301`); None for none."""
    wanted = (
        re.sub(r"\A(\.\.?/)+", "", name)
        .removeprefix("docs/")
        .removesuffix(_ENDING)
        .removesuffix(f"/{_INDEX}")
        .casefold()
    )
    for page in listed.values():
        if wanted in (page.name.casefold(), page.name.rpartition("/")[2].casefold()):
            return page
    return None


def section_of(text: str, anchor: str) -> str | None:
    """Return the part of a page under the heading that an anchor (`#who-may-write`) leads to; None where none does."""
    lines = text.split("\n")
    headings = [(number, line) for number, line in enumerate(_without_code(lines)) if re.match(r"#+ ", line)]
    for position, (number, line) in enumerate(headings):
        if _anchor(line) == anchor.casefold():
            level = len(line) - len(line.lstrip("#"))
            ends = [later for later, other in headings[position + 1 :] if len(other) - len(other.lstrip("#")) <= level]
            return "\n".join(lines[number : ends[0] if ends else None]).rstrip("\n") + "\n"
    return None


def anchors_of(text: str) -> list[str]:
    """Return the anchor of every heading of a page."""
    return [_anchor(line) for line in _without_code(text.split("\n")) if re.match(r"#+ ", line)]


def search(words: str, listed: Mapping[str, Page]) -> Iterator[tuple[Page, int, str]]:
    """Yield each line, with its page and number, that holds all words, in whatever order, in upper or lower case."""
    wanted = words.casefold().split()
    for page in listed.values():
        for number, line in enumerate(page.text.split("\n"), 1):
            if all(word in line.casefold() for word in wanted):
                yield page, number, line.strip()


def _title(path: str, name: str) -> str:
    """Return the first heading of a page, else its name."""
    with open(path, encoding="utf-8") as file:
        return next((line[2:].strip() for line in file if line.startswith("# ")), name)


def _without_code(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a page, and an empty one for each line of code."""
    inside = False
    for line in lines:
        fence = line.startswith("```")
        yield "" if inside or fence else line
        inside ^= fence


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets where markdown is shown."""
    text = re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().casefold())
    return text.replace(" ", "-")
