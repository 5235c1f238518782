"""Define what a project decides about its compilation.

Settings are part of what decides a compilation: every key does something or is refused, as in the YAML.
"""

from __future__ import annotations

from dataclasses import dataclass

from routecomp.model.guards import NO_GUARDS, Guards
from routecomp.model.key_names import DEFAULT_KEY_NAMES
from routecomp.sql.dialects.names import DEFAULT_DIALECTS
from routecomp.sql.names import DEFAULT, Names

YAML = "routecomp.yaml"
TOML = "pyproject.toml"
"""The two files that may hold settings."""
MAX_FILE_BYTES = 4 * 1024 * 1024
"""The default of `max_file_bytes`."""
MOST_FILE_BYTES = 64 * 1024 * 1024
"""The largest `max_file_bytes` there may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project decides about its compilation; the defaults are those without a settings file.

    `output` is the folder `compile` writes, relative to the root; `max_file_bytes` bounds each YAML file;
    `released` are the fingerprints of texts that look like credentials and are none; `base_branch` is the branch
    changes are compared with, by default origin's own, else main, else master; `dialects` are the databases that
    migrations are written for; `tenants_table` is the company's own table of tenants and the column that holds
    their names, which `tenant_routing_policy` then refers to; `requires_routecomp` are the versions of routecomp that
    may write the project, as a PEP 440 specifier; `schema` and `table_prefix` say what tables are called; `key_names`
    are patterns of the environment variables that may hold a provider's key; `guards` are what changes of this project
    are held to, once they stand on the side that `diff` compares with.
    """

    output: str = "generated"
    max_file_bytes: int = MAX_FILE_BYTES
    released: frozenset[str] = frozenset()
    base_branch: str | None = None
    dialects: tuple[str, ...] = DEFAULT_DIALECTS
    tenants_table: tuple[str, str] | None = None
    requires_routecomp: str | None = None
    schema: str = DEFAULT.schema
    table_prefix: str = DEFAULT.prefix
    key_names: tuple[str, ...] = DEFAULT_KEY_NAMES
    guards: Guards = NO_GUARDS

    @property
    def names(self) -> Names:
        """What the project's tables are called in its databases."""
        return Names(self.schema, self.table_prefix)

    def key(self) -> str:
        """Return the settings as one text: equal texts, equal settings."""
        return repr(
            (
                self.output,
                self.max_file_bytes,
                sorted(self.released),
                self.base_branch,
                self.dialects,
                self.tenants_table,
                self.requires_routecomp,
                self.names,
                self.key_names,
                self.guards,
            )
        )
