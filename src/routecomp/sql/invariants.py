"""State what no single row can hold (docs/semantics.md, section 3), as conditions all databases read alike.

A database with deferred triggers checks them when a transaction commits; on others every migration asserts them of what
it touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from routecomp.model.adapters import KEY_HEADERS, OWN_HEADER
from routecomp.model.numbers import ONE
from routecomp.sql.tables import BY_NAME

Subject = Literal["feature", "target", "experiment", "preferences", "name", "stack", "load", "provider"]
"""What invariants are about; a `name` is what callers may send as `model`, and what bans name, a `load` that of a
logical model."""
REACHED_BY: Mapping[Subject, str] = {
    "feature": "SELECT feature AS subject FROM {features}",
    "target": "SELECT target AS subject FROM {targets}",
    "experiment": "SELECT experiment AS subject FROM {model_experiment}",
    "preferences": "SELECT 'preferences' AS subject",
    "name": "SELECT model AS subject FROM {models} UNION SELECT logical_slug FROM {models} UNION SELECT target"
    " FROM {targets} UNION SELECT logical_slug FROM {targets} UNION SELECT alias FROM {target_aliases} UNION"
    " SELECT alias FROM {feature_aliases} UNION SELECT alias FROM {model_aliases} UNION"
    " SELECT public_model_id FROM {model_experiment} UNION SELECT model FROM {default_banned_models} UNION"
    " SELECT model FROM {tenant_banned_models}",
    "stack": "SELECT stack AS subject FROM {target_stacks} UNION SELECT stack FROM {default_stacks} UNION"
    " SELECT stack FROM {tenant_stacks}",
    "load": "SELECT logical_slug AS subject FROM {models} WHERE share_bp IS NOT NULL",
    "provider": "SELECT provider AS subject FROM {providers}",
}
"""A query for every subject of a kind; in it `{table}` stands for one of our tables."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that holds of every subject.

    `broken` is true where it does not hold; in it `{key}` stands for the subject's name and `{table}` for one of our
    tables.
    """

    name: str
    subject: Subject
    message: str
    broken: str


_PRIMARY = (
    "EXISTS (SELECT 1 FROM {feature_models} fm JOIN {models} m ON m.model = fm.model"
    " JOIN {providers} p ON p.provider = m.provider CROSS JOIN {routing_defaults} d"
    " WHERE fm.feature = {key} AND fm.status = 'primary' AND "
)
_KEY_HEADER = (
    "CASE p.auth "
    + " ".join(f"WHEN '{word}' THEN '{header}'" for word, header in KEY_HEADERS.items())
    + f" ELSE lower(substr(p.auth, {len(OWN_HEADER) + 1})) END"
)
"""The header that carries a provider's key, in small letters; none where no key is sent."""
_VARIANTS = "{model_experiment_variant} v WHERE v.experiment = {key}"
_LIVE = "{model_experiment_variant_version} x WHERE x.experiment = {key} AND NOT x.withdrawn"
_ONE_NAMESPACE = (
    "("
    + " + ".join(
        f"CASE WHEN EXISTS (SELECT 1 FROM {{{table}}} u WHERE u.{column} = {{key}}) THEN 1 ELSE 0 END"
        for table, column in (
            ("models", "model"),
            ("models", "logical_slug"),
            ("targets", "target"),
            ("target_aliases", "alias"),
            ("feature_aliases", "alias"),
            ("model_aliases", "alias"),
            ("model_experiment", "public_model_id"),
        )
    )
    + ") > 1"
)

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "features_have_a_primary",
        "feature",
        "has no primary",
        "EXISTS (SELECT 1 FROM {features} f WHERE f.feature = {key}) AND NOT EXISTS"
        " (SELECT 1 FROM {feature_models} fm WHERE fm.feature = {key} AND fm.status = 'primary')",
    ),
    Invariant("features_primary_active", "feature", "has a primary that is not active", _PRIMARY + "NOT m.active)"),
    Invariant(
        "features_primary_above_floor",
        "feature",
        "has a primary below its min_quality",
        _PRIMARY + "m.quality_bp < (SELECT f.min_quality_bp FROM {features} f WHERE f.feature = {key}))",
    ),
    Invariant(
        "features_primary_compliance",
        "feature",
        "has a primary below the default policy's compliance",
        _PRIMARY + "m.compliance_bp < d.compliance_veto_threshold_bp)",
    ),
    Invariant(
        "features_primary_not_banned",
        "feature",
        "has a primary that the default policy bans",
        _PRIMARY + "(EXISTS (SELECT 1 FROM {default_banned_providers} b WHERE b.provider = m.provider) OR EXISTS"
        " (SELECT 1 FROM {default_banned_models} b WHERE b.model = m.model OR b.model = m.logical_slug)))",
    ),
    Invariant(
        "features_primary_in_stacks",
        "feature",
        "has a primary outside of the default policy's stacks",
        _PRIMARY + "EXISTS (SELECT 1 FROM {default_stacks} s) AND NOT EXISTS"
        " (SELECT 1 FROM {default_stacks} s WHERE s.stack = p.stack))",
    ),
    Invariant(
        "features_no_retired_fallback",
        "feature",
        "has a retired model among its fallbacks",
        "EXISTS (SELECT 1 FROM {feature_fallbacks} b JOIN {feature_models} fm ON fm.feature = b.feature"
        " AND fm.model = b.model WHERE b.feature = {key} AND fm.status = 'retired')",
    ),
    Invariant(
        "features_no_primary_fallback",
        "feature",
        "has its primary among its fallbacks",
        "EXISTS (SELECT 1 FROM {feature_fallbacks} b JOIN {feature_models} fm ON fm.feature = b.feature"
        " AND fm.model = b.model WHERE b.feature = {key} AND fm.status = 'primary')",
    ),
    Invariant(
        "features_fallbacks_apart",
        "feature",
        "has a model among its fallbacks twice",
        "EXISTS (SELECT 1 FROM {feature_fallbacks} b WHERE b.feature = {key} GROUP BY b.model HAVING count(*) > 1)",
    ),
    Invariant(
        "targets_have_candidates",
        "target",
        "lists what its selector does not say, or lists nothing",
        "EXISTS (SELECT 1 FROM {targets} t WHERE t.target = {key} AND NOT ("
        "(t.candidates = 'models') = EXISTS (SELECT 1 FROM {target_models} c WHERE c.target = {key}) AND "
        "(t.candidates = 'stacks') = EXISTS (SELECT 1 FROM {target_stacks} c WHERE c.target = {key})))",
    ),
    Invariant(
        "experiments_weights_sum",
        "experiment",
        "has variant weights that do not add up to 1",
        f"(SELECT coalesce(sum(v.weight_bp), {ONE}) FROM {_VARIANTS}) <> {ONE}",
    ),
    Invariant(
        "experiments_have_variants",
        "experiment",
        "runs with fewer than two variants",
        "EXISTS (SELECT 1 FROM {model_experiment} e WHERE e.experiment = {key} AND e.status IN"
        f" ('active', 'paused')) AND (SELECT count(*) FROM {_VARIANTS}) < 2",
    ),
    Invariant(
        "experiments_have_versions",
        "experiment",
        "has a variant without a version",
        "EXISTS (SELECT 1 FROM {model_experiment} e WHERE e.experiment = {key} AND (e.status IN"
        " ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL))) AND EXISTS"
        f" (SELECT 1 FROM {_VARIANTS} AND NOT EXISTS (SELECT 1 FROM {_LIVE} AND x.variant = v.variant))",
    ),
    Invariant(
        "experiments_versions_in_order",
        "experiment",
        "has versions that are not 1, 2, 3 … in order",
        f"EXISTS (SELECT 1 FROM {_LIVE} GROUP BY x.variant HAVING max(x.version) <> count(*))",
    ),
    Invariant(
        "experiments_variants_in_order",
        "experiment",
        "has two variants of one position",
        f"EXISTS (SELECT 1 FROM {_VARIANTS} GROUP BY v.position HAVING count(*) > 1)",
    ),
    Invariant(
        "experiments_slots_owned",
        "experiment",
        "has slots that do not match its variants' weights",
        "EXISTS (SELECT 1 FROM {model_experiment_variant_slot} s WHERE s.experiment = {key}) AND EXISTS"
        f" (SELECT 1 FROM {_VARIANTS} AND v.weight_bp <> (SELECT"
        " coalesce(sum(s.last_slot - s.first_slot + 1), 0) FROM {model_experiment_variant_slot} s"
        " WHERE s.experiment = {key} AND s.variant = v.variant))",
    ),
    Invariant(
        "experiments_slots_apart",
        "experiment",
        "has a slot that two ranges own",
        "EXISTS (SELECT 1 FROM {model_experiment_variant_slot} a JOIN {model_experiment_variant_slot} b"
        " ON a.experiment = b.experiment AND a.first_slot < b.first_slot AND a.last_slot >= b.first_slot"
        " WHERE a.experiment = {key})",
    ),
    Invariant(
        "preferences_clamp_order",
        "preferences",
        "clamp the dial between floors in the wrong order",
        "EXISTS (SELECT 1 FROM {routing_preferences} r JOIN {preference_floors} l ON l.floor = r.clamp_low"
        " JOIN {preference_floors} h ON h.floor = r.clamp_high WHERE l.quality_bp > h.quality_bp)",
    ),
    Invariant(
        "preferences_have_good",
        "preferences",
        "have no floor `good`",
        "EXISTS (SELECT 1 FROM {routing_preferences} r) AND NOT EXISTS"
        " (SELECT 1 FROM {preference_floors} l WHERE l.floor = 'good')",
    ),
    Invariant(
        "names_mean_one_thing",
        "name",
        "means several of: model, logical model, target, alias, public model id",
        _ONE_NAMESPACE,
    ),
    Invariant(
        "logical_names_have_hosts",
        "name",
        "is the logical model of a target, and no model is its host",
        "EXISTS (SELECT 1 FROM {targets} t WHERE t.logical_slug = {key}) AND NOT EXISTS"
        " (SELECT 1 FROM {models} m WHERE m.logical_slug = {key})",
    ),
    Invariant(
        "bans_name_models",
        "name",
        "is banned, and is neither a model nor a logical model",
        "(EXISTS (SELECT 1 FROM {default_banned_models} b WHERE b.model = {key}) OR EXISTS"
        " (SELECT 1 FROM {tenant_banned_models} b WHERE b.model = {key})) AND NOT EXISTS"
        " (SELECT 1 FROM {models} m WHERE m.model = {key}) AND NOT EXISTS"
        " (SELECT 1 FROM {models} m WHERE m.logical_slug = {key})",
    ),
    Invariant(
        "successors_end",
        "name",
        "follows itself as successor",
        "EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM {models} m WHERE m.model = {key} UNION"
        " SELECT m.successor FROM {models} m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL)"
        " SELECT 1 FROM later WHERE later.model = {key})",
    ),
    Invariant(
        "stacks_have_providers",
        "stack",
        "is used, and no provider is in it",
        "(EXISTS (SELECT 1 FROM {target_stacks} s WHERE s.stack = {key}) OR EXISTS"
        " (SELECT 1 FROM {default_stacks} s WHERE s.stack = {key}) OR EXISTS"
        " (SELECT 1 FROM {tenant_stacks} s WHERE s.stack = {key})) AND NOT EXISTS"
        " (SELECT 1 FROM {providers} p WHERE p.stack = {key})",
    ),
    Invariant(
        "providers_headers_apart",
        "provider",
        "is sent a header twice",
        "EXISTS (SELECT 1 FROM {provider_headers} h JOIN {provider_secret_headers} s ON s.provider = h.provider"
        " AND s.header = h.header WHERE h.provider = {key})",
    ),
    Invariant(
        "providers_key_header_apart",
        "provider",
        "is sent another header of the name of the one that carries its key",
        f"EXISTS (SELECT 1 FROM {{providers}} p WHERE p.provider = {{key}} AND ({_KEY_HEADER} IN"
        " (SELECT h.header FROM {provider_headers} h WHERE h.provider = {key}"
        " UNION ALL SELECT s.header FROM {provider_secret_headers} s WHERE s.provider = {key})))",
    ),
    Invariant(
        "providers_query_in_order",
        "provider",
        "has two names of the query of one position",
        "EXISTS (SELECT 1 FROM {provider_query} q WHERE q.provider = {key} GROUP BY q.position HAVING count(*) > 1)",
    ),
    Invariant(
        "model_shares_sum",
        "load",
        "has shares that do not add up to 1",
        f"(SELECT coalesce(sum(m.share_bp), {ONE}) FROM {{models}} m WHERE m.logical_slug = {{key}}) <> {ONE}",
    ),
)

Reach = Literal["own", "model", "all"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows decide invariants of a subject.

    `reach` says whose invariants: those of the row's own subjects (`own`), of the features whose primary the row is
    (`model`), or of every feature (`all`). `columns` are those that matter; empty for all. `inserts` says whether a new
    row matters. `subjects` are the columns that hold the subjects; empty for the column that is called as the kind.
    """

    table: str
    subject: Subject
    reach: Reach
    columns: tuple[str, ...] = ()
    inserts: bool = True
    subjects: tuple[str, ...] = ()

    @property
    def trigger(self) -> str:
        """The name of the table's trigger, where triggers check at COMMIT."""
        return f"{self.table}_{self.subject}s_hold" if self.subjects else f"{self.table}_holds"

    @property
    def named_in(self) -> tuple[str, ...]:
        """The columns that hold the subjects."""
        return self.subjects or (self.subject,)


def _naming(table: str, subject: Subject, *columns: str) -> Watched:
    """Watch the columns of a table that hold subjects of a kind."""
    return Watched(table, subject, "own", columns, subjects=columns)


WATCHED: tuple[Watched, ...] = (
    Watched("features", "feature", "own"),
    Watched("feature_models", "feature", "own"),
    Watched("feature_fallbacks", "feature", "own"),
    Watched("models", "feature", "model", ("active", "quality_bp", "compliance_bp", "provider", "logical_slug"), False),
    Watched("providers", "feature", "all", ("stack",), False),
    Watched("routing_defaults", "feature", "all", ("compliance_veto_threshold_bp",)),
    Watched("default_banned_providers", "feature", "all"),
    Watched("default_banned_models", "feature", "all"),
    Watched("default_stacks", "feature", "all"),
    Watched("targets", "target", "own"),
    Watched("target_models", "target", "own"),
    Watched("target_stacks", "target", "own"),
    Watched("model_experiment", "experiment", "own"),
    Watched("model_experiment_variant", "experiment", "own"),
    Watched("model_experiment_variant_slot", "experiment", "own"),
    Watched("model_experiment_variant_version", "experiment", "own"),
    Watched("routing_preferences", "preferences", "own"),
    Watched("preference_floors", "preferences", "own"),
    _naming("models", "name", "model", "logical_slug", "successor"),
    _naming("targets", "name", "target", "logical_slug"),
    _naming("target_aliases", "name", "alias"),
    _naming("feature_aliases", "name", "alias"),
    _naming("model_aliases", "name", "alias"),
    _naming("model_experiment", "name", "public_model_id"),
    _naming("default_banned_models", "name", "model"),
    _naming("tenant_banned_models", "name", "model"),
    _naming("providers", "stack", "stack"),
    _naming("target_stacks", "stack", "stack"),
    _naming("default_stacks", "stack", "stack"),
    _naming("tenant_stacks", "stack", "stack"),
    Watched("models", "load", "own", ("logical_slug", "share_bp"), subjects=("logical_slug",)),
    Watched("providers", "provider", "own", ("auth",), subjects=("provider",)),
    Watched("provider_query", "provider", "own"),
    Watched("provider_headers", "provider", "own"),
    Watched("provider_secret_headers", "provider", "own"),
)


def condition(invariant: Invariant, key: str, name: Callable[[str], str]) -> str:
    """Return the condition that an invariant is broken; `key` is an SQL expression, `name` writes a table's name."""
    return invariant.broken.format(key=key, **_tables(name))


def every(subject: Subject, name: Callable[[str], str]) -> str:
    """Return a query for all subjects of a kind, in a column `subject`; `name` writes a table's name."""
    return REACHED_BY[subject].format(**_tables(name))


def _tables(name: Callable[[str], str]) -> Mapping[str, str]:
    """Return the names of all policy tables as `name` writes them, by table."""
    return {table: name(table) for table in BY_NAME}


def of(subject: Subject) -> tuple[Invariant, ...]:
    """Return the invariants of a kind of subject, in the order in which they are declared."""
    return tuple(invariant for invariant in INVARIANTS if invariant.subject == subject)
