"""Remember decisions for the calls that ask again; every store is bounded, and cleared when it is full."""

from __future__ import annotations

import os
from bisect import bisect_right
from decimal import Decimal
from typing import Any, Final, TypeAlias

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.decide import _Decider, _new
from routecomp.runtime.parts.decision import Decision
from routecomp.runtime.parts.experiment import _Experiment, _first_eight, _sha256, slot_of
from routecomp.runtime.parts.feature import _Shadow
from routecomp.runtime.parts.kinds import _is_text
from routecomp.runtime.parts.limits import _MAX_HINTED, _MAX_PLAIN, _MAX_UNIT, _MAX_UNITS, _MAX_VIEWS, _SLOTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.numbers import _MAX_WHOLE
from routecomp.runtime.parts.policy import _Policy
from routecomp.runtime.parts.ranked import _mirrorable
from routecomp.runtime.parts.request import _digits, _is_short, _Request
from routecomp.runtime.parts.shares import _Shares
from routecomp.runtime.parts.view import _View

# The environment as it is when this file is loaded, and the dictionary in which it keeps what it holds. Another mapping
# may stand in its place later: a program's tests do that.
_ENVIRON: Final = os.environ if type(getattr(os.environ, "_data", None)) is dict else None
_STORE: Final[dict[Any, Any]] = getattr(_ENVIRON, "_data", {})
_ONE: Final = None if _ENVIRON is None else _ENVIRON.encodevalue("1")

# What the calls of a pattern have in common: their decision without shadows, slot and cost, as the fields before the
# cost and those after it; the model that the cost is estimated for, None if no cost is; and for each shadow the slug,
# the salt, and the limit that the digest of a unit is below if it is mirrored.
_Pattern: TypeAlias = "tuple[tuple[Any, ...], tuple[Any, ...], _Model | None, list[tuple[str, bytes, bytes]]]"
# Of an experiment: the decisions by unit and by slot, its salt with the colon, and itself.
_Sticky: TypeAlias = "tuple[dict[str, Decision], dict[int, Decision], bytes, _Experiment]"


class _Terms:
    """What the tenant and the preference of a call come to, and the decisions for calls with a route and no hints."""

    __slots__ = ("by_dial", "by_feature", "by_model", "delta", "dialled", "flags", "policy", "sticky", "unknown")

    def __init__(self, policy: _Policy, delta: int = 0, flags: tuple[str, ...] = ()) -> None:
        self.policy, self.flags = policy, flags
        self.delta = delta  # what the dial adds to the floor, in basis points
        # The terms of calls that also name a preference: by what the dial adds and the flags it brings; and by the
        # word of the preference, with the value of the gate for which they hold, None for a gate that is not set. None
        # stands for these terms themselves, whatever the gate: no terms refer to themselves, so that a table that was
        # replaced is freed at once.
        self.by_dial: dict[tuple[int, tuple[str, ...]], _Terms] = {}
        self.dialled: dict[str, tuple[object, _Terms | None]] = {}
        self.clear()

    def clear(self) -> None:
        """Drop the decisions."""
        self.by_feature: dict[str, Decision] = {}
        self.by_model: dict[str, Decision] = {}
        self.unknown: Decision | None = None  # for every name that nobody declares: it tells none of them
        self.sticky: dict[str, _Sticky] = {}  # for calls with a `unit`, by public model id of an experiment


class _Memory:
    """What is remembered of the decisions of one decider. It is dropped as a whole when the files change."""

    def __init__(self, decider: _Decider) -> None:
        self.decider = decider
        self.terms: list[_Terms] = []  # all of them: at most a few for each policy
        self.by_policy: dict[_Policy, _Terms] = {}
        self.by_tenant: dict[str | None, _Terms] = {}  # of declared tenants that asked, None for no tenant
        self.undeclared: _Terms | None = None
        self.tenants: dict[str, str] = {} if decider.table is None else decider.table.tenants
        self.hinted: dict[Any, Decision] = {}  # by terms, feature, model and hints
        self.patterns: dict[Any, _Pattern] = {}  # likewise, but for ranges of token counts and of slots
        self.views: dict[Any, _View] = {}  # routes by terms, feature and model
        self.experiments: dict[str, _Experiment] = {}
        self.shares: dict[str, _Shares] = {} if decider.table is None else decider.table.shares
        self.catalogues: list[_Catalogue] = []  # all whose models are filtered
        self._count = 0  # decisions of all terms, without those by unit
        self._units = 0  # those by unit
        self.gate: Any = None
        if _ENVIRON is not None and decider.gate is not None:
            self.gate = _ENVIRON.encodekey(decider.gate)
        if (table := decider.table) is not None:
            self.undeclared = self._make_terms(table.undeclared, 0, ("tenant_unknown",))
            self.find_terms(None)
            callable_, experiments = table.callable, table.experiments
            self.experiments = {name: e for name, e in experiments.items() if callable_[name][0] == "experiment"}
            self.catalogues = [table.catalogue]
            if decider.last_resort is not None and decider.last_resort[0] is not table.catalogue:
                self.catalogues.append(decider.last_resort[0])

    def find_terms(self, tenant: Any) -> _Terms | None:
        """Return the terms of a tenant, and remember them if it is declared; None without a table or for no id."""
        table, tenant = self.decider.table, _digits(tenant)
        if table is None or not (tenant is None or _is_text(tenant)):
            return None
        if tenant is not None and tenant not in table.tenants:
            return self.undeclared
        policy = self.decider.policy(_Request.of({"tenant": tenant}))
        terms = self.by_policy.get(policy)
        if terms is None:
            terms = self.by_policy[policy] = self._make_terms(policy)
        if len(self.by_tenant) >= _MAX_PLAIN:
            self.by_tenant = {None: self.by_policy[table.default]}
        self.by_tenant[tenant] = terms
        return terms

    def dial(self, terms: _Terms, word: str) -> _Terms | None:
        """Return the terms for a call that also names a preference; None for a word that is no text.

        Those of a declared preference are remembered with the value of the gate, if the gate matters.
        """
        if not _is_text(word):
            return None
        decider, gate = self.decider, object()
        dial = shut = decider.dial_to(word, live=False)
        opened = decider.dial_to(word, live=True)
        if opened == shut == (0, ()):
            terms.dialled[word] = None, None
            return terms
        if opened != shut:
            if os.environ is _ENVIRON:
                gate = _STORE.get(self.gate)
                live = gate == _ONE
            else:  # another mapping stands in its place: what it holds is asked anew by every call
                live = decider.is_live()
            dial = opened if live else shut
        dialled = terms.by_dial.get(dial)
        if dialled is None:
            delta, flags = dial
            dialled = terms.by_dial[dial] = self._make_terms(terms.policy, delta, (*terms.flags, *flags))
        if opened != shut:
            terms.dialled[word] = gate, dialled
        return dialled

    def _make_terms(self, policy: _Policy, delta: int = 0, flags: tuple[str, ...] = ()) -> _Terms:
        """Return new terms, whose decisions will be cleared with all others."""
        terms = _Terms(policy, delta, flags)
        self.terms.append(terms)
        return terms

    def decide(self, terms: _Terms, request: _Request) -> Decision:
        """Return the decision for a request on terms that hold its tenant and preference.

        Remember the view of its route, unless the route is not ranked or adds a flag.
        """
        decider, feature = self.decider, request.feature
        head = (terms, feature, None if feature is not None else request.model)
        view = self.views.get(head)
        if terms.flags:
            request.flags += terms.flags
        if view is None:
            flags = len(request.flags)
            kind, name = decider.route(request)
            adds_flag = len(request.flags) > flags
            if decider.views is None or kind not in ("feature", "target", "logical") or adds_flag:
                return decider.decide_route(kind, name, terms.policy, request, terms.delta)
            view = decider.views.view(terms.policy, kind, name)
            if len(self.views) >= _MAX_VIEWS:
                self.views = {}
            self.views[head] = view
        return decider.decide_ranked(view, request, terms.delta)

    def keep_hinted(self, key: tuple[Any, ...], decision: Decision) -> None:
        """Remember the decision for a call with hints; a full store is cleared before."""
        if len(self.hinted) >= _MAX_HINTED:
            self.hinted = {}
        self.hinted[key] = decision

    def plain(self, terms: _Terms, feature: Any, model: Any) -> Decision:
        """Return the decision for a call without hints, and remember it if what the call names is declared.

        All names that begin with one pattern share its decision, and so do all that lead nowhere.
        """
        table: Any = self.decider.table  # not None: without a table there are no terms
        if _is_text(model) and model not in table.callable:
            pattern = table.pattern(model)
            if pattern is None:
                decision = terms.unknown
                if decision is None:
                    decision = terms.unknown = self.decide(terms, _Request.of({}))
                return decision
            if (known := terms.by_model.get(pattern)) is not None:
                return known
            model = pattern
        decision = self.decide(terms, _Request(feature, model, *(None,) * 14))
        if self._is_declared(feature, decision):
            if model is not None:
                self._keep(terms.by_model, model, decision)
            else:
                self._keep(terms.by_feature, feature, decision)
        return decision

    def _is_declared(self, feature: Any, decision: Decision) -> bool:
        """Return whether what a call names, a pattern in place of the names that begin so, is declared.

        Names that nobody declared are not remembered: callers could make up any number of them.
        """
        table: Any = self.decider.table
        return decision.route is not None and (feature is None or feature in table.features or feature in table.routes)

    def vary(
        self,
        terms: _Terms,
        feature: str | None,
        model: str | None,
        min_quality: float | Decimal | None,
        latency: int | None,
        stack: str | None,
        input_tokens: int | None,
        max_output: int | None,
        max_cost: float | Decimal | None,
        stream: bool,
        tools: bool,
        names: tuple[tuple[str, ...], ...],
        unit: Any,
        request_id: Any,
    ) -> Decision | None:
        """Return the decision for a call whose token counts and ids differ from those of calls before.

        What it has in common with them is remembered as a pattern: for all token counts that the filters do not tell
        apart, for all slots of a range, and for all ids by which a load is dealt to one model. `names` holds the
        capabilities and what is unavailable. The answer is None if an argument is to be ignored.
        """
        if not (unit is None or unit.isascii() or _is_text(unit)):
            return None
        if not (request_id is None or request_id.isascii() or _is_text(request_id)):
            return None
        if input_tokens is not None and not 0 <= input_tokens <= _MAX_WHOLE:
            return None
        if max_output is not None and not 0 <= max_output <= _MAX_WHOLE:
            return None
        slot = id_ = None
        part: int | str | None = None
        counts: tuple[int | None, ...] = ()
        if max_cost is not None:
            counts = (input_tokens, max_output)  # the cost depends on each token
        elif input_tokens is not None or max_output is not None:
            for catalogue in self.catalogues:
                counts += catalogue.token_places(input_tokens, max_output)
        if unit is not None and feature is None and model in self.experiments:
            experiment = self.experiments[model]
            slot = slot_of(experiment.salt, unit)
            part = bisect_right(experiment.starts, slot)
        elif self.shares and (unit is not None or request_id is not None):
            id_, part = unit if request_id is None else request_id, "by id"
        key = (terms, feature, model, min_quality, latency, stack, counts, max_cost, stream, tools, names, part)
        pattern = self.patterns.get(key) or self._find_pattern(key, input_tokens, max_output, slot, id_)
        # INVARIANT: no load is dealt on experiment routes, and `part` tells the ranges of their slots apart.
        if id_ is not None and pattern is not None and pattern[0][3] in self.shares and pattern[0][1] != "experiment":
            key = (*key[:-1], self.shares[pattern[0][3]].owner(id_))
            pattern = self.patterns.get(key) or self._find_pattern(key, input_tokens, max_output, None, id_)
        if pattern is None:
            return None
        first, last, pick, shadows = pattern
        if shadows and (unit is not None or request_id is not None):
            text = (unit or "" if request_id is None else request_id).encode()
            if mirrored := [slug for slug, salt, limit in shadows if _sha256(salt + text).digest() < limit]:
                first = (*first[:10], tuple(mirrored), *first[11:])
        if slot is not None:
            first = (*first[:14], slot, first[15])
        cost = None if input_tokens is None or pick is None else pick.cost(input_tokens, max_output)
        return _new(Decision, (*first, cost, *last))

    def _find_pattern(
        self,
        key: tuple[Any, ...],
        input_tokens: int | None,
        max_output: int | None,
        slot: int | None,
        id_: str | None,
    ) -> _Pattern | None:
        """Return the pattern of a call, None if its feature is to be ignored; `id_` is what a load is dealt by.

        It is remembered if the key is short and what the call names is declared.
        """
        terms, feature, model, min_quality, latency, stack, _, max_cost, stream, tools, names, _ = key
        capabilities, unavailable = names or (None, None)
        # fmt: off
        request = _Request(feature, model, None, None, id_, None, min_quality, latency, stack, input_tokens,
                           max_output, max_cost, stream, tools, capabilities, unavailable)
        # fmt: on
        if request.feature is not feature:
            return None
        decider = self.decider
        table: Any = decider.table  # not None: without a table there are no terms
        # A pattern is a name that begins with it: in place of the caller's name it leads to the same decision.
        if request.model is not None and (text := table.pattern(request.model)) is not None:
            request.model = model = text
            key = (*key[:2], model, *key[3:])
            if (known := self.patterns.get(key)) is not None:
                return known
        if slot is None:
            decision = self.decide(terms, request)
        else:
            request.flags += terms.flags
            decision = decider.decide_experiment(self.experiments[model], slot, terms.policy, request)
        shadows: list[_Shadow] = []
        if decision.route == "feature" and decision.source == "table" and decision.model is not None:
            views: Any = decider.views
            shadows = _mirrorable(views.view(terms.policy, "feature", decision.route_name), decision.model, request)
        limits = [(shadow.model.slug, f"{shadow.salt}:".encode(), shadow.limit()) for shadow in shadows]
        pattern = (*decision[:10], (), *decision[11:16]), decision[17:], decider.estimated(decision), limits
        if (
            request.latency is latency
            and _is_short(feature, model, stack, names)
            and self._is_declared(feature, decision)
        ):
            if len(self.patterns) >= _MAX_HINTED:
                self.patterns = {}
            self.patterns[key] = pattern
        return pattern

    def follow(self, terms: _Terms, model: str) -> _Sticky | None:
        """Prepare to remember the units of an experiment; None if the model names none."""
        experiment = self.experiments.get(model)
        if experiment is None:
            return None
        sticky = terms.sticky[model] = {}, {}, f"{experiment.salt}:".encode(), experiment
        return sticky

    def assign(self, terms: _Terms, sticky: _Sticky, unit: str) -> Decision | None:
        """Return the decision for a unit of an experiment, and remember it by the unit if that is short.

        Units of one slot share one decision. The answer is None for a unit that is to be ignored.
        """
        units, by_slot, salt, experiment = sticky
        try:
            slot = _first_eight(_sha256(salt + unit.encode()).digest())[0] * _SLOTS >> 64
        except UnicodeEncodeError:  # a lone surrogate
            return None
        decision = by_slot.get(slot)
        if decision is None:
            request = _Request.of({})
            request.flags += terms.flags
            decision = self.decider.decide_experiment(experiment, slot, terms.policy, request)
            self._keep(by_slot, slot, decision)
        if len(unit) <= _MAX_UNIT:
            if self._units >= _MAX_UNITS:
                self._units = 0
                for others in [*self.terms]:
                    for entry in [*others.sticky.values()]:
                        entry[0].clear()
            self._units += 1
            units[unit] = decision
        return decision

    def _keep(self, store: dict[Any, Decision], key: Any, decision: Decision) -> None:
        """Remember a decision in a store of some terms; when all are full, clear those of all terms together."""
        if self._count >= _MAX_PLAIN:
            self._count = 0
            for terms in [*self.terms]:
                terms.clear()
        self._count += 1
        store[key] = decision
