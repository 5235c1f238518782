"""Read the trees of all files into `Declared`: each body by itself, each error at its node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, error
from routecomp.diagnostics.once import one_for_each_name
from routecomp.model.across_models import AcrossModels
from routecomp.model.blocks import headless_block
from routecomp.model.foreign_names import section_help
from routecomp.model.grafts import renamed_section, section_above
from routecomp.model.invalid import Refused, quote_value
from routecomp.model.layout import (
    Lines,
    has_doubled_keys,
    hidden_names,
    holds_mappings,
    is_block,
    is_doubled,
    lacks_name,
    lines_of_file,
    lines_of_section,
    stated_slug,
    swallowed_sections,
)
from routecomp.model.meant_number import retyped
from routecomp.model.meant_reference import naming_declared
from routecomp.model.misplaced import is_empty, not_indented, stray_lines, wrong_folder, wrong_shape
from routecomp.model.project import Declared, Entry, body_key
from routecomp.model.sections import SECTIONS, Section, bodies_among_keys, owner_of, section_of_lines
from routecomp.model.slug_texts import slug_remedy
from routecomp.model.suggest import closest, suggestion, typo_of, with_article
from routecomp.model.validation_errors import explain_validation_error
from routecomp.parse.file_tree import FileTree
from routecomp.parse.scalars import SLUG
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, first_line_span
from routecomp.source.edits import Edit, Fix

MOST_IN_A_FILE = 1_000
"""Errors shown of the bodies of one file; further bodies that cannot be read are counted."""


Facts = list[tuple[str, str, Any]]
"""What a file without errors declares: section, slug and plain values of each body (see `Part.plain`)."""


def _is_near_section(text: str) -> bool:
    """Return whether an unknown key seems to be a misspelt section."""
    return closest(text, SECTIONS) is not None


class BodyReader:
    """The bodies and errors of the files read so far, which come in the order of their paths.

    Each path begins with `prefix`. Of two bodies of one name the first counts; a body with an error is left out.
    `broken`, `unnamed` and `incomplete` are as in `Declared`.
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.diagnostics: list[Diagnostic] = []
        self.entries: dict[str, dict[str, Entry[Any]]] = {name: {} for name in SECTIONS}
        self.seen: dict[str, dict[str, FileTree]] = {name: {} for name in SECTIONS}
        self.broken: dict[str, set[str]] = {}
        self.unnamed: dict[str, set[str]] = {}
        self.logical: dict[str, str] = {}  # the logical models of models that could not be read; empty for none
        self.incomplete: set[str] = set()
        self.bad_slugs: dict[str, Diagnostic] = {}  # where a name that is no slug is declared
        self.empty: dict[str, list[Diagnostic]] = {}  # sections that are null
        self.strayed: set[str] = set()  # sections of which a body or a key stands in another section
        self.strayed_keys: set[str] = set()  # the messages of such keys where they are missing
        self.across_models = AcrossModels()  # of models that could not be read
        self.room = MOST_IN_A_FILE  # errors of the current file that may still be shown
        self.hidden = 0  # bodies of the current file whose errors are not shown

    def pass_over(self, tree: FileTree) -> None:
        """Note a file that could not be parsed: what seems to be missing may stand in it, and is not reported."""
        folder = self.folder(tree.path)
        self.incomplete.update(name for name, section in SECTIONS.items() if section.folder == folder)

    def restore_file(self, tree: FileTree, facts: Facts) -> bool:
        """Take what a file declares from its facts; return False, and take nothing, if a name is taken already."""
        if any(slug in self.seen[name] for name, slug, _ in facts):
            return False
        for name, slug, values in facts:
            section = SECTIONS[name]
            self.seen[name][slug] = tree
            body = section.body.restore(values)
            self.entries[name][slug] = Entry(section.kind, slug, body, name, tree, section.once)
        return True

    def facts_of(self, tree: FileTree) -> Facts:
        """Return what a file without errors declares."""
        root = tree.root
        assert isinstance(root, Mapping)
        facts: Facts = []
        for key, value in root.items:
            name = key.text
            section = SECTIONS[name]
            slugs = (
                [section.kind] if section.once or not isinstance(value, Mapping) else [k.text for k, _ in value.items]
            )
            facts += [(name, slug, self.entries[name][slug].body.plain()) for slug in slugs]
        return facts

    def read_file(self, tree: FileTree) -> None:
        """Read every section of one file, those in the wrong folder too; add an error for each fault."""
        root = tree.root
        folder = self.folder(root.file.path)
        if not isinstance(root, Mapping):
            shape = "a list" if isinstance(root, Sequence) else "a single value"
            self.add(
                error(
                    "RC120",
                    f"the file holds {shape}; a mapping of sections is wanted",
                    first_line_span(root),
                    "begin the file with a section, as in `models:`",
                )
            )
            self.incomplete.update(name for name, section in SECTIONS.items() if section.folder == folder)
            return
        self.room, self.hidden = MOST_IN_A_FILE, 0
        if any(key.text not in SECTIONS for key, _ in root.dropped):
            self.pass_over(tree)  # the lines of several bodies at the left margin: there is no telling what is whose
            return
        if root.dropped:
            # A section that stands twice is read the first time; what the other one declares is not known.
            self.incomplete.update(key.text for key, _ in root.dropped if key.text in SECTIONS)
        misplaced: dict[str, list[Scalar]] = {}
        unknown: list[Scalar] = []
        for lines in self.lines_of_file(root):
            key, value, stray = lines
            if key is None or value is None or key.text not in SECTIONS:
                unknown += stray if key is None else [key]
                continue
            section = SECTIONS[key.text]
            if any(holds_mappings(root.get(line.text)) for line in stray):
                self.incomplete.add(key.text)  # bodies of the section stand below such a line
            if section.folder != folder:
                # The section is read all the same: its place is wrong, but references to its bodies are right.
                misplaced.setdefault(section.folder, []).append(key)
            if is_empty(value) and (stray or root.dropped):
                self.incomplete.add(key.text)
                if not root.dropped:  # else the key that stands twice is the mistake
                    self.add(not_indented(f"section `{key.text}`", key, stray))
            elif section.once and stray:
                self.seen[key.text][section.kind] = tree
                self.broken.setdefault(key.text, set()).add(section.kind)
                self.add(stray_lines(key, stray))
            elif section.once:
                self.read_body(key.text, section, section.kind, key, value, tree)
            elif stray and isinstance(value, Mapping) and not value.items:
                self.incomplete.add(key.text)
                self.add(stray_lines(key, stray))
            elif isinstance(value, Mapping):
                self.read_section(key.text, section, value, tree, stray)
            else:
                self.incomplete.add(key.text)
                self.add(
                    wrong_shape(f"section `{key.text}`", f"a mapping from {section.kind} names to bodies", key, value)
                )
                if is_empty(value):
                    self.empty.setdefault(key.text, []).append(self.diagnostics[-1])
        if unknown:
            self.report_unknown_sections(tree, root, unknown, folder)
        for right, keys in misplaced.items():
            self.add(wrong_folder(folder, right, keys))
        if self.hidden:
            self.add(
                error(
                    "RC120",
                    f"and {self.hidden:,} more bodies of this file cannot be read",
                    root.items[0][0].span,
                    "their findings show once the ones above are gone",
                )
            )

    def folder(self, path: str) -> str:
        """Return the top folder of a file within its project (`routes` of `main:routes/models.yaml`)."""
        return path.removeprefix(self.prefix).split("/", 1)[0]

    def lines_of_file(self, root: Mapping) -> list[Lines]:
        """Return the sections of a file, and the unknown keys, each with the lines that belong to it."""
        sections = [(SECTIONS.get(key.text), value) for key, value in root.items]
        if all(section and (section.once or not is_block(value)) for section, value in sections):
            return [Lines(key, value, []) for key, value in root.items]
        return lines_of_file(root, {name: section.body for name, section in SECTIONS.items()}, _is_near_section)

    def report_unknown_sections(self, tree: FileTree, root: Mapping, keys: list[Scalar], folder: str) -> None:
        """Report unknown sections: each that is a misspelling, and all others together, which lack a section above."""
        absent = {name for name in SECTIONS if not self.seen[name] and root.key(name) is None}
        headless = section_of_lines(keys, folder, absent)
        others = [key for key in keys if headless or not _is_near_section(key.text)]
        for key in keys:
            if key not in others:
                self.report_unknown_section(tree, root, key, folder)
        if others:
            self.add(
                error(
                    "RC203",
                    f"unknown section {quote_value(others[0].text)}",
                    others[0].span,
                    f"put `{headless}:` above it, and indent what belongs to it"
                    if headless
                    else retyped(others[0].text) or section_help(others[0].text, folder, SECTIONS),
                    labels=tuple(Label(key.span, "unknown too") for key in others[1:4]),
                )
            )
            if headless:
                self.read_grafted(section_above(tree, others, headless), headless)
            else:
                self.incomplete.update(name for name, section in SECTIONS.items() if section.folder == folder)

    def read_grafted(self, tree: FileTree, name: str) -> None:
        """Read a section that the file does not have by this name, so that what else is wrong in it is said as well."""
        root, section = tree.root, SECTIONS[name]
        assert isinstance(root, Mapping)
        key, value = root.key(name), root.get(name)
        assert key is not None
        if section.once and value is not None:
            self.read_body(name, section, section.kind, key, value, tree)
        elif isinstance(value, Mapping):
            self.read_section(name, section, value, tree, [])

    def report_unknown_section(self, tree: FileTree, root: Mapping, key: Scalar, folder: str) -> None:
        """Report an unknown section; fix it if it is a misspelling of a section that the file does not have."""
        suggested = closest(key.text, SECTIONS)
        candidates = [name for name, section in SECTIONS.items() if section.folder == folder and root.key(name) is None]
        corrected = typo_of(key.text, candidates)
        is_only_one = sum(typo_of(other.text, candidates) == corrected for other, _ in root.items) == 1
        fix = (
            Fix(f"rename it to `{corrected}`", (Edit(key.span, corrected),))
            if corrected and key.plain and is_only_one
            else None
        )
        if corrected and is_only_one and isinstance(root.get(key.text), Mapping):
            self.read_grafted(renamed_section(tree, key, corrected), corrected)
        elif suggested is not None:
            self.incomplete.add(suggested)
        self.add(
            error(
                "RC203",
                f"unknown section {quote_value(key.text)}",
                key.span,
                suggestion(
                    key.text,
                    SECTIONS,
                    section_help("", folder, SECTIONS),
                ),
                fix=fix,
            )
        )

    def read_section(
        self, name: str, section: Section, mapping: Mapping, tree: FileTree, stray_below: list[Scalar]
    ) -> None:
        """Read the bodies of a section; below the last may stand lines of it that are not indented at all."""
        groups = lines_of_section(section.body, mapping)
        if groups is None and not mapping.dropped and not stray_below:
            for slug, body in mapping.items:
                self.read_named_body(name, section, slug, body, tree)
            return
        doubled = {key.text for key, _ in mapping.dropped}
        groups = groups or [Lines(key, value, []) for key, value in mapping.items]
        groups[-1].stray.extend(stray_below)
        for key, value, stray in groups:
            if key is None or value is None:
                self.incomplete.add(name)
                help = f"{with_article(section.kind)}'s name is missing above it, or it is not indented"
                message = f"{quote_value(stray[0].text)} is not {with_article(section.kind)}"
                self.add(error("RC120", message, stray[0].span, help))
            elif key.text in doubled or stray:
                # Whether its body is what its author meant is not known; that it is declared is.
                self.seen[name].setdefault(key.text, tree)
                self.broken.setdefault(name, set()).add(key.text)
                if not is_empty(value) and lacks_name(section.body, stray):
                    self.incomplete.add(name)
                if stray and is_empty(value):
                    self.add(not_indented(f"{section.kind} `{key.text}`", key, stray))
                elif stray:
                    self.add(stray_lines(key, stray))
            else:
                self.read_named_body(name, section, key, value, tree)

    def read_named_body(self, name: str, section: Section, slug: Scalar, body: Node, tree: FileTree) -> None:
        """Read the body under a slug; report a slug that is not one."""
        if SLUG.fullmatch(slug.text):
            self.read_body(name, section, slug.text, slug, body, tree)
        else:
            self.broken.setdefault(name, set()).add(slug.text)
            self.unnamed.setdefault(name, set()).add(slug.text)
            self.add(
                error(
                    "RC118",
                    f"{quote_value(slug.text)} is not {with_article(section.kind)} name (slug)",
                    slug.span,
                    retyped(slug.text) or slug_remedy(slug.text),
                )
            )
            self.bad_slugs.setdefault(slug.text, self.diagnostics[-1])

    def read_body(self, name: str, section: Section, slug: str, key: Scalar, node: Node, tree: FileTree) -> None:
        """Read one body; `key` is the node of its slug, or of the section if that occurs once.

        A second body of the same name is reported and not read.
        """
        seen = self.seen[name]
        if slug in seen:
            self.report_second_body(section, slug, key, body_key(seen[slug], name, None if section.once else slug))
            return
        seen[slug] = tree
        title = f"`{slug}`" if section.once else f"{section.kind} `{slug}`"
        if not isinstance(node, Mapping):
            self.broken.setdefault(name, set()).add(slug)
            self.add(wrong_shape(title, "a mapping", key, node))
            return
        try:
            body = section.body.read(node)
        except Refused as failure:
            self.break_body(name, section, slug, node)
            if not section.once and self.belongs_elsewhere(name, section, key, node):
                return
            if section.once:
                strayed = bodies_among_keys(section, node)
                for stray, other in strayed.items():
                    self.report_strayed(
                        f"`{stray.text}` has the keys of {with_article(SECTIONS[other].kind)}", stray, other
                    )
                places = {(stray.text,) for stray in strayed}
                failure = Refused([fault for fault in failure.faults if fault.location[:1] not in places])
            if self.room <= 0:
                self.hidden += 1
                return
            explained = explain_validation_error(title, section.body, key, node, failure)
            diagnostics = list(islice(self.naming_swallowed(section, node, explained), self.room))
            self.room -= len(diagnostics)
            self.diagnostics += diagnostics
            if name == "models":
                self.across_models.note(slug, node, diagnostics)
            return
        if tree.parsed.diagnostics and has_doubled_keys(node):
            self.break_body(name, section, slug, node)
            return
        self.entries[name][slug] = Entry(section.kind, slug, body, name, tree, section.once)

    def naming_swallowed(self, own: Section, node: Mapping, explained: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
        """Let a section that holds the lines of another one say so: that one's key is missing above them."""
        others = {name: other.body for name, other in SECTIONS.items() if other.once and not self.seen[name]}
        swallowed = swallowed_sections(own.body, node, others) if own.once else {}
        self.incomplete.update(swallowed.values())
        for diagnostic in explained:
            name = swallowed.get(diagnostic.span.text) if diagnostic.span and diagnostic.rule == "RC112" else None
            yield replace(diagnostic, help=f"put `{name}:` above it") if name else diagnostic

    def break_body(self, name: str, section: Section, slug: str, node: Mapping) -> None:
        """Note a body that could not be read, and the names that seem to be hidden in it."""
        broken = self.broken.setdefault(name, set())
        broken.add(slug)
        if name == "models" and (logical := stated_slug(node, "logical_slug")) is not None:
            self.logical[slug] = logical
        if not section.once:
            broken.update(hidden_names(section.body, node))
            if is_doubled(node):
                self.incomplete.add(name)

    def belongs_elsewhere(self, name: str, section: Section, key: Scalar, node: Mapping) -> bool:
        """Report a body with the keys of another kind, and count its name as one of that kind; else return False."""
        keys, fields = {inner.text for inner, _ in node.items}, section.body.fields
        strange = [2 if closest(key, fields) is None else 1 for key in keys - fields.keys()]  # no slip counts for two
        faults = sum(strange) + sum(info.is_required and name not in keys for name, info in fields.items())
        other = None if section.once else owner_of(key.text, node, least=faults)
        is_preset = (name, other) == ("presets", "tenants")  # one with keys of a tenant among its own
        if other is None or is_preset or (other != "presets" and headless_block(section.body, node)):
            return False
        if SECTIONS[other].once:
            self.report_strayed(f"`{key.text}` is no {section.kind}, but a key of `{other}`", key, other)
        else:
            message = f"{section.kind} `{key.text}` has the keys of {with_article(SECTIONS[other].kind)}"
            self.report_strayed(message, key, other)
        return True

    def report_strayed(self, message: str, key: Scalar, name: str) -> None:
        """Report what belongs to another section, and count a body as one of that section."""
        self.strayed.add(name)
        if SECTIONS[name].once:
            self.strayed_keys.add(f"`{name}` has no `{key.text}`")
        else:
            self.broken.setdefault(name, set()).add(key.text)
        self.add(error("RC120", message, key.span, f"move it below `{name}:` in {SECTIONS[name].folder}/"))

    def report_second_body(self, section: Section, slug: str, key: Scalar, first: Scalar) -> None:
        """Report a second body of the same name, or a second section that must occur once."""
        if section.once:
            rule, message, help = "RC204", f"section `{slug}` stands twice", "merge the two into one"
        else:
            rule, message = "RC201", f"{section.kind} `{slug}` is declared twice"
            help = "rename or remove one of the two"
        second = error(rule, message, key.span, help, labels=(Label(first.span, "first here"),))
        # What two files both declare has one cause: one of them is a copy.
        copied = ("copied", key.file.path, first.file.path) if key.file is not first.file else None
        self.add(replace(second, cause=Cause(copied, f"`{slug}`")))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic."""
        self.diagnostics.append(diagnostic)

    def declared_names(self) -> dict[str, set[str]]:
        """Return the names of each section, and the stacks and logical models that bodies carry."""
        names = {name: {*self.entries[name], *self.broken.get(name, ())} for name in SECTIONS}
        logical = {entry.body.logical_slug for entry in self.entries["models"].values()} | set(self.logical.values())
        names["logical"] = {slug for slug in logical if slug}
        names["stacks"] = {entry.body.stack for entry in self.entries["providers"].values()}
        return names

    def build_declared(self) -> Declared:
        """Return what was declared; report `defaults` or `scoring` missing, unless an unread file may hold it."""
        emptied = {id(diagnostic) for name in self.strayed for diagnostic in self.empty.get(name, ())}
        kept = [
            diagnostic
            for diagnostic in self.diagnostics
            if id(diagnostic) not in emptied and diagnostic.message not in self.strayed_keys
        ]
        kept = self.across_models.gathered(kept, self.entries, self.broken, "models" not in self.incomplete)
        self.diagnostics = naming_declared(one_for_each_name(kept, self.bad_slugs), self.declared_names())
        bodies: dict[str, Any] = {
            name: self.entries[name].get(section.kind) if section.once else dict(sorted(self.entries[name].items()))
            for name, section in SECTIONS.items()
        }
        for name, wanted in (("defaults", "`model: <slug>`"), ("scoring", "the scales of cost and latency_ms")):
            if not self.seen[name] and name not in self.incomplete:
                self.add(
                    error(
                        "RC205",
                        f"section `{name}` is missing",
                        None,
                        f"add `{name}:` with {wanted} to a file in {SECTIONS[name].folder}/",
                    )
                )
        broken = {name: frozenset(slugs) for name, slugs in self.broken.items()}
        hidden = self.broken.get("models", set())
        is_known = hidden <= self.logical.keys() and "models" not in self.incomplete
        logical = frozenset(self.logical.values()) - {""} if is_known else None
        unnamed = {name: frozenset(texts) for name, texts in self.unnamed.items()}
        return Declared(
            **bodies, broken=broken, unnamed=unnamed, hidden_logical=logical, incomplete=frozenset(self.incomplete)
        )
