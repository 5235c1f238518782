"""Every setting does something, whichever file it stands in, and nothing else is accepted."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from routecomp.cli.output.problem import problem_text
from routecomp.model.guards import Guards
from routecomp.parse import Limits
from routecomp.sql.dialects.postgres_names import schema_fault
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.misnamed_settings import misnamed_settings
from routecomp.workspace.problem import Problem
from routecomp.workspace.settings import MAX_FILE_BYTES, MOST_FILE_BYTES, Settings
from routecomp.workspace.settings_file import READERS
from tests.cli.transcripts import SMALL, in_process, project


def settings_of(**files: str) -> Settings:
    """The settings of a project with these files at its root (`__` for the dot)."""
    with project({name.replace("__", "."): text for name, text in files.items()}) as root:
        return load_settings(str(root))


def refused(**files: str) -> str:
    """Everything a refusal says, on standard error."""
    with pytest.raises(Problem) as caught:
        settings_of(**files)
    assert caught.value.kind == "wrong"
    return problem_text(caught.value)


def test_the_default_limit_is_the_parsers() -> None:
    """A project without settings reads files as large as the parser alone would."""
    assert Settings().max_file_bytes == MAX_FILE_BYTES == Limits().max_bytes


def test_the_page_of_settings_is_true() -> None:
    """docs/settings.md has every setting, with its default and its bounds, and no other; its two examples are read."""
    page = (Path(__file__).parents[2] / "docs/settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (?:`(.*?)`|none) \|", page, re.MULTILINE))
    defaults = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    assert rows.keys() == {{"released": "secrets.released"}.get(name, name) for name in defaults}
    for name, value in defaults.items():
        text = (
            "{}"
            if value == Guards()
            else ""
            if value is None
            else f"[{', '.join(value)}]"
            if isinstance(value, (tuple, frozenset))
            else str(value)
        )
        assert rows[{"released": "secrets.released"}.get(name, name)] == text, name
    assert f"from 1024 to {MOST_FILE_BYTES}" in page
    (yaml,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (toml,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    whole = settings_of(routecomp__yaml=yaml)
    assert {line.partition(":")[0] for line in yaml.splitlines()} == {name.partition(".")[0] for name in rows}
    assert whole == Settings(
        base_branch="main",
        tenants_table=("public.tenants", "slug"),
        requires_routecomp="~=0.2",
        schema="routing",
        table_prefix="llm_",
        released=frozenset({"0123456789abcdef"}),
        guards=Guards(require_proof=True, require_intent=True),
    )
    shared = Settings(released=whole.released, requires_routecomp="~=0.2", guards=whole.guards)
    assert settings_of(pyproject__toml=toml) == shared


def test_both_files_say_the_same() -> None:
    """What routecomp.yaml can say, [tool.routecomp] can, with the same result."""
    yaml = settings_of(routecomp__yaml="output: out/x\nmax_file_bytes: 2048\nsecrets: {released: [1234567890123456]}\n")
    toml = settings_of(
        pyproject__toml='[tool.routecomp]\noutput = "out/x"\nmax_file_bytes = 2048\n'
        '[tool.routecomp.secrets]\nreleased = ["1234567890123456"]\n'
    )
    assert yaml == toml == Settings("out/x", 2048, frozenset({"1234567890123456"}))
    assert yaml.key() == toml.key() != Settings().key()


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("[]", ()),
        ('["*"]', ("*",)),
        ('["*_KEY", ALPHA_KEY, "*_KEY"]', ("*_KEY", "ALPHA_KEY")),
        ("[azure_*_v2]", ("azure_*_v2",)),
        ('["*_TOKEN"]', ("*_TOKEN",)),
    ],
)
def test_key_names(written: str, means: tuple[str, ...]) -> None:
    """Patterns of names in any order, each once; the list replaces the default."""
    assert settings_of(routecomp__yaml=f"key_names: {written}\n").key_names == means
    assert settings_of(pyproject__toml='[tool.routecomp]\nkey_names = ["A_KEY"]\n').key_names == ("A_KEY",)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('"*_KEY"', "must be a list of patterns"),
        ("[{a: b}]", "this is no pattern of names"),
        ("[null]", "this is no pattern of names"),
        ('["A KEY"]', "this is no pattern of names"),
        ('["*-KEY"]', "this is no pattern of names"),
        ('["[A-Z]_KEY"]', "this is no pattern of names"),
        ('["?_KEY"]', "this is no pattern of names"),
        ('["*_KEY\\n"]', "this is no pattern of names"),
        ('["GITHUB_*"]', "names like GITHUB_* never hold the key of a provider"),
        ("[GITHUB_TOKEN]", "names like GITHUB_* never hold the key of a provider"),
        ('["ci_*_TOKEN"]', "names like CI_* never hold the key of a provider"),
        ("[ACTIONS_RUNTIME_TOKEN]", "names like ACTIONS_* never hold the key of a provider"),
    ],
)
def test_key_names_that_are_none(written: str, fault: str) -> None:
    """What is no pattern of names, or can allow no name, is refused; the text is not repeated."""
    assert fault in refused(routecomp__yaml=f"key_names: {written}\n")


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("[]", "`guards` must be a mapping"),
        ("{require_proofs: true}", "unknown setting 'require_proofs' under `guards`"),
        ("{require_proof: 1}", "`require_proof` must be true or false"),
        ("{require_intent: }", "`require_intent` must be true or false"),
        ("{only: tenant=acme}", "`only` must be a list of KIND=NAME"),
        ("{only: [acme]}", "'acme' names nothing that may move"),
        ("{only: [stack=eu]}", "'stack=eu' names nothing that may move"),
    ],
)
def test_guards_that_are_none(written: str, fault: str) -> None:
    """What guards nothing is refused."""
    assert fault in refused(routecomp__yaml=f"guards: {written}\n")


def test_guards() -> None:
    """Both files say the same of them."""
    yaml = settings_of(routecomp__yaml="guards: {only: [tenant=acme, feature=a=b], no_decision_change: true}\n")
    toml = settings_of(
        pyproject__toml='[tool.routecomp.guards]\nonly = ["tenant=acme", "feature=a=b"]\nno_decision_change = true\n'
    )
    assert yaml.guards == toml.guards == Guards(("tenant=acme", "feature=a=b"), no_decision_change=True)
    assert yaml.key() != Settings().key()


def test_without_settings() -> None:
    """No file, an empty one, one of comments, or another tool's pyproject.toml: the defaults."""
    assert settings_of() == settings_of(routecomp__yaml="") == settings_of(routecomp__yaml="# later\n") == Settings()
    assert settings_of(pyproject__toml="[tool.black]\nline-length = 88\n") == Settings()
    assert settings_of(pyproject__toml="broken [ but none of our business") == Settings()
    assert settings_of(pyproject__toml="[project]\nname = 'routecomp-rules'\n") == Settings()


@pytest.mark.parametrize(
    "output",
    [
        "../x",
        "/tmp/x",
        ".",
        "..",
        "a/../..",
        "routes",
        "policies/x",
        "experiments",
        ".git",
        ".routecomp",
        "",
        "' '",
        "null",
        "[a]",
        '"a\\nb"',
        '"a\\\\b"',
        "./routes",
    ],
)
def test_output_stays_in_the_project_and_out_of_the_sources(output: str) -> None:
    """The output folder is one of the project's own, and none that holds something else."""
    assert "`output`" in refused(routecomp__yaml=f"output: {output}\n")


@pytest.mark.parametrize(
    ("output", "means"),
    [("build/routing/", "build/routing"), ("./a//b", "a/b"), ("ü", "ü"), ("123", "123"), ("routes2", "routes2")],
)
def test_output_is_normalised(output: str, means: str) -> None:
    """However a folder is written, it is the same folder."""
    assert settings_of(routecomp__yaml=f"output: {output}\n").output == means


@pytest.mark.parametrize(
    "number", ["1023", "67108865", "-5", "1e6", "4.0", "'4096'", "0x1000", "true", "99999999999999999999"]
)
def test_limits_that_are_none(number: str) -> None:
    """`max_file_bytes` is a whole number within bounds."""
    assert "`max_file_bytes` must be a whole number" in refused(routecomp__yaml=f"max_file_bytes: {number}\n")


def test_the_limit_is_applied() -> None:
    """A file over `max_file_bytes` is refused, one at it is read."""
    long = SMALL["routes/all.yaml"] + "#" * 2000
    for limit, code in ((len(long), 0), (len(long) - 1, 1)):
        with project({**SMALL, "routes/all.yaml": long, "routecomp.yaml": f"max_file_bytes: {limit}\n"}) as root:
            ran = in_process(["check"], root)
            assert ran.code == code, ran
    assert f"the limit is {len(long) - 1:,}" in ran.out


def test_a_released_fingerprint_is_applied() -> None:
    """The fingerprint a finding names, once released, makes the finding go; the text itself is never shown."""
    looks_like = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4
    files = {**SMALL, "policies/tenants.yaml": f"tenants:\n  acme:\n    description: {looks_like}\n"}
    with project(files) as root:
        ran = in_process(["check"], root)
        assert ran.code == 1
        assert "RC122" in ran.out
        assert looks_like not in ran.out + ran.err
        fingerprint = re.findall(r"released: \[([0-9a-f]{16})\]", ran.out)[0]
        (root / "routecomp.yaml").write_text(f"secrets: {{released: [{fingerprint}]}}\n")
        assert in_process(["check"], root).code == 0


@pytest.mark.parametrize(
    "text", ["[]", "text", "- output: x", "output: a\noutput: b", "output: &x a", "output: a\n---\n"]
)
def test_settings_that_are_no_mapping_of_ours(text: str) -> None:
    """The settings are read with the strictness of every other file, and refused with a place."""
    assert "routecomp.yaml:" in refused(routecomp__yaml=text)


def test_unknown_settings_are_refused_with_what_was_meant() -> None:
    """Unknown keys at both levels, in both files."""
    assert "did you mean `output`?" in refused(routecomp__yaml="outputs: x\n")
    assert "did you mean `released`?" in refused(routecomp__yaml="secrets: {release: []}\n")
    assert "did you mean `output`?" in refused(pyproject__toml='[tool.routecomp]\noutputs = "x"\n')
    assert "[tool.routecomp] secrets.release" in refused(pyproject__toml="[tool.routecomp.secrets]\nrelease = []\n")


def test_a_secret_among_the_fingerprints_is_not_repeated() -> None:
    """Who pastes the credential in place of its fingerprint does not see it in the report."""
    looks_like = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4
    for said in (
        refused(routecomp__yaml=f"secrets: {{released: [{looks_like}]}}\n"),
        refused(pyproject__toml=f'[tool.routecomp.secrets]\nreleased = ["{looks_like}"]\n'),
    ):
        assert "not a fingerprint" in said
        assert looks_like not in said


def test_settings_in_two_places() -> None:
    """Two sources of settings would be a riddle."""
    assert "settings twice" in refused(routecomp__yaml="output: a\n", pyproject__toml="[tool.routecomp]\n")


def test_toml_of_the_wrong_shape() -> None:
    """TOML that cannot be read, or holds something else under our name."""
    assert "cannot be read as TOML" in refused(pyproject__toml="[tool.routecomp\n")
    assert "not a table" in refused(pyproject__toml="[tool]\nroutecomp = 3\n")
    assert "`secrets` must be a mapping" in refused(pyproject__toml="[tool.routecomp]\nsecrets = 3\n")


def test_a_settings_file_that_is_a_link() -> None:
    """The settings are read as every file is: a link is not followed."""
    with project(SMALL) as root:
        (root / "routecomp.yaml").symlink_to("/etc/passwd")
        ran = in_process(["check"], root)
        assert ran.code == 2
        assert "is a symbolic link" in ran.err


def test_settings_count_at_the_root_only() -> None:
    """A routecomp.yaml in a folder below, or above, says nothing about the project."""
    with project({**SMALL, "sub/routecomp.yaml": "nonsense", "sub/routes/a.yaml": ""}) as root:
        assert load_settings(str(root)) == Settings()


def test_a_credential_among_the_settings_is_not_shown() -> None:
    """A key of pyproject.toml's table that looks like a credential is starred in the message that refuses it."""
    key = "sk-" + "proj-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3"
    with project({**SMALL, "pyproject.toml": f'[tool.routecomp]\n"{key}" = 1\n'}) as root:
        ran = in_process(["check"], root)
    assert ran.code == 2
    assert "unknown setting" in ran.err
    assert key not in ran.err + ran.out


@pytest.mark.parametrize(
    ("line", "fact", "help"),
    [
        ("schema: Routing", "'Routing' cannot be used: a schema's name has small letters", "write it as `routing`"),
        ("schema: 'a\"b'", "cannot be used: a schema's name has small letters", "write it as `a_b`"),
        ("schema: a.b", "cannot be used: a schema's name has small letters", "write it as `a_b`"),
        ("schema: ''", "cannot be used: a schema's name has small letters", "choose another, such as"),
        ("schema: user", "'user' cannot be used: it is a word of SQL", "such as `user_routing`"),
        ("schema: pg_x", "cannot be used: it belongs to PostgreSQL itself", "such as `routing`"),
        (f"schema: {'a' * 64}", "it has 64 characters, and PostgreSQL keeps 63", "shorter"),
        ("schema: [a]", "`schema` cannot be used: it is no text", "write a name"),
        ("schema: é", "cannot be used: a schema's name has small letters", "choose another, such as"),
        ("dialects: [sqlite]\nschema: routing", "`schema` means nothing here", "leave it out, or use `table_prefix`"),
        ("table_prefix: LLM_", "'LLM_' cannot be used: a prefix has small letters", "write it as `llm_`"),
        ("table_prefix: llm", "'llm' cannot be used: a prefix ends with `_`", "write `llm_`"),
        ("table_prefix: _llm_", "cannot be used: a prefix has small letters", "write it as `llm_`"),
        ("table_prefix: 'x; DROP TABLE y; --'", "cannot be used: a prefix has small", "write it as `x_drop_table_y_`"),
        ("table_prefix: sqlite_", "names that begin so belong to the database", "choose another prefix"),
        ("table_prefix: pg_", "names that begin so belong to the database", "choose another prefix"),
        ("table_prefix: routecomp_", "names that begin so belong to the database", "choose another prefix"),
        (f"table_prefix: {'a' * 19}_", "it has 20 characters; with more than 19", "at most 19"),
    ],
)
def test_names_that_cannot_be(line: str, fact: str, help: str) -> None:
    """A name that would need quotes, is taken or does not fit is refused where it stands, with a remedy."""
    said = refused(routecomp__yaml=f"{line}\n")
    last = line.splitlines()
    assert fact in said
    assert help in said
    assert f"--> routecomp.yaml:{len(last)}:" in said


@pytest.mark.parametrize("between", ["; ", "|", " and ", " + "])
def test_several_databases_in_one_text(between: str) -> None:
    """It is one mistake, and each is an entry of its own."""
    said = refused(routecomp__yaml=f"dialects: ['sqlite{between}postgres']\n")
    assert "each is an entry of its own: write sqlite, postgres" in said
    assert "leaves" not in said


def test_names_that_fit() -> None:
    """Names as long as they may be, and the default when it is said."""
    settings = settings_of(routecomp__yaml=f"schema: {'a' * 63}\ntable_prefix: {'a' * 18}_\n")
    assert (settings.names.schema, settings.names.prefix) == ("a" * 63, "a" * 18 + "_")
    assert settings_of(routecomp__yaml="schema: public\ntable_prefix: ''\n") == Settings()


def test_reserved_words_are_those_of_postgresql() -> None:
    """Every word that PostgreSQL does not take for a schema is refused, and no other."""
    from pglast import keywords

    reserved = {*keywords.RESERVED_KEYWORDS, *keywords.TYPE_FUNC_NAME_KEYWORDS}
    others = {*keywords.UNRESERVED_KEYWORDS, *keywords.COL_NAME_KEYWORDS}
    assert len(reserved) > 90
    assert [word for word in sorted(reserved) if schema_fault(word.lower()) is None] == []
    assert [word for word in sorted(others) if schema_fault(word.lower()) is not None] == []


NEARLY = {
    "routecomp.yml": "key_names: ['*_PASSWORD']\n",
    ".routecomp.yaml": "key_names: ['*_PASSWORD']\n",
    "Routecomp.yaml": "output: built\n",
    "routcomp.yaml": "dialects: [postgres]\n",
    "route-comp.yaml": "base_branch: main\n",
    "routecomp.config.yaml": "output: built\n",
    ".routecomprc.yml": "output: built\n",
    "routecomp.toml": 'key_names = ["*_PASSWORD"]\n',
    "routecomp.json": '{"output": "built"}\n',
}


@pytest.mark.parametrize("name", NEARLY)
def test_settings_that_nobody_reads_are_refused(name: str) -> None:
    """Whoever bounds `key_names` in a file of nearly the right name learns that it is not heard, from every command."""
    with project({**SMALL, name: NEARLY[name]}) as root:
        for command in ("check", "compile", "diff"):
            ran = in_process([command], root)
            assert ran.code == 2
            assert ran.err.startswith(f"error: {name} holds settings, and is not read")
            assert "routecomp.yaml" in ran.err
        assert not (root / "generated").exists()


@pytest.mark.parametrize("name", NEARLY)
def test_a_new_project_beside_settings_that_nobody_reads(name: str, tmp_path: Path) -> None:
    """`init` writes nothing, and says which file is in the way."""
    (tmp_path / name).write_text(NEARLY[name])
    ran = in_process(["init"], tmp_path)
    assert (ran.code, [path.name for path in tmp_path.iterdir()]) == (2, [name])
    assert f"{name} holds settings" in ran.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("routecomp.yml", "# nothing\n"),
        ("routecomp.yml", "services: {web: {image: x}}\n"),
        ("router.yaml", "output: built\n"),
        ("routecomposer.toml", "output = 1\n"),
        (".routecomp/settings.yaml", "output: built\n"),
    ],
)
def test_other_files_are_nobodys_settings(name: str, text: str) -> None:
    """A file without a setting, or of another name, is no matter of ours."""
    with project({**SMALL, name: text}) as root:
        assert in_process(["check"], root).code == 0


@pytest.mark.parametrize("setting", READERS)
def test_every_setting_is_known_in_a_misnamed_file(setting: str, tmp_path: Path) -> None:
    """One that comes later too."""
    (tmp_path / "routecomp.yml").write_text(f"{setting}: x\n")
    assert misnamed_settings(str(tmp_path)) == "routecomp.yml"


def test_a_name_that_a_disk_does_not_tell_apart(tmp_path: Path) -> None:
    """Where `Routecomp.yaml` opens as `routecomp.yaml`, its settings are heard."""
    (tmp_path / "Routecomp.yaml").write_text("output: built\n")
    assert misnamed_settings(str(tmp_path)) == "Routecomp.yaml"
    (tmp_path / "routecomp.yaml").hardlink_to(tmp_path / "Routecomp.yaml")
    assert misnamed_settings(str(tmp_path)) is None
