"""What files declared before is remembered, and never changes a result: random histories against cold compilations."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from routecomp.checker import Options, check
from routecomp.model.memory import Memory
from routecomp.model.project import Declared
from routecomp.parse import Limits, Parsed, parse
from routecomp.rules.run import check_project
from routecomp.sql.reference import Reference
from routecomp.sql.schema import Schema
from routecomp.sql.state import DatabaseState
from routecomp.workspace.record import Patched, Record
from tests.cli.transcripts import SMALL, contents, in_process, project

TENANTS = {f"policies/tenants/t{n}.yaml": f"tenants:\n  t{n}: {{min_quality: 0.{50 + n}}}\n" for n in range(8)}
FEATURES = {
    f"routes/features/f{n}.yaml": f"features:\n  f{n}:\n    models: {{claude: primary, mistral-large: shadow}}\n"
    "    fallback: [mistral-large]\n"
    for n in range(4)
}
EXPECTED = "expectations:\n  all: {for: {tenant: [t1, t2], feature: [f1]}, expect: {status: ok}}\n"
FILES = {
    **SMALL,
    **TENANTS,
    **FEATURES,
    "policies/presets.yaml": "presets:\n  balanced: {min_quality: 0.50}\n",
    "policies/expectations.yaml": EXPECTED,
}
TEXTS = [
    "tenants:\n  t1: {preset: cost_first}\n",  # another body of a name
    "tenants:\n  new: {stacks: [eu]}\n  other: {banned_models: [claude]}\n",
    "tenants:\n  t2: {presett: balanced}\n",
    "tenants:\n  t3: {min_quality: 1.5}\n\n",
    "tenants: [",
    "tenants: {}\n",
    "",
    "presets:\n  balanced: {min_quality: 0.60}\n",
    "features:\n  f1: {models: {claude: primary}, min_quality: 0.99}\n",
    'tenants:\n  t4:\n    objective: cheapest\n    # routecomp:allow RC323 until=2099-01-01 reason="soon"\n'
    "    weights: {quality: 0.40, latency: 0.30, cost: 0.30}\n",
    "tenants:\n  t5: {objective: cheapest, weights: {quality: 0.40, latency: 0.30, cost: 0.30}}\n",
    f"tenants:\n  t6: {{description: sk-ant-api03-{'Zq8vT1mYp0Kd7RwXu3Lb' * 4}}}\n",
    "models:\n  claude: {}\n",
    EXPECTED.replace("all:", "more:"),
    EXPECTED.replace("t1", "gone"),
    "# a comment\n",
]
OPTIONS = Options(today=date(2026, 11, 20))
RULES = Path(__file__).parents[1] / "rules"
SETTINGS = ["", "max_file_bytes: 100\n", "dialects: [sqlite]\n", "output: out\n", "dialects: []\n"]


def rewrite(chance: Random, root: Path) -> None:
    """Write one of the texts over a file, or into a new one."""
    path = chance.choice([*yaml_files(root), root / f"policies/{chance.choice('xyz')}.yaml"])
    path.write_text(chance.choice(TEXTS))


def restore(chance: Random, root: Path) -> None:
    """Make a file what it was in the beginning."""
    name = chance.choice(list(FILES))
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(FILES[name])


def restore_all(chance: Random, root: Path) -> None:
    """Make the project what it was in the beginning."""
    for folder in ("routes", "policies", "experiments"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def change_a_figure(chance: Random, root: Path) -> None:
    """Change a digit somewhere, and keep size and time."""
    path = chance.choice(yaml_files(root))
    text, status = path.read_text(), path.stat()
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    if places:
        place = chance.choice(places)
        path.write_text(text[:place] + chance.choice("0123456789") + text[place + 1 :])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def rename(chance: Random, root: Path) -> None:
    """Rename a file, so that it is read earlier or later than others, or stands in another folder."""
    path = chance.choice(yaml_files(root))
    path.rename(root / chance.choice(("policies", "routes")) / f"{chance.choice('amz')}{chance.randrange(9)}.yaml")


TENANT = [
    "min_quality: 0.66",
    "preset: cost_first",
    "preset: quality_first, min_quality: 0.51",
    "weights: {quality: 0.20, latency: 0.30, cost: 0.50}",
    'description: "It\'s (one), a fact"',
    "compliance_veto_threshold: 0.70, fallback_cost_penalty_pct: 7.25",
    "banned_providers: [mistral]",
    "preferred_providers: [mistral]",
    "owner: sales",
    "stacks: [us]",
    "stacks: [eu], banned_models: [mistral-large]",  # which leaves nothing, on features too
]


def change_a_tenant(chance: Random, root: Path) -> None:
    """Write other fields into the file of one tenant, or of two."""
    for number in chance.sample(range(8), k=chance.choice((1, 1, 2))):
        path = root / f"policies/tenants/t{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"tenants:\n  t{number}: {{{chance.choice(TENANT)}}}\n")


def swap(chance: Random, root: Path) -> None:
    """Exchange the content of two files."""
    one, other = chance.choice(yaml_files(root)), chance.choice(yaml_files(root))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def remove(chance: Random, root: Path) -> None:
    """Remove a file."""
    if len(yaml_files(root)) > 1:
        chance.choice(yaml_files(root)).unlink()


def change_settings(chance: Random, root: Path) -> None:
    """Write other settings."""
    (root / "routecomp.yaml").write_text(chance.choice(SETTINGS))


def damage(chance: Random, root: Path) -> None:
    """Cut, flip, lengthen, empty, swap or remove what is remembered, or bring back what was remembered long ago."""
    entries = [path for path in sorted((root / ".routecomp").glob("*")) if path.name != ".gitignore"]
    old = root.parent / "old"
    if not entries:
        return
    path, other = chance.choice(entries), chance.choice(entries)
    data = path.read_bytes()
    place = chance.randrange(len(data) + 1)
    flipped = data[:place] + bytes([data[place % len(data)] ^ 1]) + data[place + 1 :] if data else b"x"
    if chance.random() < 0.3 and (old / path.name).exists():
        shutil.copy(old / path.name, path)
        return
    old.mkdir(exist_ok=True)
    shutil.copy(path, old / path.name)
    path.write_bytes(chance.choice((data[:place], flipped, data + b"x", b"", other.read_bytes(), data)))
    if chance.random() < 0.1:
        path.unlink()


STEPS: list[Callable[[Random, Path], None]] = [
    *([rewrite] * 4),
    *([restore] * 6),
    *([change_a_figure] * 3),
    *([change_a_tenant] * 10),
    rename,
    swap,
    remove,
    change_settings,
    *([damage] * 4),
    *([restore_all] * 2),
]


def yaml_files(root: Path) -> list[Path]:
    """Every YAML file of the project."""
    return sorted(path for folder in ("routes", "policies") for path in (root / folder).rglob("*.yaml"))


@pytest.mark.parametrize("steps", [60, pytest.param(1_000, marks=pytest.mark.hard)])
def test_every_compilation_is_the_one_from_the_files_alone(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each step of a random history, reports and artifacts are those of a run that remembers nothing."""
    chance = Random(steps)
    compiled = patched = 0

    def counted(record: Record) -> Patched | None:
        nonlocal patched
        result = patch(record)
        patched += result is not None
        return result

    patch = Record.patch
    monkeypatch.setattr(Record, "patch", counted)
    with project(FILES) as root:
        for _ in range(steps):
            for _ in range(chance.choice((1, 1, 2))):
                chance.choice(STEPS)(chance, root)
            command = ["check", "--no-base", "--json"]
            if chance.random() < 0.7:
                assert in_process(command, root) == in_process([*command, "--no-cache"], root)
            ran = in_process(["compile", "--json"], root)
            cold = in_process(["compile", "--check", "--json", "--no-cache"], root)
            assert ran.code == cold.code
            assert ran.out.partition('"compiled"')[0] == cold.out.partition('"compiled"')[0]
            compiled += ran.code == 0
            if chance.random() < 0.3:
                restore_all(chance, root)
    assert compiled > steps // 5
    assert patched > steps // 20  # else the short way would not have been tried


def test_a_file_that_did_not_change_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After one file changed, that file alone is parsed; files with findings or waivers are, each time."""
    parsed: list[str] = []
    with project({**FILES, "policies/waived.yaml": TEXTS[9].replace("t4", "waived")}) as root:
        assert in_process(["compile"], root).code == 0
        (root / "policies/tenants/t3.yaml").write_text("tenants:\n  t3: {min_quality: 0.61}\n")

        def seen(path: str, data: bytes, limits: Limits) -> Parsed:
            parsed.append(path)
            return parse(path, data, limits)

        monkeypatch.setattr("routecomp.parse.file_tree.parse", seen)
        assert in_process(["compile"], root).code == 0
        assert sorted(set(parsed)) == ["policies/tenants/t3.yaml", "policies/waived.yaml"]


def test_a_changed_tenant_is_patched_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a field of one tenant changed, no other tenant is restored, and the files are those of a cold run."""
    with project(FILES) as root:
        assert in_process(["compile"], root).code == 0
        for text in TENANT[:6]:
            (root / "policies/tenants/t3.yaml").write_text(f"tenants:\n  t3: {{{text}}}\n")
            with monkeypatch.context() as patch:
                patch.setattr("routecomp.workspace.output.compile_project", _not_called)
                ran = in_process(["compile", "--json"], root)
            assert ran.code == 0, text
            cold = in_process(["compile", "--check", "--json", "--no-cache"], root)
            assert cold.code == 0
            figures, wanted = json.loads(ran.out)["compiled"], json.loads(cold.out)["compiled"]
            assert [item["bytes"] for item in figures.pop("files")] == [item["bytes"] for item in wanted.pop("files")]
            assert figures == wanted


def _not_called(*_: object) -> None:
    raise AssertionError


@pytest.mark.parametrize("fixture", sorted(RULES.glob("RC[1-4]*/bad")), ids=lambda path: path.parent.name)
def test_what_is_found_in_a_tenant_needs_no_other_tenant(fixture: Path) -> None:
    """Every finding stays with one tenant, or without tenants; but for RC404, with no feature too.

    So the short way may leave those out. Features are checked again where a field changed that RC404 reads.
    """
    files = {str(path.relative_to(fixture)): path.read_bytes() for path in fixture.rglob("*.y*ml")}
    declared = check(files, OPTIONS).declared
    whole = found_in(declared)
    features = declared.features if fixture.parent.name.startswith("RC404") else {}
    parts = [replace(declared, tenants={slug: entry}, features=features) for slug, entry in declared.tenants.items()]
    assert whole <= set().union(found_in(replace(declared, tenants={})), *map(found_in, parts))


def test_a_tenant_left_nothing_on_features_alone_is_found() -> None:
    """A changed tenant to whom features, and no target, offer nothing is reported though the others are remembered."""
    feature = "features:\n  f9:\n    models: {mistral-large: primary}\n"
    tenants = {"policies/tenants.yaml": "tenants:\n  acme: {}\n"}
    with project({**FILES, **tenants, "routes/features/f9.yaml": feature}) as root:
        assert in_process(["compile", "--strict"], root).code == 0
        # One cell of one row changes: all else would be patched.
        (root / "policies/tenants/t3.yaml").write_text("tenants:\n  t3: {min_quality: 0.80}\n")
        (finding,) = json.loads(in_process(["compile", "--json"], root).out)["findings"]
        assert (finding["rule"], finding["path"]) == ("RC404", "policies/tenants/t3.yaml")
        assert finding["message"] == "no model is left for tenant `t3` on feature `f9` (quality 1)"


def found_in(declared: Declared) -> set[str]:
    """What the rules over a project find, as one text for each finding."""
    return {f"{item.rule} {item.span} {item.message}" for item in check_project(declared)}


def test_a_disk_that_takes_no_memory_is_no_error() -> None:
    """Where nothing can be remembered, everything is compiled, each time."""
    with project({**FILES, ".routecomp": "a file where the folder would be"}) as root:
        before = contents(root)
        assert in_process(["compile"], root).code == 0
        assert in_process(["compile"], root).code == 0
        assert {name: data for name, data in contents(root).items() if "generated" not in name} == before


def test_a_memory_of_another_project_says_nothing_else(tmp_path: Path) -> None:
    """What a project of the same user remembers, put into another one, changes nothing there."""
    with project(FILES) as root, project({**FILES, "policies/tenants/t1.yaml": TEXTS[2]}) as other:
        cache = root.parent / "cache"
        assert in_process(["check", "--no-base"], root).code == 0
        shutil.copytree(cache, other.parent / "cache")
        shutil.copytree(root / ".routecomp", other / ".routecomp")
        ran = in_process(["check", "--no-base", "--json"], other)
        assert ran.code == 1
        assert ran == in_process(["check", "--no-base", "--json", "--no-cache"], other)


def test_callers_of_the_library_may_keep_a_memory() -> None:
    """A memory that goes from one check to the next gives the same findings, and holds only what is still there."""
    options = OPTIONS
    files = {name: text.encode() for name, text in FILES.items()}
    memory = Memory()
    assert check(files, options, memory=memory).diagnostics == []
    assert set(memory.kept) == set(files)
    changed = {**files, "policies/tenants/t1.yaml": TEXTS[2].encode()}
    del changed["routes/features/f1.yaml"]
    second = Memory(memory.kept)
    found = check(changed, options, memory=second).diagnostics
    assert [str(item.span) for item in found] == [str(item.span) for item in check(changed, options).diagnostics]
    assert set(second.kept) == set(changed) - {"policies/tenants/t1.yaml"}


def test_released_migrations_are_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What released migrations lead to is remembered; others, changed by a byte, are run."""
    with project(FILES) as root:
        assert in_process(["compile"], root).code == 0
        shutil.copytree(root / "generated/migrations", root / "released")
        released = ["--from", "released"]
        tenant, baseline = root / "policies/tenants/t3.yaml", root / "released/sqlite/0001_baseline.up.sql"
        runs: list[str] = []
        run = Reference.state

        def counted(reference: Reference, schema: Schema) -> DatabaseState:
            runs.append("run")
            return run(reference, schema)

        monkeypatch.setattr(Reference, "state", counted)
        for turn in range(3):
            tenant.write_text(f"tenants:\n  t3: {{min_quality: 0.6{turn}}}\n")
            assert in_process(["compile", *released], root).code == 0
            assert len(runs) == 1
        files = contents(root / "generated")
        assert in_process(["compile", *released, "--check", "--no-cache"], root).code == 0
        assert [name for name in files if "0002_tenant-t3" in name]
        text = baseline.read_text()
        for path in (baseline, root / "generated/migrations/sqlite/0001_baseline.up.sql"):
            path.write_text(text + "\n-- another byte\n")
        runs.clear()
        tenant.write_text("tenants:\n  t3: {min_quality: 0.69}\n")
        assert in_process(["compile", *released], root).code == 0
        assert runs
