"""Write expectations for what is decided today: each feature, and the tenants for whom it is decided otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from routecomp.expectations.run import as_request, gate_as, gate_variable
from routecomp.model.expected_rows import ExpectedRows
from routecomp.model.project import Program
from routecomp.parse.edit import flow_mapping, yaml_scalar
from routecomp.runtime.resolver import Decision, Router

_HEAD = """\
# What is decided for features and tenants: `routecomp test` says where it changed. Written by `routecomp test --write`
# as it was decided then. Take out what does not matter, and describe what does.
"""
_LONGEST_SLUG = 63
_WIDTH = 100
_Asked = tuple[str, str | None]
"""A feature, and on whose behalf it is asked for; None for nobody's."""


class Skeleton(NamedTuple):
    """The text of a new file, and how many expectations and requests stand in it."""

    text: str
    expectations: int
    requests: int


def skeleton(program: Program, router: Router) -> Skeleton | None:
    """Return the expectations that a project lacks; None where it lacks none.

    There is one for each feature without a tenant, and one for those tenants for whom the feature has another model or
    chain. A feature and tenant that an expectation asks for, without any further argument, is left out.
    """
    known = set(_asked(program))
    taken = set(program.expectations)
    texts: list[str] = []
    requests = 0
    with gate_as(gate_variable(program), is_open=False):
        for feature in sorted({*program.features, *program.sure_defaults.routes}):
            usual = router.resolve(feature=feature)
            if (feature, None) not in known:
                texts.append(f"{_head(_free(feature, taken), feature)}    expect:{_expected(usual, 4)}\n")
                requests += 1
            decided = {tenant: router.resolve(feature=feature, tenant=tenant) for tenant in program.tenants}
            others = {
                tenant: decision
                for tenant, decision in decided.items()
                if (decision.status, decision.chain) != (usual.status, usual.chain) and (feature, tenant) not in known
            }
            if others:
                head = _head(_free(f"{feature}-tenants", taken), feature)
                texts.append(head + _of_tenants(others))
                requests += len(others)
    if not texts:
        return None
    return Skeleton(_HEAD + "expectations:\n" + "".join(texts), len(texts), requests)


def _asked(program: Program) -> Iterator[_Asked]:
    """Yield each feature and tenant that an expectation asks for, without any further argument."""
    for entry in program.expectations.values():
        body = entry.body
        arguments = {*body.request.__dict__, *body.matrix}
        if body.gate == "shut" and "feature" in arguments and arguments <= {"feature", "tenant"}:
            for row in ExpectedRows(body):
                request = as_request({**body.request.__dict__, **row})
                yield request["feature"], request.get("tenant")


def _head(slug: str, feature: str) -> str:
    """Return the first lines of an expectation: its name, and what every request of it asks for."""
    return f"  {slug}:\n    request: {flow_mapping([('feature', yaml_scalar(feature))])}\n"


def _of_tenants(decisions: Mapping[str, Decision]) -> str:
    """Return the matrix of some tenants, and what each of them expects, in one place if that is the same for all."""
    matrix = f"    for:\n      tenant:{_list(decisions, 6)}\n"
    texts = {_expected(decision, 4) for decision in decisions.values()}
    if len(texts) == 1:
        return f"{matrix}    expect:{texts.pop()}\n"
    rows = [
        f"      - where: {flow_mapping([('tenant', yaml_scalar(tenant))])}\n        expect:{_expected(decision, 8)}\n"
        for tenant, decision in decisions.items()
    ]
    return f"{matrix}    rows:\n{''.join(rows)}"


def _expected(decision: Decision, indent: int) -> str:
    """Return what stands behind `expect:`, which is indented so far."""
    if decision.status != "ok" or decision.model is None:
        return f" {{status: {decision.status}}}"
    model, margin = yaml_scalar(decision.model), " " * (indent + 2)
    line = f" {{model: {model}, chain: [{', '.join(map(yaml_scalar, decision.chain))}]}}"
    if indent + len(line) <= _WIDTH:
        return line
    return f"\n{margin}model: {model}\n{margin}chain:{_list(decision.chain, indent + 2)}"


def _list(words: Iterable[str], indent: int) -> str:
    """Return what stands behind the key of a list: the list itself, or lines with an item each where it is long."""
    texts = list(map(yaml_scalar, words))
    line = f" [{', '.join(texts)}]"
    return line if indent + len(line) <= _WIDTH else "".join(f"\n{' ' * indent}  - {text}" for text in texts)


def _free(wanted: str, taken: set[str]) -> str:
    """Return a slug like the wanted one that nothing has, and take it."""
    slug = next(name for name in _candidates(wanted) if name not in taken)
    taken.add(slug)
    return slug


def _candidates(wanted: str) -> Iterator[str]:
    """Yield a slug, cut where it is too long, and then itself with a number behind it."""
    yield wanted[:_LONGEST_SLUG].rstrip("._-")
    number = 2
    while True:
        end = f"-{number}"
        yield wanted[: _LONGEST_SLUG - len(end)] + end
        number += 1
