"""Show an effective policy field by field, each value with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from routecomp.explain.values import figure_text, place_of
from routecomp.model.figures import POLICY
from routecomp.model.policy import POLICY_FIELDS, DefaultPolicy, EffectivePolicy, Tenant, effective_policy, field_origin
from routecomp.model.project import Entry, Program


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A field of an effective policy.

    `text` is its value in the author's unit; `origin` is own, preset, built-in or default; `place` is the
    file:line that declares it, None for the last two.
    """

    field: str
    text: str
    origin: str
    preset: str
    place: str | None

    @property
    def source(self) -> str:
        """The words for where the value comes from."""
        if self.origin == "own":
            return self.place or ""
        if self.origin == "preset":
            return f"{self.place} (preset `{self.preset}`)"
        return f"built-in `{self.preset}`" if self.origin == "built-in" else "default"

    def plain(self) -> dict[str, object]:
        """Return the row as a dictionary of plain JSON values."""
        return {"field": self.field, "value": self.text, "origin": self.origin, "at": self.place, "from": self.source}


def policy_rows(program: Program, tenant: str | None) -> list[PolicyRow]:
    """Return the effective policy, field by field, of a declared tenant, or (None) of requests without one."""
    if tenant is None:
        return _rows(program, program.sure_defaults.policy, program.defaults, ("policy",), program.default_policy)
    entry = program.tenants[tenant]
    return _rows(program, entry.body, entry, (), program.tenant_policy(tenant))


def preset_rows(program: Program, preset: str) -> list[PolicyRow]:
    """Return the effective policy, field by field, of a tenant that sets nothing but this preset."""
    own = DefaultPolicy(preset=preset)
    return _rows(program, own, None, (), effective_policy(own, preset, program.preset_bodies))


def _rows(
    program: Program,
    own: DefaultPolicy | Tenant,
    entry: Entry[Any] | None,
    above: tuple[str, ...],
    policy: EffectivePolicy,
) -> list[PolicyRow]:
    """Return a row for each field of a policy; `above` is the path of the policy in the body of `entry`."""
    rows = []
    for field in POLICY_FIELDS:
        source = field_origin(field, own, own.preset, program.preset_bodies)
        place = place_of(entry, *above, field) if source == "own" else None
        if source == "preset":
            place = place_of(program.presets[own.preset], field)
        rows.append(PolicyRow(field, _text(field, policy), source, own.preset, place))
    return rows


def _text(field: str, policy: EffectivePolicy) -> str:
    """Write the value of a policy's field as its author writes it; where it limits nothing, `all` or `none`."""
    if field == "stacks" and policy.stacks is None:
        return "all"
    texts = [
        (figure.keys[-1], figure_text(figure, figure.stored("", policy)))
        for figure in POLICY
        if figure.keys[0] == field
    ]
    if len(texts) == 1:
        return texts[0][1]
    return ", ".join(f"{name} {text}" for name, text in texts)
