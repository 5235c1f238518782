"""Check a project: read its YAML, run every rule over it and over its change from a base, and apply the waivers.

    bytes ──parse──> Tree ──read──> Declared ──rules, waivers, proofs of claims──> Program

Nothing here touches a disk or a clock: the caller gives the files as bytes, and the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.once import one_for_each_common_cause
from routecomp.model.claim import Claim
from routecomp.model.key_names import DEFAULT_KEY_NAMES
from routecomp.model.memory import Memory
from routecomp.model.project import Declared, Entry, Program
from routecomp.model.read_project import Progress, read_project
from routecomp.model.renamed import under_new_names
from routecomp.parse import Limits, parse
from routecomp.parse.redact import drop_redacted_places, redact_credentials
from routecomp.review.base.base import Base
from routecomp.review.base.read_base import read_base
from routecomp.review.on_demand import find_given_up, find_reach, prove_claims
from routecomp.rules.change.change import Change
from routecomp.rules.mistyped_words import at_mistyped_words
from routecomp.rules.project.rc217_folder_not_read import folders_not_read
from routecomp.rules.run import check_change, check_project, without_repeats
from routecomp.rules.waivers import Waiver, apply_to_reach, apply_waivers, read_waivers
from routecomp.table.table import RoutingTable


@dataclass(frozen=True, slots=True)
class Options:
    """What the project's settings and the caller decide.

    `today` is the day that decides which waivers have expired and which models end soon.
    `released` are fingerprints of texts that look like
    credentials and are none. `key_names` are patterns of the environment variables that may hold a provider's key.
    `unread` are files (path to bytes) beside those of the project that look as if they belonged to it. `prove` says
    whether claims are proven: without, a project whose claims do not hold is sound. `reach` says whether to look for
    what no request reaches and what changes no decision, in a project without errors.
    """

    today: date
    limits: Limits = field(default_factory=Limits)
    released: frozenset[str] = frozenset()
    key_names: tuple[str, ...] = DEFAULT_KEY_NAMES
    unread: Mapping[str, bytes] = field(default_factory=dict)
    prove: bool = True
    reach: bool = False


@dataclass(frozen=True)
class Checked:
    """The result of checking a project.

    `diagnostics` come in the order of their places; `files` counts the files that were read; `waivers` are those
    in force. `declared` is what the files declare. `program` is the same, proven to be without errors: it is None
    exactly when a diagnostic is an error. `base` is what the base declares (None without a base), and `unread` are
    the errors in the base's own files: what stands there was not compared. `table` is the one on which claims were
    proven, None without claims.
    """

    diagnostics: list[Diagnostic]
    files: int
    declared: Declared
    program: Program | None
    waivers: tuple[Waiver, ...] = ()
    base: Declared | None = None
    unread: tuple[Diagnostic, ...] = ()
    table: RoutingTable | None = None

    @property
    def errors(self) -> int:
        """How many diagnostics are errors."""
        return sum(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    @property
    def warnings(self) -> int:
        """How many diagnostics are warnings."""
        return len(self.diagnostics) - self.errors


def check(
    files: Mapping[str, bytes],
    options: Options,
    progress: Progress | None = None,
    base: Base | None = None,
    memory: Memory | None = None,
) -> Checked:
    """Check a project, and its change from a base if there is one.

    `files` are the YAML files of the project: path to bytes, paths relative to its root with forward slashes.
    `memory` holds what files declared before, under the same options: files that did not change are not read again.
    Whatever the bytes are, nothing is raised: what is wrong with them is in the diagnostics.
    """
    project = read_project(
        files, options.limits, options.released, progress, memory=memory, key_names=options.key_names
    )
    declared = replace(project.declared, key_names=options.key_names, today=options.today)
    diagnostics = project.diagnostics + check_project(declared)
    beside = [parse(path, data, options.limits) for path, data in options.unread.items()]
    redact_credentials(beside, options.released, options.key_names)  # what is in these files is shown, and not judged
    diagnostics += folders_not_read(beside)
    waivers, malformed = read_waivers([*project.parsed, *beside])
    before, claimed_before = None, dict[str, Entry[Claim]]()
    if base is not None:
        before = read_base(base, files, declared, options.limits, options.released)
        had = base.had
        renamed = under_new_names(before.declared, declared)
        change = Change(renamed, declared, base.where, lambda path: path in files and had(path, files[path]))
        diagnostics += check_change(change)
        claimed_before = dict(renamed.claims)
    is_new = None if before is None else before.lacks
    diagnostics = apply_waivers(drop_redacted_places(diagnostics) + malformed, waivers, options.today, is_new)
    diagnostics = at_mistyped_words(declared, without_repeats(diagnostics))
    diagnostics = one_for_each_common_cause(sorted(diagnostics, key=Diagnostic.sort_key))
    program = Program.checked(declared) if _is_sound(diagnostics) else None
    table = None
    if program is not None and program.claims and options.prove:
        if progress is not None:
            progress("proving", 0, 0)
        table, broken = prove_claims(program)
        diagnostics = sorted([*diagnostics, *broken], key=Diagnostic.sort_key)
    if program is not None and options.prove and base is not None and claimed_before != dict(program.claims):
        given_up = find_given_up(program, table, claimed_before, base.where)
        diagnostics = sorted([*diagnostics, *given_up], key=Diagnostic.sort_key)
    if program is not None and options.reach:
        if progress is not None:
            progress("proving reach", 0, 0)
        unreached = apply_to_reach(find_reach(program, table), waivers, options.today)
        diagnostics = sorted([*diagnostics, *unreached], key=Diagnostic.sort_key)
    return Checked(
        diagnostics,
        len(files),
        declared,
        program if _is_sound(diagnostics) else None,
        tuple(waiver for waiver in waivers if waiver.until >= options.today),
        None if before is None else before.declared,
        () if before is None else before.errors,
        table,
    )


def _is_sound(diagnostics: list[Diagnostic]) -> bool:
    """Return whether no diagnostic is an error."""
    return not any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
