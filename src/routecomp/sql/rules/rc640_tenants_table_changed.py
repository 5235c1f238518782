"""RC640 tenants-table-changed: the setting `tenants_table` says what the migrations made."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC640",
    "tenants-table-changed",
    Scope.HISTORY,
    """
    The setting `tenants_table` is not the one with which the released baseline was written.

    The foreign key from `tenant_routing_policy` to the company's own table of tenants is made by the baseline. Set,
    changed or taken away later, the setting changes nothing: `compile` never touches a released migration, and adds no
    key to tables in use.

    Why: whoever reads the settings believes that a deleted tenant takes its policy along, or that none does.

    Fix: leave the setting as it was. Or make the key what the setting says in a migration of your own, in
    its folder of `generated/migrations/` with its way back beside it (`routecomp docs database` shows the form;
    `compile` keeps it), under the same name (on a server:
    `ALTER TABLE ... ADD CONSTRAINT tenant_routing_policy_tenant_fkey
    FOREIGN KEY (tenant) REFERENCES public.tenants (slug) ON DELETE CASCADE NOT VALID`, and `VALIDATE CONSTRAINT` in the
    next one): then the two agree again. The rows of the company's table come first.
    """,
    Severity.WARNING,
)
