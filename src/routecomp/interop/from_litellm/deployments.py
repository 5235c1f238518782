"""Turn a deployment of LiteLLM into a model: where it is called, what it costs, and what the file says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from routecomp.interop.catalogue import MOST_PRICE, Catalogue, per_million, plain_decimal
from routecomp.interop.counts import MOST, count_of
from routecomp.interop.environment import Environment
from routecomp.interop.figures import field_of
from routecomp.interop.from_litellm.azure import ENTRA
from routecomp.interop.from_litellm.endpoint import Endpoint, endpoint, key_variable
from routecomp.interop.from_litellm.hosts import HOSTS
from routecomp.interop.from_litellm.params import Params
from routecomp.interop.from_litellm.upstream import Named, Refusal, name_provider, settle_name
from routecomp.interop.imported import Figure, Model
from routecomp.interop.ledger import Fate, Ledger
from routecomp.interop.litellm.config import Deployment, LiteLLMConfig
from routecomp.interop.names import is_slug
from routecomp.interop.scalars import TRUE
from routecomp.interop.value import Kind, Value
from routecomp.model.key_names import is_never

_MILLION = 10**6
_TO_SAY = "`TODO`: say it with `--set {}=…`"
_NO_CHAT = re.compile(r"dall-e-|whisper|tts-|(?:.*-)?embed(?:ding)?s?(?:-|:|$)|text-embedding", re.IGNORECASE)
"""Names of models that answer no chat calls, for those that the catalogue lacks."""
_CAPABILITIES = {
    "supports_function_calling": "tools",
    "supports_native_streaming": "streaming",
    "supports_vision": "vision",
    "supports_reasoning": "reasoning",
    "supports_response_schema": "json-schema",
    "supports_prompt_caching": "prompt-caching",
}
_OF_THE_URL: dict[str, tuple[str, ...]] = {
    "api_base": (),
    "base_url": (),
    "api_version": ("azure", "azure_ai"),
    "deployment_id": ("azure",),
    "model_id": ("bedrock",),
    "aws_region_name": ("bedrock",),
    "aws_bedrock_runtime_endpoint": ("bedrock",),
    "vertex_project": ("vertex_ai",),
    "vertex_ai_project": ("vertex_ai",),
    "vertex_location": ("vertex_ai",),
    "vertex_ai_location": ("vertex_ai",),
}
"""Parameters that make the URL, and the providers that read them; none for all."""
_READ_FIRST = {
    "api_base": ("base_url", "aws_bedrock_runtime_endpoint"),
    "base_url": ("aws_bedrock_runtime_endpoint",),
    "vertex_ai_project": ("vertex_project",),
    "vertex_ai_location": ("vertex_location",),
}
"""Parameters that LiteLLM does not read where one of these stands beside them."""
_LIMITS = {"rpm": "rpm", "tpm": "tpm", "max_parallel_requests": "parallel"}
_COSTS = {"price.input": "input_cost_per_token", "price.output": "output_cost_per_token"}
_SPEND = ("max_budget", "budget_duration")
_AWS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_profile_name", "aws_role_name")
_BELONGS = Fate("left-out", "its deployment is not carried")


@dataclass(slots=True)
class Carried:
    """A deployment that became a model, and where that is called."""

    deployment: Deployment
    model: Model
    place: Endpoint
    lookups: tuple[str, ...]
    """The catalogue's names by which LiteLLM prices it."""


@dataclass(slots=True)
class Reader:
    """Reads deployments: what is known of the environment, the catalogue, and what became of each field."""

    config: LiteLLMConfig
    environment: Environment
    catalogue: Catalogue
    ledger: Ledger

    def read(self, deployment: Deployment) -> Carried | None:
        """Return the model of a deployment, without slug and provider yet; None where none can be made of it."""
        params = Params(deployment, self.config, self.ledger)
        refusal = self._refusal(deployment, params)
        if isinstance(refusal, Refusal):
            self.ledger.put(refusal.value, refusal.fate)
            self.ledger.put(deployment.value, _BELONGS)
            return None
        named, place = refusal
        model = Model("", "", place.upstream, _source(deployment))
        model.names = [deployment.group, deployment.model, place.upstream]
        lookups = _lookups(deployment, named, self.catalogue)
        self._set_key(model, place, params)
        self._set_figures(model, deployment, place, lookups)
        self._set_limits(model, params)
        model.params = params.body(place.provider.adapter)
        self._set_capabilities(model, deployment)
        self._set_description(model, deployment)
        self._mark_rest(deployment, params, place)
        return Carried(deployment, model, place, lookups)

    def _refusal(self, deployment: Deployment, params: Params) -> Refusal | tuple[Named, Endpoint]:
        """Return why a deployment becomes no model; else its provider's name and where it is called."""
        stated = deployment.param("model")
        text = self.environment.text(stated)
        if "*" in text and "*" not in deployment.model:
            text = deployment.model  # a name that callers send stands in the place of `*`
        if stated is None or not (text or stated.kind is Kind.ENVIRONMENT):
            return Refusal(deployment.value, Fate("left-out", "it names no model, so LiteLLM does not serve it"))
        mode = self.environment.text(deployment.value.get("model_info", "mode"))
        if mode and mode not in ("chat", "completion", "responses"):
            return Refusal(stated, Fate("left-out", f"its mode is `{mode}`: routecomp routes chat calls"))
        for open_value in (stated, params.get("custom_llm_provider")):
            if open_value is not None and self.environment.is_unsaid(open_value):
                return self._unsaid(params, stated, open_value)
        custom = self.environment.text(params.get("custom_llm_provider"))
        base = self.environment.text(params.base)
        named = name_provider(text, custom, base, self.catalogue)
        other = params.get("deployment_id")
        if self.environment.is_unsaid(other) or self.environment.text(other):
            # LiteLLM takes it for the model, and Azure for the provider
            named = Named("azure", self.environment.text(other) or "TODO")
        if named is None:
            return Refusal(stated, _unknown(text, self.catalogue))
        entry = next((self.catalogue.entries[name] for name in _lookups(deployment, named, self.catalogue)), None)
        if not mode and entry is not None and not entry.is_chat:
            return Refusal(
                stated, Fate("left-out", f"the catalogue's mode of it is `{entry.mode}`: routecomp routes chat calls")
            )
        if not mode and entry is None and _NO_CHAT.match(named.rest.rpartition("/")[2]):
            instead = "write `mode: chat` under its `model_info`, if it answers chat calls"
            return Refusal(
                stated, Fate("left-out", "its name is that of an embedding, an image or an audio model", instead)
            )
        everything = self.config.litellm_settings.get("route_all_chat_openai_to_responses")
        if named.kind == "openai" and everything is not None and everything.text.lower() in TRUE:
            self.ledger.map(everything, "`adapter: openai_responses` of OpenAI's models")
            mode = "responses"
        settled = settle_name(params, named, self.environment, self.catalogue, mode)
        if isinstance(settled, Refusal):
            return settled
        place = endpoint(params, settled, self.environment)
        if isinstance(place, Refusal):
            return place
        if self.environment.is_unsaid(other):
            place.upstream = ""
        return settled, place

    def _unsaid(self, params: Params, stated: Value, unsaid: Value) -> Refusal | tuple[Named, Endpoint]:
        """Return where a deployment is called whose model, or whose provider, stands in a variable nobody has said."""
        named = Named("openai", self.environment.text(stated) or "TODO")
        place = endpoint(params, named, self.environment)
        if isinstance(place, Refusal):
            return place
        place.own_prices = False
        place.provider.adapter = ""
        if params.base is None:
            place.provider.base_url, place.wish = "", unsaid.variable.lower()
        if unsaid is stated:
            place.upstream = ""
        self.ledger.map(unsaid, _TO_SAY.format(unsaid.variable))
        return named, place

    def _set_key(self, model: Model, place: Endpoint, params: Params) -> None:
        """Set the variable that holds the key, or that none is sent."""
        provider, host, stated = place.provider, HOSTS[place.kind], params.get("api_key")
        if provider.auth in ("sigv4", "oauth") or (provider.adapter == "vertex" and provider.auth is None):
            self.ledger.lose(stated, f"`{provider.adapter}` has no key here", "see `auth` of the provider")
            return
        variable = key_variable(params, host, place.kind)
        if variable is not None and is_never(variable) is None:
            model.api_key_env = variable
            self.ledger.map(stated, f"`api_key_env: {variable}`")
            return
        is_open = stated is None or stated.is_empty
        if (is_open and not host.keys) or (stated is not None and stated.is_keyless and not place.own_prices):
            provider.auth = "none"
            self.ledger.map(stated, "`auth: none` of the provider: the text opens nothing")
            return
        model.api_key_env = ""  # named by the model's slug, once it has one
        reason = "a credential stands in the file: it is neither written nor shown"
        if variable is not None:
            reason = f"{variable} belongs to the build machine, and never holds a provider's key"
        self.ledger.lose(stated, reason, "put it into the variable that `api_key_env` of the model names")

    def _set_figures(self, model: Model, deployment: Deployment, place: Endpoint, lookups: tuple[str, ...]) -> None:
        """Set the figures that the file states, and those of the catalogue where it speaks of this host."""
        base = deployment.value.get("model_info", "base_model")
        names = lookups if place.own_prices or self.environment.text(base) else ()
        if base is not None and self.environment.is_unsaid(base):
            names = ()
            self.ledger.map(base, f"`TODO`: say it with `--set {base.variable}=…`, or prices by `--figures`")
        for key, name in _COSTS.items():
            stated = deployment.param(name) or deployment.value.get("model_info", name)
            if stated is not None and stated.number is not None and 0 <= stated.number * _MILLION <= MOST_PRICE:
                price = per_million(stated.text)
                text = price.text or ("0" if stated.number == 0 else "")
                remark = price.remark if text != "0" else ""
                model.figures[key] = Figure(text, _joined(f"`{name}` of {place_of(stated)}", remark))
                self.ledger.map(stated, f"`{key}` of the model")
            elif stated is not None and self.environment.is_unsaid(stated):
                self.ledger.map(stated, f"`TODO`: say it with `--set {stated.variable}=…`, or by `--figures`")
            elif stated is not None:
                reason = "it is no price a token: above $1,000 a million, below 0, or no number"
                self.ledger.lose(stated, reason, "state it by `--figures`")
            elif names:
                price = self.catalogue.price(names[0], key.partition(".")[2])
                model.figures[key] = Figure(
                    price.text, f"catalogue `{names[0]}`" + (f", {price.remark}" if price.remark else "")
                )
        info = deployment.info
        window = info.get("max_input_tokens") if info is not None else None
        if window is not None and count_of(window) is not None:
            model.figures["context_window"] = Figure(str(count_of(window)), f"`max_input_tokens` of {place_of(window)}")
            self.ledger.map(window, "`context_window` of the model")
        elif window is not None and self.environment.is_unsaid(window):
            self.ledger.map(window, f"`TODO`: say it with `--set {window.variable}=…`, or by `--figures`")
        elif names and (text := self.catalogue.entries[names[0]].window).isdecimal() and 0 < int(text) <= MOST:
            model.figures["context_window"] = Figure(text, f"catalogue `{names[0]}`")
        most = info.get("max_output_tokens") if info is not None else None
        if most is not None and count_of(most) is not None:
            model.optional["max_output_tokens"] = Figure(str(count_of(most)))
            self.ledger.map(most, "`max_output_tokens` of the model")
        own = info.get("routecomp") if info is not None else None
        if own is not None:
            self._take_back(model, place, own)

    def _take_back(self, model: Model, place: Endpoint, own: Value) -> None:
        """Take the figures that an export of routecomp wrote beside the deployment."""
        for name in ("quality", "latency_ms", "context_window"):
            if (value := own.get(name)) is not None and _fits(name, value):
                model.figures[name] = Figure(
                    plain_decimal(value.number or Decimal(0)), f"`routecomp.{name}` of {place_of(value)}"
                )
                self.ledger.map(value, f"`{name}` of the model")
        for name in ("compliance", "output_ratio", "min_output_tokens"):
            if (value := own.get(name)) is not None and _fits(name, value):
                model.optional[name] = Figure(plain_decimal(value.number or Decimal(0)))
                self.ledger.map(value, f"`{name}` of the model")
        listed = own.get("capabilities")
        if listed is not None and listed.kind is Kind.LIST:
            model.capabilities = [item.text for item in listed.items if is_slug(item.text)]
            self.ledger.map(listed, "`capabilities` of the model")
        for name in ("slug", "stack", "provider"):
            value = own.get(name)
            if value is not None and is_slug(value.text) and not value.text.startswith("avoid-"):
                if name == "slug":
                    model.slug = value.text
                elif name == "stack":
                    place.provider.stack = value.text
                else:
                    place.wish = value.text
                self.ledger.map(value, f"the {name}")

    def _set_limits(self, model: Model, params: Params) -> None:
        """Set limits and timeouts."""
        for name, limit in _LIMITS.items():
            for value in (params.get(name), params.deployment.value.get(name)):
                count = None if value is None else count_of(value)
                if value is not None and self.environment.is_unsaid(value):
                    model.limits.setdefault(limit, None)
                    self.ledger.map(value, _TO_SAY.format(value.variable))
                elif value is not None and count:
                    model.limits.setdefault(limit, count)
                    self.ledger.map(value, f"`limits.{limit}` of the model")
        for name, timeout in (("timeout", "total_ms"), ("stream_timeout", "first_token_ms")):
            stated = params.get(name)
            if (milliseconds := milliseconds_of(stated)) is not None:
                model.timeouts[timeout] = milliseconds
                self.ledger.map(stated, f"`timeouts.{timeout}` of the model")
            elif stated is not None and self.environment.is_unsaid(stated):
                model.timeouts[timeout] = None
                self.ledger.map(stated, _TO_SAY.format(stated.variable))

    def _set_capabilities(self, model: Model, deployment: Deployment) -> None:
        """Set what the model can do: LiteLLM streams and passes tools to any, unless the file says otherwise."""
        if model.capabilities:
            for name in (*_CAPABILITIES, "supports_native_streaming"):
                self.ledger.map(deployment.value.get("model_info", name), "`capabilities` of the model")
            return
        can = {"streaming": True, "tools": True}
        for name, word in _CAPABILITIES.items():
            value = deployment.value.get("model_info", name)
            if value is not None and value.kind is Kind.BOOL:
                can[word] = value.text.lower() in ("true", "yes", "on")
                self.ledger.map(value, f"`capabilities` of the model: {'' if can[word] else 'no '}{word}")
        model.capabilities = [word for word, is_there in can.items() if is_there]

    def _mark_rest(self, deployment: Deployment, params: Params, place: Endpoint) -> None:
        """Say what became of the fields of a deployment that need no more work."""
        ledger = self.ledger
        ledger.map(deployment.value.get("model_name"), "the name that callers send")
        for name in ("model", "custom_llm_provider", "litellm_credential_name"):
            ledger.map(params.get(name), f"provider and name upstream: `{place.upstream or 'TODO'}`")
        self._mark_url(params, place)
        for name in (*_AWS, *ENTRA, "vertex_credentials"):
            instead = "your service signs with its own credentials (`auth: sigv4` or `oauth`)"
            ledger.lose(params.get(name), "credentials of a cloud are the service's own", instead)
        for name in _SPEND:
            reason = "what one model may spend is nothing a project says: LiteLLM shuts it out when that is spent"
            ledger.lose(
                params.get(name), reason, "give tenants a `budget`, or the model `limits`", routes=name == "max_budget"
            )
        reason = "LiteLLM answers with it, and calls nobody; here the model is called"
        ledger.lose(params.get("mock_response"), reason, "take the deployment out", routes=True)
        info = deployment.info
        for name in ("id", "base_model", "mode"):
            value = info.get(name) if info is not None else None
            if not self.environment.is_unsaid(value):
                ledger.map(value, f"read: `{name}`")
        for name in ("team_id", "team_public_model_name"):
            reason = "in LiteLLM one team alone may call it, by this name; here every tenant may, by `model_name`"
            instead = "say by `allow` or `deny` of the tenants which may call it"
            ledger.lose(info.get(name) if info is not None else None, reason, instead, routes=True)
        stream = params.get("stream")
        ledger.lose(stream, "callers say whether they want a stream", "let callers send `stream`")
        for name in ("num_retries", "max_retries"):
            ledger.lose(params.get(name), "retries are the project's, not a model's", "see `resilience.retries`")

    def _mark_url(self, params: Params, place: Endpoint) -> None:
        """Say what became of the parameters that make the URL: those of another provider are never read."""
        for name, kinds in _OF_THE_URL.items():
            value = params.get(name)
            first = next((first for first in _READ_FIRST.get(name, ()) if self._is_read(first, params, place)), None)
            if first is not None:
                self.ledger.lose(value, f"LiteLLM calls what `{first}` beside it says", "take it out")
            elif value is not None and kinds and place.kind not in kinds:
                self.ledger.leave(value, f"calls of `{place.kind}` do not read it")
            elif value is not None and self.environment.is_unsaid(value):
                self.ledger.map(value, _TO_SAY.format(value.variable))
            else:
                self.ledger.map(value, "the provider's URL")

    @staticmethod
    def _is_read(name: str, params: Params, place: Endpoint) -> bool:
        """Whether a parameter of the URL is stated, and the deployment's provider reads it."""
        return params.get(name) is not None and (not _OF_THE_URL[name] or place.kind in _OF_THE_URL[name])

    def _set_description(self, model: Model, deployment: Deployment) -> None:
        """Set the description that the file states."""
        value = deployment.value.get("model_info", "description")
        if value is not None and value.kind in (Kind.TEXT, Kind.ENVIRONMENT) and value.text.strip():
            model.description = " ".join(value.text.split())
            self.ledger.map(value, "`description` of the model")


def milliseconds_of(value: Value | None) -> int | None:
    """Return seconds as whole milliseconds; None where they are none, or no time."""
    if value is None or value.number is None:
        return None
    milliseconds = value.number * 1000
    return int(milliseconds) if milliseconds == int(milliseconds) and 0 < milliseconds <= MOST else None


def raw_cost(carried: Carried, catalogue: Catalogue) -> Decimal:
    """Return what LiteLLM's `cost-based-routing` compares: both prices a token, $5 for each that it does not know.

    It reads prices of `litellm_params` above 0, and rows of its catalogue by the very text of `base_model` or `model`;
    those of `model_info` it does not read.
    """
    deployment = carried.deployment
    stated = deployment.param("base_model")
    base = deployment.value.text_of("model_info", "base_model") or (stated.text if stated is not None else "")
    rows = (catalogue.entries.get(name) for name in (base, deployment.model))
    priced = (entry for entry in rows if entry is not None and (entry.input or entry.output))
    row = next(((entry.input, entry.output) for entry in priced), ("", ""))
    total = Decimal(0)
    for name, known in zip(_COSTS.values(), row, strict=True):
        value = deployment.param(name)
        own = value.number if value is not None else None
        total += own or Decimal(known or 5)
    return total


def place_of(value: Value) -> str:
    """Return the file and line of a value, for comments."""
    return f"{value.span.path.rpartition('/')[2]}:{value.span.line}"


def _source(deployment: Deployment) -> str:
    """Return the comment that says where a model comes from."""
    return f"{place_of(deployment.value)}, `{deployment.group}`" if deployment.group else place_of(deployment.value)


def _fits(key: str, value: Value) -> bool:
    """Return whether a value can be this figure of a model."""
    return value.number is not None and field_of(key).accepts_text(plain_decimal(value.number))


def _joined(source: str, remark: str) -> str:
    """Return a source with what was done to the figure."""
    return f"{source}, {remark}" if remark else source


def _lookups(deployment: Deployment, named: Named, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the catalogue's names of a deployment's model, the first being the one that counts."""
    base = deployment.value.text_of("model_info", "base_model")
    names = [base, f"{named.kind}/{named.rest}", deployment.model]
    bare = catalogue.entries.get(named.rest)
    if bare is not None and (bare.provider == named.kind or bare.provider.startswith(named.kind)):
        names.append(named.rest)
    return tuple(dict.fromkeys(name for name in names if name and name in catalogue.entries))


def _unknown(text: str, catalogue: Catalogue) -> Fate:
    """Return the fate of a model whose provider LiteLLM does not find."""
    prefix, slash, _ = text.partition("/")
    what = (
        f"`{prefix}` is no provider of LiteLLM"
        if slash
        else f"no provider stands before it, and the catalogue ({catalogue.day}) does not list it"
    )
    return Fate(
        "left-out", f"{what}, so LiteLLM does not serve it", "write the provider before the model, as in `anthropic/…`"
    )
