"""Compile a project again after a few tenants changed: work out anew only what these decide.

    files ──slice──> files without features and the tenants that stay ──check──> Program ──lower──> changed lines
                                                                      earlier artifacts ──patch──> artifacts

INVARIANT: the artifacts are those that `compile` makes. What a tenant decides depends on no feature and no other
tenant, and what a rule finds in it on no other tenant; expectations decide nothing, and name tenants, which stay. So
the slice holds every finding that may be new, and every line that changes. Features are checked again where a field
changed that bars models. Where the change is of another kind, or there is any finding or claim, which is about all
requests, the answer is None, and the caller compiles.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import attrgetter

from routecomp.checker import Options, check
from routecomp.emit.file_names import FALLBACK, ROUTING_TABLE
from routecomp.model.memory import Known, Memory
from routecomp.model.policy import Tenant
from routecomp.model.project import Entry, Program
from routecomp.rules.survivors import Filters
from routecomp.sql.names import Names
from routecomp.sql.patch import patch_baselines
from routecomp.sql.state import database_state
from routecomp.table.lower import lower
from routecomp.table.patch import replace_tenants
from routecomp.table.table import RoutingTable

_BARS = attrgetter("preset", *Filters._fields)
"""The fields of a tenant that may leave nothing on a feature."""
_MOST = 50
"""Changed files up to which a slice is worth while."""


@dataclass(frozen=True)
class Compiled:
    """What a compilation without findings read and made.

    `known` is what its files declare, as far as they can be remembered; `others` are the SHA-256 of the other files.
    `tenants` are the paths of files that declare nothing but tenants, `features` of those with nothing but features,
    and `expectations` likewise.
    """

    known: Known
    others: Mapping[str, bytes]
    tenants: frozenset[str]
    features: frozenset[str]
    expectations: frozenset[str]
    artifacts: Mapping[str, bytes]

    @classmethod
    def of(cls, files: Mapping[str, bytes], known: Known, artifacts: Mapping[str, bytes]) -> Compiled:
        """Note what was read and made."""
        others = {path: sha256(data).digest() for path, data in files.items() if path not in known}
        tenants, features, expectations = (
            frozenset(path for path, (_, facts) in known.items() if _only(section, facts) is not None)
            for section in ("tenants", "features", "expectations")
        )
        return cls(known, others, tenants, features, expectations, artifacts)


@dataclass(frozen=True)
class Recompiled:
    """What came out: the table, the artifacts, and what all files declare now.

    INVARIANT: every line of the table that is new stands in `proof`, which is a whole table by itself: where that one
    loads, and the table before did, this one does.
    """

    table: RoutingTable
    artifacts: Mapping[str, bytes]
    known: Known
    proof: Mapping[str, bytes]


def recompile(
    files: Mapping[str, bytes], options: Options, before: Compiled, dialects: Sequence[str], names: Names
) -> Recompiled | None:
    """Compile a project of which `before` is known under the same options, and whose migrations are baselines alone.

    `dialects` and `names` are those of the baselines. None where anything else changed than the fields of a few
    tenants, or anything is found.
    """
    if files.keys() != before.known.keys() | before.others.keys():
        return None
    changed = {path for path, data in files.items() if _digest(before, path) != sha256(data).digest()}
    if len(changed) > _MOST or not changed <= before.tenants:
        return None
    memory = Memory(before.known)
    apart = (before.tenants | before.features | before.expectations) - changed
    part = {path: data for path, data in files.items() if path not in apart}
    checked = check(part, options, memory=memory)
    if checked.program is None or checked.diagnostics or checked.program.claims:
        return None
    new = {slug: entry for slug, entry in checked.program.tenants.items() if entry.path in changed}
    old = {slug: values for path in changed for slug, values in (_only("tenants", before.known[path][1]) or {}).items()}
    if new.keys() != old.keys() or not changed <= memory.kept.keys():
        return None
    earlier = {slug: replace(entry, body=Tenant.restore(old[slug])) for slug, entry in new.items()}
    if any(_BARS(earlier[slug].body) != _BARS(entry.body) for slug, entry in new.items()):
        without = (before.tenants | before.expectations) - changed
        with_features = {path: data for path, data in files.items() if path not in without}
        if check(with_features, options, memory=Memory(before.known)).diagnostics:
            return None
    was, now = _with_tenants(checked.program, earlier), _with_tenants(checked.program, new)
    artifacts = dict(before.artifacts)
    if dialects:
        patched = patch_baselines(artifacts, dialects, names, database_state(was), database_state(now))
        if patched is None:
            return None
        artifacts |= patched
    lines = lower(now)
    table = RoutingTable(
        replace_tenants(json.loads(artifacts[ROUTING_TABLE]), lines.content),
        replace_tenants(json.loads(artifacts[FALLBACK]), lines.fallback),
    )
    artifacts |= {ROUTING_TABLE: table.data, FALLBACK: table.fallback_data}
    proof = {ROUTING_TABLE: lines.data, FALLBACK: lines.fallback_data}
    return Recompiled(table, artifacts, {**before.known, **memory.kept}, proof)


def _digest(before: Compiled, path: str) -> bytes:
    """Return the SHA-256 of a file as it was."""
    return before.known[path][0] if path in before.known else before.others[path]


def _only(section: str, facts: bytes) -> dict[str, dict[str, object]] | None:
    """Return the plain bodies of a file that has nothing but this section, by slug; None for any other file."""
    bodies = marshal.loads(facts)
    return {slug: values for _, slug, values in bodies} if all(name == section for name, _, _ in bodies) else None


def _with_tenants(program: Program, tenants: Mapping[str, Entry[Tenant]]) -> Program:
    """Return what is left of a program with these tenants alone, without what no tenant changes."""
    return replace(program, tenants=dict(tenants), features={}, targets={}, experiments={})
