"""RC209 unknown-preset: every preset is one of the five."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.model.suggest import suggestion
from routecomp.model.vocabulary import PRESETS
from routecomp.rules.one_finding import report_unknown
from routecomp.rules.registry import project_rule
from routecomp.source.text import Span


@project_rule("RC209", "unknown-preset")
def unknown_preset(declared: Declared) -> Iterator[Diagnostic]:
    """A preset is declared or named that is none of the five.

    The presets are `balanced`, `cost_first`, `quality_first`, `latency_first` and `strict_no_fallback`. A file may
    change fields of them; it cannot add a sixth.

    Why: a tenant whose preset does not exist would have no weights, so nothing could be ranked for it. And a body
    under a new name would be read by nobody while its author believes it is in force.

    Fix: correct the name. What a sixth preset was meant to say goes into the tenants themselves.
    """
    yield from report_unknown("RC209", _places(declared), lambda name: suggestion(name, PRESETS))


def _places(declared: Declared) -> Iterator[tuple[str, str, Span]]:
    """Yield every place that declares or names a preset which is not one of the five."""
    for preset in declared.presets.values():
        if preset.slug not in PRESETS:
            yield f"unknown preset `{preset.slug}`", preset.slug, preset.span()
    for tenant in declared.tenants.values():
        name = tenant.body.preset
        if name not in PRESETS:
            yield f"{tenant.title} has the unknown preset `{name}`", name, tenant.span("preset")
    defaults = declared.defaults
    if defaults is not None and defaults.body.policy.preset not in PRESETS:
        name = defaults.body.policy.preset
        yield f"the default policy has the unknown preset `{name}`", name, defaults.span("policy", "preset")
