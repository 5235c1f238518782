"""Make the mutants of a source file: one small change each, by mutmut's operators, in a fixed order.

mutmut itself rewrites a file so that all mutants live in it and one is switched on. The resolver is copied byte for
byte and run as a program, so here each mutant is a file of its own; and besides functions, which are all that mutmut
mutates, the statements of modules and classes are mutated too.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import libcst
from mutmut.mutation.file_mutation import create_mutations

ROOT = Path(__file__).parents[2]
TARGETS = ("src/routecomp/table/rank.py", "src/routecomp/table/lower.py", "src/routecomp/runtime/resolver.py")


@dataclass(frozen=True)
class Mutant:
    """One change of a file: the lines before and after it, without their indentation.

    `function` is where it is (`module` or a class where it is in no function); `nth` tells apart equal changes of
    equal lines of one function. These five are its name, which survives when lines move.
    """

    file: str
    function: str
    before: str
    after: str
    nth: int
    _module: libcst.Module = field(repr=False, compare=False)
    statement: int = field(repr=False, compare=False)  # its number in the module
    _part: libcst.CSTNode = field(repr=False, compare=False)
    _old: libcst.CSTNode = field(repr=False, compare=False)
    _new: libcst.CSTNode = field(repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        return self.file, self.function, self.before, self.after, self.nth

    @property
    def is_definition(self) -> bool:
        """Whether it is in no function, but in the definitions of a module or a class."""
        return not isinstance(self._part, libcst.FunctionDef)

    @property
    def name(self) -> str:
        """A short name of the key."""
        return sha256(repr(self.key).encode()).hexdigest()[:16]

    def source(self) -> str:
        """Return the file with the change made."""
        body = list(self._module.body)
        changed = body[self.statement].deep_replace(self._old, self._new)
        assert isinstance(changed, libcst.BaseCompoundStatement | libcst.SimpleStatementLine)
        body[self.statement] = changed
        return self._module.with_changes(body=body).code

    def part(self) -> str:
        """Return the changed function alone (in a class without anything else, if it is a method), or the statement."""
        changed = self._part.deep_replace(self._old, self._new)
        if isinstance(changed, libcst.FunctionDef) and "." in self.function:
            name = libcst.Name(self.function.partition(".")[0])
            changed = libcst.ClassDef(name, libcst.IndentedBlock([changed]))
        assert isinstance(changed, libcst.CSTNode)
        return self._module.code_for_node(changed)

    def __str__(self) -> str:
        nth = f" (the {self.nth}th such)" if self.nth > 1 else ""
        lines = [f"{self.file}, {self.function}{nth}:"]
        lines += [f"    - {line}" for line in self.before.split("\n")]
        lines += [f"    + {line}" for line in self.after.split("\n")]
        return "\n".join(lines)


def mutants(file: str, only: frozenset[str] | None = None, commit: str | None = None) -> list[Mutant]:
    """Return the mutants of a file (its path from the repository's root), in the order of the source.

    `only` names functions: those of others are left out, which is quicker (and of the file, as `source` gives it).
    `commit` asks for the file as it was in that commit.
    """
    if commit is None:
        code = (ROOT / file).read_text(encoding="utf-8")
    else:
        show = ["git", "-C", str(ROOT), "show", f"{commit}:{file}"]
        code = subprocess.run(show, check=True, capture_output=True, encoding="utf-8").stdout
    if only is not None:
        whole = libcst.parse_module(code)
        kept = [one for one in whole.body if not only.isdisjoint(name for name, _ in _parts(one))]
        code = whole.with_changes(body=kept).code
    module, changes, _, _ = create_mutations(file, code)
    assert module.code == code
    places = _places(module)
    plain: dict[int, str] = {}
    seen: set[tuple[int, str]] = set()
    counts: Counter[tuple[str, str, str]] = Counter()
    found = []
    for change in changes:
        statement, function, part, shown = places[id(change.original_node)]
        if only is not None and function not in only:
            continue
        if id(shown) not in plain:
            plain[id(shown)] = module.code_for_node(shown)
        text = module.code_for_node(_changed(shown, change.original_node, change.mutated_node))
        if text == plain[id(shown)] or (id(shown), text) in seen:  # two operators may make the same change
            continue
        seen.add((id(shown), text))
        before, after = _lines(plain[id(shown)], text)
        counts[function, before, after] += 1
        found.append(
            Mutant(
                file,
                function,
                before,
                after,
                counts[function, before, after],
                module,
                statement,
                part,
                change.original_node,
                change.mutated_node,
            )
        )
    return found


def _changed(part: libcst.CSTNode, old: libcst.CSTNode, new: libcst.CSTNode) -> libcst.CSTNode:
    changed = part.deep_replace(old, new)
    assert isinstance(changed, libcst.CSTNode)
    return changed


def _places(module: libcst.Module) -> dict[int, tuple[int, str, libcst.CSTNode, libcst.CSTNode]]:
    """For each node: the number of its statement in the module, its function with its name, and what to show of it.

    That is its line, or the whole function where it is in the head of a compound statement.
    """
    places: dict[int, tuple[int, str, libcst.CSTNode, libcst.CSTNode]] = {}
    for number, statement in enumerate(module.body):
        for name, part in _parts(statement):
            stack: list[tuple[libcst.CSTNode, libcst.CSTNode]] = [(part, part)]
            while stack:
                node, shown = stack.pop()
                if isinstance(node, libcst.SimpleStatementLine):
                    shown = node
                places[id(node)] = number, name, part, shown
                stack.extend([(child, shown) for child in node.children])
    return places


def _parts(statement: libcst.CSTNode) -> Iterator[tuple[str, libcst.CSTNode]]:
    """Yield a statement of a module, and after a class its parts: the later one owns its nodes."""
    if isinstance(statement, libcst.FunctionDef):
        yield statement.name.value, statement
    elif isinstance(statement, libcst.ClassDef):
        name = statement.name.value
        yield name, statement
        for part in statement.body.body:
            yield (f"{name}.{part.name.value}" if isinstance(part, libcst.FunctionDef) else name), part
    else:
        yield "module", statement


def _lines(old: str, new: str) -> tuple[str, str]:
    """Return the lines that differ, without their indentation."""
    before, after = old.split("\n"), new.split("\n")
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return "\n".join(line.strip() for line in before), "\n".join(line.strip() for line in after)
