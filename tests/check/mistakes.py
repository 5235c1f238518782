"""Draw one mistake at a time in the living example, as people make them.

Each kind of mistake takes the project and a source of chance, and returns the project with one mistake in it, where it
is, and whether it is surely one: a line that may be left out is none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from routecomp.parse import parse
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

ROOT = Path(__file__).parents[2]
Files = dict[str, bytes]
FOLDERS = ("routes", "policies", "experiments")
ONCE = ("defaults", "scoring", "resilience", "preferences")
NAMES = ("models", "routes", "variants", "floors")
"""Keys below which the keys are names of the author's own."""
REFERENCES: tuple[str, ...] = (
    "provider",
    "fallback",
    "then",
    "model",
    "models",
    "routes",
    "preset",
    "stacks",
    "banned_models",
)
REFERENCES += ("banned_providers", "preferred_providers", "clamp", "logical", "winner")
WORDS = ("status", "objective", "on_pause", "unknown_tenant", "active", "listed", "archived", "fallback_enabled")
REQUIRED: tuple[str, ...] = (
    "provider",
    "quality",
    "price",
    "latency_ms",
    "context_window",
    "adapter",
    "base_url",
    "chat_path",
    "stack",
)
REQUIRED += ("public_model_id", "variants", "candidates", "weight", "input", "output", "best", "worst", "version")


@dataclass(frozen=True)
class Mistake:
    """A project with one mistake: what was done, in which file, in the body of which line, and whether it is sure."""

    files: Files
    what: str
    path: str
    body: str
    is_sure: bool


def example() -> Files:
    """Return the YAML files of the living example."""
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.yaml")))
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


@dataclass(frozen=True)
class Place:
    """A node of a file: the keys above it, whether it is a key, and its first and last offset."""

    path: str
    keys: tuple[str, ...]
    is_key: bool
    node: Node

    @property
    def body(self) -> str:
        """The section and the name of the body around it."""
        return ".".join(self.keys[:2])


def places(path: str, text: str) -> list[Place]:
    """Return every scalar of a file."""
    root = parse(path, text.encode()).root
    assert root is not None

    def below(node: Node, keys: tuple[str, ...]) -> Iterator[Place]:
        if isinstance(node, Mapping):
            for key, value in node.items:
                yield Place(path, (*keys, key.text), True, key)
                yield from below(value, (*keys, key.text))
        elif isinstance(node, Sequence):
            for item in node.items:
                yield from below(item, keys)
        else:
            yield Place(path, keys, False, node)

    return list(below(root, ()))


def is_name(place: Place) -> bool:
    """Return whether a key is a name of the author's own: a slug, a model in a row, a floor."""
    keys = place.keys
    return (len(keys) == 2 and keys[0] not in ONCE) or (len(keys) > 2 and keys[-2] in NAMES and keys[0] != "targets")


def slip(chance: random.Random, word: str) -> str:
    """Return a word with one slip: a letter dropped, doubled, changed or swapped."""
    inner = [index for index, letter in enumerate(word) if letter.isalpha()]
    index = chance.choice(inner)
    kind = chance.randrange(4)
    if kind == 0 and len(word) > 3:
        return word[:index] + word[index + 1 :]
    if kind == 1:
        return word[:index] + word[index] * 2 + word[index + 1 :]
    if kind == 2 and index + 1 < len(word) and word[index] != word[index + 1] and word[index + 1].isalpha():
        return word[:index] + word[index + 1] + word[index] + word[index + 2 :]
    return word[:index] + chance.choice("qxzk".replace(word[index], "")) + word[index + 1 :]


class Drawer:
    """The example, and what is known of it: its places and all words in it."""

    def __init__(self) -> None:
        self.files = example()
        self.texts = {path: data.decode() for path, data in self.files.items()}
        self.places = {path: places(path, text) for path, text in self.texts.items()}
        self.words = set(re.findall(r"[a-z0-9_.-]+", " ".join(self.texts.values())))

    def draw(self, chance: random.Random, kind: str | None = None) -> Mistake:
        """Draw a mistake, of one kind or of any."""
        while True:
            name = kind or chance.choice(list(KINDS))
            mistake = KINDS[name](self, chance)
            if mistake is not None:
                return mistake

    def path(self, chance: random.Random) -> str:
        """Draw a file."""
        return chance.choice(list(self.files))

    def changed(self, path: str, text: str, what: str, body: str, is_sure: bool = True) -> Mistake | None:
        """Return the project with one file changed; None where nothing changed."""
        if text == self.texts[path]:
            return None
        return Mistake({**self.files, path: text.encode()}, what, path, body, is_sure)

    def with_slip(self, chance: random.Random, wanted: Callable[[Place], bool], is_sure: bool = True) -> Mistake | None:
        """Make a slip in one of the scalars that are wanted; never one that is another word of the example."""
        path = self.path(chance)
        candidates = [place for place in self.places[path] if wanted(place)]
        if not candidates:
            return None
        place = chance.choice(candidates)
        node = place.node
        assert isinstance(node, Scalar)
        new = slip(chance, node.text)
        if new in self.words or not node.plain or new in ("on", "off", "yes", "no", "y", "n"):
            return None
        text = self.texts[path]
        line = node.span.line
        what = f"{path}:{line}: {node.text} -> {new}"
        return self.changed(path, text[: node.start] + new + text[node.end :], what, place.body, is_sure)

    def lines(self, path: str) -> list[int]:
        """Return the indices of lines that hold more than a comment."""
        return [
            index
            for index, line in enumerate(self.texts[path].split("\n"))
            if line.strip() and not line.lstrip().startswith("#")
        ]

    def body_at(self, path: str, line: int) -> str:
        """Return the body around a line, counted from 0."""
        bodies = [place.body for place in self.places[path] if place.node.span.line <= line + 1]
        return bodies[-1] if bodies else ""

    def block(self, path: str, line: int) -> int:
        """Return the index behind the last line of the block that begins at a line."""
        lines = self.texts[path].split("\n")
        depth = len(lines[line]) - len(lines[line].lstrip())
        end = line + 1
        while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
            end += 1
        return end

    def edited(
        self,
        chance: random.Random,
        edit: Callable[[list[str], int, int], str],
        wanted: Callable[[str], bool],
        sure: bool,
    ) -> Mistake | None:
        """Edit the lines at a line that is wanted; `edit` gets the lines, the line and the end of its block."""
        path = self.path(chance)
        lines = self.texts[path].split("\n")
        candidates = [index for index in self.lines(path) if wanted(lines[index])]
        if not candidates:
            return None
        index = chance.choice(candidates)
        line = lines[index]
        what = edit(lines, index, self.block(path, index))
        return self.changed(
            path, "\n".join(lines), f"{path}:{index + 1}: {what}: {line.strip()}", self.body_at(path, index), sure
        )


def typo_in_key(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A key of the format is misspelt."""
    return drawer.with_slip(chance, lambda place: place.is_key and len(place.keys) > 1 and not is_name(place))


def typo_in_section(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A section is misspelt."""
    return drawer.with_slip(chance, lambda place: place.is_key and len(place.keys) == 1)


def typo_in_declaration(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A name is misspelt where it is declared; nothing may name it, and then it is another name."""
    return drawer.with_slip(chance, lambda place: place.is_key and is_name(place), is_sure=False)


def typo_in_reference(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A name is misspelt where it is used."""
    return drawer.with_slip(
        chance,
        lambda place: (
            not place.is_key
            and (place.keys[-1] in REFERENCES or (len(place.keys) > 1 and place.keys[-2] == "routes"))
            and place.keys[-1] != "candidates"
        ),
    )


def typo_in_word(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A word of a closed vocabulary is misspelt."""
    return drawer.with_slip(chance, lambda place: not place.is_key and place.keys[-1] in WORDS)


def delete_line(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A line is gone."""

    def edit(lines: list[str], index: int, end: int) -> str:
        del lines[index]
        return "line deleted"

    return drawer.edited(chance, edit, lambda line: True, False)


def delete_block(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A line is gone with all that is indented below it: a body, a section, a key with its value."""

    def edit(lines: list[str], index: int, end: int) -> str:
        del lines[index:end]
        return "block deleted"

    return drawer.edited(chance, edit, lambda line: line.rstrip().endswith(":"), False)


def delete_required(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A required key is gone, with its value."""

    def edit(lines: list[str], index: int, end: int) -> str:
        del lines[index:end]
        return "required key deleted"

    return drawer.edited(chance, edit, lambda line: line.strip().partition(":")[0] in REQUIRED[:9], True)


def indent_line(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A line is indented one or two too deep or too little, or not at all."""
    by = chance.choice((-2, -1, 1, 2, -99))

    def edit(lines: list[str], index: int, end: int) -> str:
        spaces = len(lines[index]) - len(lines[index].lstrip())
        lines[index] = " " * max(0, spaces + by) + lines[index].lstrip()
        return f"line indented by {by}"

    return drawer.edited(chance, edit, lambda line: True, False)


def unindent_body(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """All that stands below a line is indented as the line is, or one less than it was, or not at all."""
    by = chance.choice((1, 2, 99))

    def edit(lines: list[str], index: int, end: int) -> str:
        for below in range(index + 1, end):
            spaces = len(lines[below]) - len(lines[below].lstrip())
            lines[below] = lines[below][min(by, spaces) :]
        return f"the block below indented by {-by}"

    return drawer.edited(chance, edit, lambda line: line.rstrip().endswith(":"), False)


def move_file(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A file lies in another folder."""
    path = drawer.path(chance)
    folder, _, rest = path.partition("/")
    other = chance.choice([name for name in FOLDERS if name != folder])
    files = {name: data for name, data in drawer.files.items() if name != path}
    files[f"{other}/moved-{rest.replace('/', '-')}"] = drawer.files[path]
    return Mistake(files, f"{path} moved to {other}/", path, "", True)


def move_body(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A body stands under the section of another kind, in that section's file."""
    path, other = drawer.path(chance), drawer.path(chance)
    lines, target = drawer.texts[path].split("\n"), drawer.texts[other].split("\n")
    bodies = [index for index in drawer.lines(path) if re.fullmatch(r"  [a-z0-9._-]+:", lines[index])]
    section = drawer.places[path][0].keys[0]
    into = [index for index, line in enumerate(target) if re.fullmatch(r"[a-z]+:", line)]
    into = [index for index in into if target[index][:-1] not in (*ONCE, section)]
    if not bodies or not into or section in ONCE or path == other:
        return None
    index, place = chance.choice(bodies), chance.choice(into)
    end = drawer.block(path, index)
    what = f"{path}:{index + 1}: {lines[index].strip()} moved to {other}:{place + 2}"
    body = drawer.body_at(path, index)
    target[place + 1 : place + 1] = lines[index:end]
    del lines[index:end]
    if not any(re.fullmatch(r"  [a-z0-9._-]+:", line) for line in lines):
        return None
    files = {**drawer.files, path: "\n".join(lines).encode(), other: "\n".join(target).encode()}
    return Mistake(files, what, other, body, section != "presets")  # a tenant may have all that a preset has


def repeat_line(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A line stands there twice."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines.insert(index, lines[index])
        return "line repeated"

    return drawer.edited(chance, edit, lambda line: True, False)


def repeat_body(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A body stands there twice, in one file or in two."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[end:end] = lines[index:end]
        return "body repeated"

    return drawer.edited(chance, edit, lambda line: re.fullmatch(r"  [a-z0-9._-]+:", line) is not None, True)


def no_colon(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """The colon behind a key is missing."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = lines[index].replace(":", "", 1)
        return "colon missing"

    return drawer.edited(chance, edit, lambda line: re.match(r" *[a-z0-9_.-]+:", line) is not None, True)


def no_space(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """The space behind a colon is missing."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = re.sub(r": +", ":", lines[index], count=1)
        return "space behind the colon missing"

    return drawer.edited(chance, edit, lambda line: re.match(r" *[a-z0-9_.-]+: ", line) is not None, True)


def open_quote(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A quote is opened before a value and not closed."""
    quote = chance.choice("\"'")

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = lines[index].replace(": ", f": {quote}", 1)
        return f"{quote} not closed"

    return drawer.edited(chance, edit, lambda line: re.match(r" *[a-z0-9_.-]+: [^\[{]", line) is not None, True)


def open_bracket(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A bracket or brace is not closed."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = lines[index][: max(lines[index].rfind("]"), lines[index].rfind("}"))]
        return "bracket not closed"

    return drawer.edited(chance, edit, lambda line: line.rstrip().endswith(("]", "}")), True)


def tab(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A line is indented with a tab."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = "\t" + lines[index].lstrip()
        return "tab"

    return drawer.edited(chance, edit, lambda line: line.startswith("  "), True)


def delete_section(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """The line of a section is gone; its bodies are there."""

    def edit(lines: list[str], index: int, end: int) -> str:
        del lines[index]
        return "section's line deleted"

    return drawer.edited(chance, edit, lambda line: re.fullmatch(r"[a-z]+:", line) is not None, True)


def move_to_end(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A body stands at the end of another file, below whatever section that ends with."""
    path, other = drawer.path(chance), drawer.path(chance)
    lines = drawer.texts[path].split("\n")
    section, last = drawer.places[path][0].keys[0], drawer.places[other][-1].keys[0]
    bodies = [index for index in drawer.lines(path) if re.fullmatch(r"  [a-z0-9._-]+:", lines[index])]
    if not bodies or section in ONCE or last == section:
        return None
    index = chance.choice(bodies)
    end = drawer.block(path, index)
    text = drawer.texts[other].rstrip("\n") + "\n\n" + "\n".join(lines[index:end]).rstrip("\n") + "\n"
    what = f"{path}:{index + 1}: {lines[index].strip()} moved to the end of {other}"
    del lines[index:end]
    files = {**drawer.files, path: "\n".join(lines).encode(), other: text.encode()}
    return Mistake(files, what, other, drawer.body_at(path, index), section != "presets")


def mark_in_text(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A text begins with a sign that YAML reads."""
    sign = chance.choice("*&!%@`")

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = lines[index].replace("description: ", f"description: {sign}", 1)
        return f"{sign} before the text"

    return drawer.edited(chance, edit, lambda line: re.match(r" *description: [A-Za-z]", line) is not None, True)


def comma_forgotten(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """The comma between two entries of a list, or two pairs in braces, is missing."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = lines[index].replace(", ", " ", 1)
        return "comma missing"

    return drawer.edited(
        chance, edit, lambda line: re.match(r" *(?!aliases)[a-z_]+: [\[{][^#\"]*, ", line) is not None, True
    )


def in_per_cent(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """All shares of 1 in one mapping are written in per cent, with the sign or without."""
    sign = chance.choice(("", "%", " %"))

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = re.sub(r"0\.([1-9][0-9])\b", rf"\1{sign}", lines[index])
        return "in per cent"

    return drawer.edited(chance, edit, lambda line: re.search(r"(weights|floors): {", line) is not None, True)


def decimal_commas(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """All numbers of one mapping have decimal commas."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = re.sub(r"(: [0-9]+)\.([0-9])", r"\1,\2", lines[index])
        return "decimal commas"

    return drawer.edited(chance, edit, lambda line: re.search(r": {[^#]*: [0-9]+\.[0-9]", line) is not None, True)


def flat_prices(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """The two prices of a model stand in its body, under longer names."""
    form = chance.choice(("price_{}", "{}_price", "{}", "price{}"))

    def edit(lines: list[str], index: int, end: int) -> str:
        written = dict(re.findall(r"(input|output): ([0-9.]+)", lines[index]))
        lines[index : index + 1] = [f"    {form.format(name)}: {value}" for name, value in written.items()]
        return f"prices as {form}"

    return drawer.edited(chance, edit, lambda line: line.startswith("    price: {"), True)


def slug_with_owner(drawer: Drawer, chance: random.Random) -> Mistake | None:
    """A name is declared with what stands before a slash elsewhere."""

    def edit(lines: list[str], index: int, end: int) -> str:
        lines[index] = "  owner/" + lines[index].lstrip()
        return "name with a slash"

    return drawer.edited(chance, edit, lambda line: re.fullmatch(r"  [a-z0-9._-]+:", line) is not None, False)


KINDS: dict[str, Callable[[Drawer, random.Random], Mistake | None]] = {
    kind.__name__: kind
    for kind in (
        typo_in_key,
        typo_in_section,
        typo_in_declaration,
        typo_in_reference,
        typo_in_word,
        delete_line,
        delete_block,
        delete_required,
        indent_line,
        unindent_body,
        move_file,
        move_body,
        repeat_line,
        repeat_body,
        no_colon,
        no_space,
        open_quote,
        open_bracket,
        tab,
        delete_section,
        move_to_end,
        mark_in_text,
        comma_forgotten,
        in_per_cent,
        decimal_commas,
        flat_prices,
        slug_with_owner,
    )
}
