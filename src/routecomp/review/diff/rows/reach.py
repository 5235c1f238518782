"""Make the rows of where requests and keys newly go, whichever entry of the YAML sends them there.

Read from the compiled tables: a host is reached through a new provider, a model that moved, a ban that was lifted, a
stack or a compliance that changed; a key is sent where its variable stands, or where an experiment's version says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from routecomp.model.project import Declared
from routecomp.review.diff.decisions.callers import Callers
from routecomp.review.diff.decisions.compiled_side import CompiledSide, Content
from routecomp.review.diff.difference import Caller, Row, Severity
from routecomp.review.diff.rows.text import callers_text, join_names
from routecomp.review.diff.rows.url import host_of, key_text
from routecomp.source.text import Span


def reach_rows(before: CompiledSide, after: CompiledSide, declared: Declared | None = None) -> Iterator[Row]:
    """Yield a row for each host that callers newly reach, and for each key that newly goes to another host.

    `declared` is what the project declares, for the places of hosts; None where there is no YAML.
    """
    old, new = _Side(before.content), _Side(after.content)
    reached: dict[str, list[Caller]] = {}
    known: dict[str, list[Caller]] = {}
    for caller, (permission_before, permission_after) in Callers(before, after).permitted:
        earlier = old.hosts(_Permission.read(permission_before))
        for host in earlier:
            known.setdefault(host, []).append(caller)
        for host in new.hosts(_Permission.read(permission_after)) - earlier:
            reached.setdefault(host, []).append(caller)
    for host in sorted(reached):
        callers = callers_text(known[host]) if host in known else None
        newly = f"newly {callers_text(reached[host])}"
        note = key_text({key for key, place in new.keys if place == host})
        yield _row("host", host, "gets requests of", callers, newly, note, new, host, declared)
    for key in sorted({key for key, host in new.keys - old.keys if key in {name for name, _ in old.keys}}):
        places = [sorted(host for name, host in side.keys if name == key) for side in (old, new)]
        added = next(host for host in places[1] if host not in places[0])
        before_text, after_text = (join_names(hosts) for hosts in places)
        note = f"{added} did not get it before"
        yield _row("key", key, "is sent to", before_text, after_text, note, new, added, declared)


class _Permission(NamedTuple):
    """The part of a caller's policy that no request relaxes."""

    standing: str
    banned_models: frozenset[str]
    banned_providers: frozenset[str]
    compliance: int
    stacks: frozenset[str] | None

    @classmethod
    def read(cls, permissions: Any) -> _Permission:
        """Read what `CompiledSide.permissions` returns."""
        standing, *texts = permissions
        models, providers, compliance, stacks = map(json.loads, texts)
        allowed = None if stacks is None else frozenset(stacks)
        return cls(standing, frozenset(models), frozenset(providers), compliance, allowed)


class _Side:
    """The hosts and keys of one table."""

    def __init__(self, content: Content) -> None:
        self.providers: Mapping[str, Any] = content["providers"]
        self._models = {slug: model for slug, model in content["models"].items() if model["provider"] in self.providers}
        self._served = _named_models(content)
        variants = [variant for experiment in content["experiments"].values() for variant in experiment["variants"]]
        self.keys = (
            {
                (key, host_of(provider["url"]))
                for provider in self.providers.values()
                for key in (provider["api_key_env"], *provider.get("secret_headers", {}).values())
                if key is not None
            }
            | {
                (model["api_key_env"], self._host(slug))
                for slug, model in self._models.items()
                if model.get("api_key_env") is not None
            }
            | {
                (variant["api_key_env"], self._host(variant["model"]))
                for variant in variants
                if variant["api_key_env"] is not None and variant["model"] in self._models
            }
        )

    def _host(self, model: str) -> str:
        """Return the host that serves a model."""
        return host_of(self.providers[self._models[model]["provider"]]["url"])

    def hosts(self, permission: _Permission) -> set[str]:
        """Return the hosts that a caller's requests may reach, pinned ones and those mirrored to shadows included."""
        if permission.standing.endswith("reject"):
            return set()
        return {
            self._host(slug)
            for slug, model in self._models.items()
            if model["active"]
            and (model["listed"] or slug in self._served)
            and model["provider"] not in permission.banned_providers
            and permission.banned_models.isdisjoint({slug, model["logical"]})
            and model["compliance_bp"] >= permission.compliance
            and (permission.stacks is None or self.providers[model["provider"]]["stack"] in permission.stacks)
        }


def _named_models(content: Content) -> set[str]:
    """Return the models that a feature, an experiment or `defaults` names: these serve though they are not listed."""
    named = {content["defaults"]["model"], *content["defaults"]["routes"].values()}
    for feature in content["features"].values():
        named.update(row["model"] for row in feature["rows"] if row["status"] != "retired")
        named.update(feature["fallback"])
    for experiment in content["experiments"].values():
        named.update(variant["model"] for variant in experiment["variants"])
    return named


def _row(
    kind: str,
    name: str,
    what: str,
    before: str | None,
    after: str,
    note: str,
    side: _Side,
    host: str,
    declared: Declared | None,
) -> Row:
    """Make a row at the first provider of a host."""
    span: Span | None = None
    if declared is not None:
        slugs = (slug for slug, provider in side.providers.items() if host_of(provider["url"]) == host)
        span = declared.providers[next(slugs)].span("base_url")
    return Row(kind, name, what, before, after, Severity.BEHAVIOURAL, note, None, span, is_security=True)
