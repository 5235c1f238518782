"""List what the real LiteLLM takes without an error or a warning, as it was tried, and which rule finds it.

`test_litellm_silent.py` sees that each is found, and with `litellm` installed that each is still taken.
"""

from __future__ import annotations

from typing import NamedTuple

TRIED_ON = "1.110.2"


class Acceptance(NamedTuple):
    """A file that LiteLLM takes: what is wrong with it, what comes of it, the rule that finds it, and the file.

    `by` is what takes it: the Router built of `model_list` and `router_settings`, or the proxy's loader of files.
    """

    wrong: str
    outcome: str
    rule: str
    file: str
    by: str = "router"


def _one(params: str = "", beside: str = "", model: str = "openai/gpt-4o", group: str = "a") -> str:
    """Return an entry of `model_list`, with more parameters and with more beside these."""
    key = "" if "api_key" in params else ", api_key: os.environ/KEY_A"
    more = f", {params}" if params else ""
    return (
        f"- {{model_name: {group}, litellm_params: {{model: {model}{key}{more}}}{', ' + beside if beside else ''}}}\n"
    )


def _list(*entries: str, settings: str = "") -> str:
    """Return a file of entries, and settings of the router in braces."""
    return "model_list:\n" + "".join(entries) + (f"router_settings: {{{settings}}}\n" if settings else "")


A, B = _one(), _one(model="azure/gpt-4o", params="api_base: https://east.example", group="b")
C = _one(model="mistral/mistral-small-latest", group="c")
A2 = _one(model="azure/gpt-4o", params="api_base: https://east.example")


def _with(params: str, second: str = "") -> str:
    """Return a file of one group: its entry has the parameters, a second one those of `second`."""
    other = _one(model="azure/gpt-4o", params=f"api_base: https://east.example, {second}") if second else ""
    return _list(_one(params), other)


_COST = "routing_strategy: cost-based-routing"

ACCEPTANCES = (
    Acceptance(
        "`api_bse` in place of `api_base`",
        "the provider's usual address is called",
        "RC704",
        _with("api_bse: https://x.example"),
    ),
    Acceptance(
        "`api_kye` in place of `api_key`",
        "the usual variable's key is used",
        "RC704",
        _with("api_kye: os.environ/K, rpm: 3"),
    ),
    Acceptance("`max_retires` in place of `max_retries`", "the default counts", "RC704", _with("max_retires: 3")),
    Acceptance("`weight` beside `litellm_params`", "the shares are even", "RC706", _list(_one(beside="weight: 9"), A2)),
    Acceptance(
        "`weight` in `model_info`", "the shares are even", "RC706", _list(_one(beside="model_info: {weight: 9}"), A2)
    ),
    Acceptance("`order` beside `litellm_params`", "the order is not kept", "RC706", _list(_one(beside="order: 1"), A2)),
    Acceptance(
        "`api_key` beside `litellm_params`",
        "it is not used",
        "RC706",
        _list(_one("rpm: 9", beside="api_key: os.environ/KEY_B")),
    ),
    Acceptance(
        "a fallback to a group that nothing defines",
        "it is skipped",
        "RC711",
        _list(A, B, settings="fallbacks: [{a: [zzz]}]"),
    ),
    Acceptance(
        "fallbacks of a group that nothing defines",
        "they are never tried",
        "RC711",
        _list(A, B, settings="fallbacks: [{zzz: [a]}]"),
    ),
    Acceptance(
        "a fallback to a model in place of its group",
        "it is skipped",
        "RC711",
        _list(A, B, settings="fallbacks: [{a: [azure/gpt-4o]}]"),
    ),
    Acceptance(
        "a fallback for long prompts to no group",
        "it is skipped",
        "RC711",
        _list(A, settings="context_window_fallbacks: [{a: [zzz]}]"),
    ),
    Acceptance(
        "a fallback for refused content to no group",
        "it is skipped",
        "RC711",
        _list(A, settings="content_policy_fallbacks: [{a: [zzz]}]"),
    ),
    Acceptance(
        "a default fallback to no group", "it is skipped", "RC711", _list(A, settings="default_fallbacks: [zzz]")
    ),
    Acceptance(
        "an alias of no group",
        "each call under it is refused",
        "RC711",
        _list(A, settings="model_group_alias: {x: zzz}"),
    ),
    Acceptance(
        "a retry policy for no group",
        "it does nothing",
        "RC711",
        _list(A, settings="model_group_retry_policy: {zzz: {TimeoutErrorRetries: 3}}"),
    ),
    Acceptance(
        "an alias with the name of a group",
        "the group gets no call",
        "RC712",
        _list(A, B, settings="model_group_alias: {a: b}"),
    ),
    Acceptance(
        "an alias of an alias",
        "each call under it is refused",
        "RC713",
        _list(A, settings="model_group_alias: {x: y, y: a}"),
    ),
    Acceptance(
        "an alias as a mapping without `model`",
        "each call under it is refused",
        "RC713",
        _list(A, settings="model_group_alias: {x: {hidden: true}}"),
    ),
    Acceptance("`fallbacks` as a mapping", "none is tried", "RC714", _list(A, B, settings="fallbacks: {a: [b]}")),
    Acceptance(
        "a group that falls back to itself", "nothing is tried", "RC715", _list(A, settings="fallbacks: [{a: [a]}]")
    ),
    Acceptance(
        "a group twice in `fallbacks`",
        "the second entry is never tried",
        "RC715",
        _list(A, B, C, settings="fallbacks: [{a: [b]}, {a: [c]}]"),
    ),
    Acceptance("an empty list of fallbacks", "nothing is tried", "RC715", _list(A, B, settings="fallbacks: [{a: []}]")),
    Acceptance(
        "a fallback that stands in the list twice",
        "it is tried once",
        "RC715",
        _list(A, B, settings="fallbacks: [{a: [b, b]}]"),
    ),
    Acceptance(
        "a chat that falls back to an embedding model",
        "the call fails",
        "RC715",
        _list(
            _one(beside="model_info: {mode: chat}"),
            _one(model="openai/text-embedding-3-small", beside="model_info: {mode: embedding}", group="b"),
            settings="fallbacks: [{a: [b]}]",
        ),
    ),
    Acceptance(
        "a fallback for long prompts with a smaller window",
        "the call fails",
        "RC715",
        _list(
            _one(beside="model_info: {max_input_tokens: 128000}"),
            _one(model="openai/gpt-3.5-turbo", beside="model_info: {max_input_tokens: 16000}", group="b"),
            settings="context_window_fallbacks: [{a: [b]}]",
        ),
    ),
    Acceptance(
        "fallbacks that lead back",
        "the chain ends there",
        "RC716",
        _list(A, B, settings="fallbacks: [{a: [b]}, {b: [a]}]"),
    ),
    Acceptance(
        "an alias of a group with fallbacks",
        "calls under it have none",
        "RC718",
        _list(A, B, settings="model_group_alias: {x: a}, fallbacks: [{a: [b]}]"),
    ),
    Acceptance(
        "a credential that nothing defines",
        "the usual variable's key is used",
        "RC719",
        _with("litellm_credential_name: nope"),
    ),
    Acceptance("a key in the file", "whoever reads the file has it", "RC721", _with("api_key: correct-horse-battery")),
    Acceptance(
        "a variable that is not set",
        "the usual variable's key is used",
        "RC723",
        _with("api_base: os.environ/NOT_SET_ANYWHERE"),
    ),
    Acceptance("`${NAME}`", "the text itself is the key", "RC724", _with("api_key: '${OPENAI_KEY}'")),
    Acceptance("`os.environ.NAME`", "the text itself is the key", "RC724", _with("api_key: os.environ.OPENAI_KEY")),
    Acceptance(
        "`os.environ/` without a name", "the usual variable's key is used", "RC724", _with("api_key: os.environ/")
    ),
    Acceptance("a bare name of a variable", "the name itself is the key", "RC724", _with("api_key: OPENAI_API_KEY")),
    Acceptance("a weight that is a word", "each call of the group fails", "RC708", _with("weight: heavy")),
    Acceptance("a weight in quotes", "each call of the group fails", "RC708", _with("weight: '9'")),
    Acceptance(
        "a negative weight", "it switches the weights of its group off", "RC708", _with("weight: -1", "weight: 1")
    ),
    Acceptance("`rpm: 0`", "it is no limit", "RC708", _with("rpm: 0")),
    Acceptance(
        "`rpm: 0` for a strategy that keeps limits",
        "each call is over the limit",
        "RC708",
        _list(_one("rpm: 0"), settings="routing_strategy: usage-based-routing-v2"),
    ),
    Acceptance("`timeout: 0`", "it is no limit", "RC708", _with("timeout: 0")),
    Acceptance(
        "a check before calls that is none",
        "nothing is checked",
        "RC708",
        _list(A, settings="optional_pre_call_checks: [prompt_cachin]"),
    ),
    Acceptance(
        '`enable_pre_call_checks: "false"`',
        "it counts as set",
        "RC708",
        _list(A, settings="enable_pre_call_checks: 'false'"),
    ),
    Acceptance(
        '`enable_tag_filtering: "true"`',
        "it counts as not set",
        "RC708",
        _list(A, settings="enable_tag_filtering: 'true'"),
    ),
    Acceptance(
        "aliases as a list",
        "each call under one is refused",
        "RC713",
        _list(A, settings="model_group_alias: [{x: a}]"),
    ),
    Acceptance(
        "a group of a chat and an embedding model",
        "calls to it fail now and then",
        "RC735",
        _list(A, _one(model="openai/text-embedding-3-small")),
    ),
    Acceptance("`max_fallbacks: 0`", "no fallback is tried", "RC708", _list(A, B, settings="max_fallbacks: 0")),
    Acceptance("`cooldown_time: 0`", "the default counts", "RC708", _list(A, settings="cooldown_time: 0")),
    Acceptance(
        "checks before calls as a text",
        "nothing is checked",
        "RC708",
        _list(A, settings="optional_pre_call_checks: prompt_caching"),
    ),
    Acceptance(
        "a retry policy for a group whose number is a word",
        "the default counts",
        "RC708",
        _list(A, settings="model_group_retry_policy: {a: {TimeoutErrorRetries: three}}"),
    ),
    Acceptance(
        "`access_groups` as a text",
        "each letter is a group",
        "RC707",
        _list(_one(beside="model_info: {access_groups: beta}")),
    ),
    Acceptance("a comma in the name of a group", "a call is taken for several", "RC707", _list(_one(group="'a,b'"))),
    Acceptance(
        "`${HOST}` within an address",
        "the text itself is the address",
        "RC724",
        _with("api_base: 'https://${HOST}/v1'"),
    ),
    Acceptance(
        "`apikey` in place of `api_key`",
        "the usual variable's key is used",
        "RC704",
        "model_list:\n- {model_name: a, litellm_params: {model: openai/gpt-4o, apikey: os.environ/KEY_A}}\n",
    ),
    Acceptance("a negative `rpm`", "each call is over the limit", "RC708", _with("rpm: -5")),
    Acceptance("a negative `num_retries`", "nothing is tried again", "RC708", _list(A, settings="num_retries: -1")),
    Acceptance("`cooldown_time: 30s`", "it is not kept", "RC708", _list(A, settings="cooldown_time: 30s")),
    Acceptance("a timeout that is a word", "it is not kept", "RC708", _with("stream_timeout: soon")),
    Acceptance("a negative price", "costs count down", "RC708", _with("input_cost_per_token: -0.000001")),
    Acceptance(
        "a price of a million tokens", "costs are a million times too high", "RC708", _with("input_cost_per_token: 2.5")
    ),
    Acceptance("an address without `https://`", "each call fails", "RC708", _with("api_base: llm.example/v1")),
    Acceptance("a mode that is none", "it means nothing", "RC708", _list(_one(beside="model_info: {mode: chatt}"))),
    Acceptance(
        "a switch that is a sentence",
        "it counts as set",
        "RC708",
        _list(A, settings="enable_pre_call_checks: no thanks"),
    ),
    Acceptance("a group whose name ends with a blank", "no call has that name", "RC707", _list(_one(group="'a '"))),
    Acceptance("a group without a name", "no call has that name", "RC707", _list(_one(group="''"))),
    Acceptance(
        "a model that ends with a blank", "the host knows no such model", "RC707", _list(_one(model="'openai/gpt-4o '"))
    ),
    Acceptance("two deployments that are the same", "they fail together", "RC731", _list(A, A)),
    Acceptance(
        "two deployments with one id",
        "what happens to one happens to both",
        "RC732",
        _list(
            _one(beside="model_info: {id: x}"),
            _one(model="openai/gpt-4o-mini", group="b", beside="model_info: {id: x}"),
        ),
    ),
    Acceptance(
        "a deployment without a weight beside one that has it",
        "it gets no call",
        "RC733",
        _with("weight: 9", "timeout: 9"),
    ),
    Acceptance(
        "a deployment without `rpm` beside one that has it", "it gets no call", "RC733", _with("rpm: 9", "timeout: 9")
    ),
    Acceptance("`*` for one provider", "mistyped names go there", "RC734", _list(_one(model="openai/*", group="'*'"))),
    Acceptance("a pattern with one model", "all names are served by it", "RC734", _list(_one(group="openai/*"))),
    Acceptance(
        "a model that is a pattern, in a group that is none",
        "the host is asked for `*`",
        "RC734",
        _list(_one(model="openai/*")),
    ),
    Acceptance(
        "a pattern of one provider for another",
        "names go to the wrong host",
        "RC734",
        _list(_one(model="openai/*", group="anthropic/*")),
    ),
    Acceptance(
        "a retry policy with a key that is none",
        "the default counts",
        "RC704",
        _list(A, settings="retry_policy: {TimeoutErrorRetry: 3}"),
    ),
    Acceptance(
        "an allowed-fails policy with a key that is none",
        "the default counts",
        "RC705",
        _list(A, settings="allowed_fails_policy: {Foo: 3}"),
    ),
    Acceptance(
        "arguments of a strategy with a key that is none",
        "the default counts",
        "RC705",
        _list(A, A2, settings="routing_strategy: latency-based-routing, routing_strategy_args: {tolerance: 3}"),
    ),
    Acceptance(
        "arguments for a strategy that reads none",
        "they do nothing",
        "RC741",
        _list(A, A2, settings="routing_strategy_args: {ttl: 3}"),
    ),
    Acceptance(
        "weights beside a strategy that reads none",
        "the shares are even",
        "RC741",
        _list(_one("weight: 9"), A2, settings="routing_strategy: least-busy"),
    ),
    Acceptance("tags without `enable_tag_filtering`", "they choose nothing", "RC741", _with("tags: [paid]")),
    Acceptance(
        "`cooldown_time` beside `disable_cooldowns`",
        "nothing cools down",
        "RC741",
        _list(A, settings="disable_cooldowns: true, cooldown_time: 9"),
    ),
    Acceptance(
        "a strategy for groups of one deployment",
        "it chooses nothing",
        "RC742",
        _list(A, B, settings="routing_strategy: least-busy"),
    ),
    Acceptance(
        "a model without a price under `cost-based-routing`",
        "it counts as 5 dollars a token",
        "RC743",
        _list(A, _one(model="hosted_vllm/own", params="api_base: https://east.example"), settings=_COST),
    ),
    Acceptance(
        "`routr_settings`", "the section is not read", "RC704", _list(A) + "routr_settings: {num_retries: 3}\n", "proxy"
    ),
    Acceptance(
        "`drop_parms` in `litellm_settings`",
        "it does nothing",
        "RC704",
        _list(A) + "litellm_settings: {drop_parms: true}\n",
        "proxy",
    ),
    Acceptance(
        "`routing_strategy` in `litellm_settings`",
        "it is not read",
        "RC706",
        _list(A, A2) + "litellm_settings: {routing_strategy: least-busy}\n",
        "proxy",
    ),
    Acceptance(
        "`model_group_alias` in `litellm_settings`",
        "each call under it is refused",
        "RC706",
        _list(A) + "litellm_settings: {model_group_alias: {x: a}}\n",
        "proxy",
    ),
    Acceptance(
        "`fallbacks` at the top of the file", "none is tried", "RC706", _list(A, B) + "fallbacks: [{a: [b]}]\n", "proxy"
    ),
    Acceptance(
        "a key that stands twice",
        "the first is not read",
        "RC703",
        _list(A, settings="num_retries: 3") + "router_settings: {timeout: 30}\n",
        "proxy",
    ),
    Acceptance(
        "`router_settings` as a list",
        "they are not read",
        "RC707",
        _list(A) + "router_settings: [num_retries]\n",
        "proxy",
    ),
    Acceptance(
        "a variable that the file reads and sets",
        "it is empty",
        "RC725",
        _with("api_key: os.environ/LATE_KEY") + "environment_variables: {LATE_KEY: os.environ/KEY_A}\n",
        "proxy",
    ),
    Acceptance(
        "a variable without a value",
        "it is the text `None`",
        "RC726",
        _list(A) + "environment_variables: {SOME_HOST: }\n",
        "proxy",
    ),
)


def with_table(page: str) -> str:
    """Return a page with the table between its two marks."""
    begin, end = "<!-- table -->\n", "<!-- end of table -->\n"
    before, _, rest = page.partition(begin)
    rows = ["| what is wrong | what comes of it | found by |", "|---|---|---|"]
    rows += [f"| {each.wrong} | {each.outcome} | [{each.rule}](rules/{each.rule}.md) |" for each in ACCEPTANCES]
    return before + begin + "\n" + "\n".join(rows) + "\n\n" + end + rest.partition(end)[2]
