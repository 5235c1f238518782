"""LiteLLM files are read as LiteLLM reads them: every value at its place, nothing lost, no credential kept."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from routecomp.diagnostics.render import render
from routecomp.interop.litellm.read import Reading, read_litellm
from routecomp.interop.value import Kind, Value
from routecomp.rules.registry import Rules

REAL = Path(__file__).parents[3] / "shared" / "data" / "configs" / "litellm"
REAL_FILES = sorted(REAL.glob("*.y*ml"))


def read(folder: Path, *files: str, first: str = "config.yaml") -> Reading:
    """Read files given as `name: text` pairs in turn; the first name is the one that is given to the reader."""
    for name, text in zip(files[::2], files[1::2], strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_litellm([folder / first])


def same(value: Value, loaded: object) -> bool:
    """Return whether a value says what PyYAML loads; of credentials only that there is a text."""
    if isinstance(loaded, dict):
        return (
            value.kind is Kind.MAPPING
            and list(value.fields) == [str(key) for key in loaded]
            and all(same(value.fields[str(key)], below) for key, below in loaded.items())
        )
    if isinstance(loaded, list):
        return len(value.items) == len(loaded) and all(map(same, value.items, loaded))
    if value.kind is Kind.CREDENTIAL:
        return value.text == "********"
    if loaded is None:
        return value.kind is Kind.NULL
    if isinstance(loaded, bool):
        return value.kind is Kind.BOOL
    if isinstance(loaded, int | float):
        return value.kind is Kind.NUMBER and value.number is not None and float(value.number) == float(loaded)
    return value.kind in (Kind.TEXT, Kind.ENVIRONMENT, Kind.NUMBER, Kind.DATE) and value.text == str(loaded)


@pytest.mark.skipif(not REAL_FILES, reason="the shared real files are not here")
@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: path.stem[:30])
def test_real_files_are_read_as_pyyaml_loads_them(path: Path) -> None:
    """The tree of values has the keys, the order, the numbers and the texts that the proxy sees."""
    reading = read_litellm([path])
    assert reading.diagnostics == []
    assert reading.config is not None
    assert same(reading.config.root, yaml.safe_load(path.read_text(encoding="utf-8")))


ANCHORS = """\
x-base: &base
  api_base: https://a.example
  rpm: 10
x-more: &more {tpm: 30}
model_list:
- &first
  model_name: &name chat
  litellm_params:
    <<: [*base, *more]
    model: openai/a
- model_name: *name
  litellm_params: {<<: *base, rpm: 5, model: openai/b}
- *first
"""


def test_anchors_and_merge_keys_are_expanded(tmp_path: Path) -> None:
    """They give what PyYAML loads; a value knows where it is written, and its own path."""
    config = read(tmp_path, "config.yaml", ANCHORS).config
    assert config is not None
    assert same_unordered(config.root) == yaml.safe_load(ANCHORS)
    assert [deployment.group for deployment in config.deployments] == ["chat"] * 3
    again = config.deployments[2].param("api_base")
    assert again is not None
    assert again.dotted == "model_list[2].litellm_params.api_base"
    assert again.span.line == 2


def same_unordered(value: Value) -> object:
    """Return a value as plain Python objects, numbers as integers."""
    if value.kind is Kind.MAPPING:
        return {key: same_unordered(below) for key, below in value.fields.items()}
    if value.kind is Kind.LIST:
        return [same_unordered(item) for item in value.items]
    return int(value.number) if value.kind is Kind.NUMBER and value.number is not None else value.text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("model_list: *nowhere\n", "RC106"),
        ("model_list: &a [*a]\n", "RC106"),
        ("model_list: [a\n", "RC103"),
        ("model_list: !!python/object x\n", "RC107"),
        ("- a\n- b\n", "RC701"),
        ("just a text\n", "RC701"),
        ("apiVersion: v1\nkind: ConfigMap\n", "RC701"),
        ("services: {litellm: {image: x}}\n", "RC701"),
        ("strategy: {mode: fallback}\ntargets: []\n", "RC701"),
        ("", "RC111"),
        ("include: config.yaml\nmodel_list: []\n", "RC702"),
        ("include: [config.yaml]\nmodel_list: []\n", "RC702"),
        ("include: [../other.yaml]\nmodel_list: []\n", "RC702"),
        ("include: [/etc/hostname]\nmodel_list: []\n", "RC702"),
        ("include: [none.yaml]\nmodel_list: []\n", "RC702"),
        ("include: [.]\nmodel_list: []\n", "RC702"),
        (
            "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
            + "model_list: []\n",
            "RC105",
        ),
        (
            "m0: &m0 {k: v}\n"
            + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}\n" for n in range(1, 2000))
            + "model_list: []\n",
            "RC105",
        ),
    ],
)
def test_bad_input_is_one_finding(tmp_path: Path, text: str, rule: str) -> None:
    """No traceback, no endless reading: one finding with a place, and no configuration."""
    reading = read(tmp_path, "config.yaml", text)
    assert [each.rule for each in reading.diagnostics] == [rule]
    assert reading.config is None
    assert reading.diagnostics[0].help


def test_includes_are_merged_as_the_proxy_merges_them(tmp_path: Path) -> None:
    """Lists are joined, other sections replaced; nested includes are relative to the file that names them."""
    reading = read(
        tmp_path,
        "config.yaml",
        "include: [sub/a.yaml, b.yaml]\nmodel_list: [{model_name: root}]\nlitellm_settings: {num_retries: 1}\n",
        "sub/a.yaml",
        "include: [c.yaml]\nmodel_list: [{model_name: a}]\nlitellm_settings: {drop_params: true}\n",
        "sub/c.yaml",
        "model_list: [{model_name: c}]\n",
        "b.yaml",
        "model_list: [{model_name: b}]\nrouter_settings: {num_retries: 2}\n",
    )
    assert reading.diagnostics == []
    config = reading.config
    assert config is not None
    assert [each.group for each in config.deployments] == ["root", "a", "b", "c"]
    assert [each.value.dotted for each in config.deployments][-1] == "model_list[3]"
    assert list(config.litellm_settings.fields) == ["drop_params"]
    assert [each.dotted for each in config.overridden] == ["litellm_settings"]
    assert [Path(each.path).name for each in reading.files] == ["config.yaml", "a.yaml", "b.yaml", "c.yaml"]


def test_a_cycle_of_two_files_names_both(tmp_path: Path) -> None:
    """The entry that closes the cycle is the place."""
    reading = read(tmp_path, "config.yaml", "include: [a.yaml]\nmodel_list: []\n", "a.yaml", "include: [config.yaml]\n")
    (cycle,) = reading.diagnostics
    assert cycle.span is not None
    assert (Path(cycle.span.path).name, cycle.span.line, cycle.rule) == ("a.yaml", 1, "RC702")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """What a symbolic link leads to counts, not where the link stands."""
    (tmp_path / "secret.yaml").write_text("model_list: []\n", encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    reading = read(tmp_path / "in", "config.yaml", "include: [link.yaml]\nmodel_list: []\n")
    assert [each.rule for each in reading.diagnostics] == ["RC702"]


KEY = "sk-ant-api03-" + "Zq3xT9vB2mN8kL5wR7yP4" * 2
PASSWORD = "hunter2-but-longer"


@pytest.mark.parametrize(
    "text",
    [
        f"model_list: [{{model_name: a, litellm_params: {{model: b, api_key: {KEY}}}}}]\n",
        f"model_list: [{{model_name: a, litellm_params: {{model: b, api_key: {PASSWORD}}}}}]\n",
        f"general_settings: {{master_key: '{PASSWORD}'}}\n",
        f"general_settings: {{database_url: 'postgresql://u:{PASSWORD}@h/d'}}\n",
        f"environment_variables: {{REDIS_PASSWORD: {PASSWORD}}}\nmodel_list: []\n",
        f"model_list: [] # {KEY}\n",
        f"model_list: [\ngeneral_settings:\n  master_key: {PASSWORD}\n",
        f"model_list: {KEY}\n",
        f"general_settings: {{master_key: a, master_key: {PASSWORD}}}\n",
        f"x: &k {PASSWORD}\ngeneral_settings: {{master_key: *k, other: {{api_keys: [{PASSWORD}]}}}}\n",
        f"model_list: [{{model_name: a, litellm_params: {{extra_headers: {{Authorization: Bearer {PASSWORD}}}}}}}]\n",
    ],
)
def test_no_credential_is_kept(tmp_path: Path, text: str) -> None:
    """Neither the values nor a report hold it, wherever in the file it stood."""
    reading = read(tmp_path, "config.yaml", text)
    shown = "".join(render(name, reading.diagnostics, Rules(), version="0", checked=1) for name in ("text", "json"))
    values = [
        *(reading.config.root.walk() if reading.config else ()),
        *(reading.config.overridden if reading.config else ()),
    ]
    kept = shown + "".join(value.text + value.span.text for value in values) + reading.files[0].text
    assert KEY not in kept
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    ("written", "kind", "number"),
    [
        ("1e-6", Kind.NUMBER, Decimal("0.000001")),
        ("3e-06", Kind.NUMBER, Decimal("0.000003")),
        ("0.00000015", Kind.NUMBER, Decimal("0.00000015")),
        ("1_000", Kind.NUMBER, Decimal(1000)),
        ("010", Kind.NUMBER, Decimal(8)),
        ('"480"', Kind.TEXT, Decimal(480)),
        ("yes", Kind.BOOL, None),
        ("2024-02-15", Kind.DATE, None),
        ("os.environ/KEY", Kind.ENVIRONMENT, None),
        ("1e999999999", Kind.TEXT, None),
        ("~", Kind.NULL, None),
    ],
)
def test_scalars_are_what_the_proxy_makes_of_them(
    tmp_path: Path, written: str, kind: Kind, number: Decimal | None
) -> None:
    """Numbers are exact; the reference to a variable is a kind of its own."""
    config = read(tmp_path, "config.yaml", f"router_settings: {{x: {written}}}\n").config
    assert config is not None
    value = config.router_settings.fields["x"]
    assert (value.kind, value.number) == (kind, number)


def test_of_two_keys_the_last_counts(tmp_path: Path) -> None:
    """As PyYAML loads it; the first is kept among what was overridden."""
    config = read(tmp_path, "config.yaml", "router_settings: {a: 1, b: 2, a: 3}\n").config
    assert config is not None
    assert config.router_settings.text_of("a") == "3"
    assert [(each.dotted, each.text) for each in config.overridden] == [("router_settings.a", "1")]
