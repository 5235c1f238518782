"""Read the trees of all files into `Declared`: each body by itself, each error at its node."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.experiment import Experiment
from routecomp.model.fields import slug_remedy
from routecomp.model.invalid import Refused, quote_value
from routecomp.model.meant_number import retyped
from routecomp.model.part import Part
from routecomp.model.policy import Preferences, Preset, Tenant
from routecomp.model.project import Declared, Entry, body_key
from routecomp.model.route import Defaults, Feature, Model, Provider, Resilience, Scoring, Target
from routecomp.model.suggest import closest, suggestion, typo_of
from routecomp.model.validation_errors import explain_validation_error
from routecomp.parse.file_tree import FileTree
from routecomp.parse.scalars import SLUG, is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, first_line_span
from routecomp.source.edits import Edit, Fix


class Section(NamedTuple):
    """A top-level key: its folder, the word for one of its bodies, and their type.

    `once` is true for a section that is one body, such as `defaults`; the others map slugs to bodies.
    """

    folder: str
    kind: str
    body: type[Part]
    once: bool = False


SECTIONS: dict[str, Section] = {
    "providers": Section("routes", "provider", Provider),
    "models": Section("routes", "model", Model),
    "features": Section("routes", "feature", Feature),
    "targets": Section("routes", "target", Target),
    "defaults": Section("routes", "defaults", Defaults, once=True),
    "scoring": Section("routes", "scoring", Scoring, once=True),
    "resilience": Section("routes", "resilience", Resilience, once=True),
    "presets": Section("policies", "preset", Preset),
    "tenants": Section("policies", "tenant", Tenant),
    "preferences": Section("policies", "preferences", Preferences, once=True),
    "experiments": Section("experiments", "experiment", Experiment),
}
"""Every top-level key (docs/semantics.md, section 2)."""
FOLDERS = ("routes", "policies", "experiments")

MOST_IN_A_FILE = 1_000
"""Errors shown of the bodies of one file; further bodies that cannot be read are counted."""


Facts = list[tuple[str, str, Any]]
"""What a file without errors declares: section, slug and plain values of each body (see `Part.plain`)."""


class BodyReader:
    """The bodies and errors of the files read so far, which come in the order of their paths.

    Each path begins with `prefix`. Of two bodies of one name the first counts; a body with an error is left out.
    `broken` and `incomplete` are as in `Declared`.
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.diagnostics: list[Diagnostic] = []
        self.entries: dict[str, dict[str, Entry[Any]]] = {name: {} for name in SECTIONS}
        self.seen: dict[str, dict[str, FileTree]] = {name: {} for name in SECTIONS}
        self.broken: dict[str, set[str]] = {}
        self.incomplete: set[str] = set()
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
        for key, value in root.items:
            section = SECTIONS.get(key.text)
            if section is None:
                self.report_unknown_section(root, key, folder)
                continue
            if section.folder != folder:
                # The section is read all the same: its place is wrong, but references to its bodies are right.
                self.add(
                    error(
                        "RC202",
                        f"section `{key.text}` stands under {folder}/; it belongs under {section.folder}/",
                        key.span,
                        f"move it to a file in {section.folder}/",
                    )
                )
            if section.once:
                self.read_body(key.text, section, section.kind, key, value, tree)
            elif isinstance(value, Mapping):
                for slug, body in value.items:
                    self.read_named_body(key.text, section, slug, body, tree)
            else:
                self.incomplete.add(key.text)
                self.report_wrong_shape(
                    f"section `{key.text}`", f"a mapping from {section.kind} names to bodies", key, value
                )
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

    def report_unknown_section(self, root: Mapping, key: Scalar, folder: str) -> None:
        """Report an unknown section; fix it if it is a misspelling of a section that the file does not have."""
        suggested = closest(key.text, SECTIONS)
        if suggested is not None:
            self.incomplete.add(suggested)
        candidates = [name for name, section in SECTIONS.items() if section.folder == folder and root.key(name) is None]
        corrected = typo_of(key.text, candidates)
        is_only_one = sum(typo_of(other.text, candidates) == corrected for other, _ in root.items) == 1
        fix = (
            Fix(f"rename it to `{corrected}`", (Edit(key.span, corrected),))
            if corrected and key.plain and is_only_one
            else None
        )
        self.add(
            error(
                "RC203",
                f"unknown section {quote_value(key.text)}",
                key.span,
                suggestion(
                    key.text,
                    SECTIONS,
                    f"sections under {folder}/ are "
                    + ", ".join(name for name, section in SECTIONS.items() if section.folder == folder),
                ),
                fix=fix,
            )
        )

    def read_named_body(self, name: str, section: Section, slug: Scalar, body: Node, tree: FileTree) -> None:
        """Read the body under a slug; report a slug that is not one."""
        if SLUG.fullmatch(slug.text):
            self.read_body(name, section, slug.text, slug, body, tree)
        else:
            self.add(
                error(
                    "RC118",
                    f"{quote_value(slug.text)} is not a {section.kind} name (slug)",
                    slug.span,
                    retyped(slug.text) or slug_remedy(slug.text),
                )
            )

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
            self.report_wrong_shape(title, "a mapping", key, node)
            return
        try:
            body = section.body.read(node)
        except Refused as failure:
            self.broken.setdefault(name, set()).add(slug)
            if self.room <= 0:
                self.hidden += 1
                return
            diagnostics = list(islice(explain_validation_error(title, section.body, key, node, failure), self.room))
            self.room -= len(diagnostics)
            self.diagnostics += diagnostics
            return
        self.entries[name][slug] = Entry(section.kind, slug, body, name, tree, section.once)

    def report_second_body(self, section: Section, slug: str, key: Scalar, first: Scalar) -> None:
        """Report a second body of the same name, or a second section that must occur once."""
        labels = (Label(first.span, "first here"),)
        if section.once:
            self.add(
                error("RC204", f"section `{slug}` stands twice", key.span, "merge the two into one", labels=labels)
            )
        else:
            self.add(
                error(
                    "RC201",
                    f"{section.kind} `{slug}` is declared twice",
                    key.span,
                    "rename or remove one of the two",
                    labels=labels,
                )
            )

    def report_wrong_shape(self, title: str, wanted: str, key: Scalar, node: Node) -> None:
        """Report a value that is null (RC114) or not the mapping that is wanted (RC120)."""
        if isinstance(node, Scalar) and is_null(node):
            span = node.span if node.end > node.start else key.span
            self.add(error("RC114", f"{title} is null", span, f"write {wanted} below it, or leave it out"))
        else:
            shape = "a list" if isinstance(node, Sequence) else "one value"
            self.add(
                error("RC120", f"{title} is {shape}; {wanted} is wanted", first_line_span(node), f"write {wanted}")
            )

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic."""
        self.diagnostics.append(diagnostic)

    def build_declared(self) -> Declared:
        """Return what was declared; report `defaults` or `scoring` missing, unless an unread file may hold it."""
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
        return Declared(**bodies, broken=broken, incomplete=frozenset(self.incomplete))
