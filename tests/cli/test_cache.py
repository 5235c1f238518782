"""What is remembered between runs saves time and never changes an answer, however it was damaged."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from routecomp.workspace import cache, sealed
from routecomp.workspace.settings import Settings
from tests.cli.transcripts import SMALL, Ran, in_process, project

# A project with a warning: what is remembered then holds a finding. Without migrations, which each check would lint.
WARNED = {
    **SMALL,
    "routecomp.yaml": "dialects: []\n",
    "policies/tenants.yaml": """\
tenants:
  berlin:
    objective: cheapest
    weights: {quality: 0.40, latency: 0.30, cost: 0.30}
""",
}
OTHER = {"policies/more.yaml": "tenants:\n  zeta:\n    preset: nonsense\n"}


@pytest.fixture
def root() -> Iterator[Path]:
    """A project with a warning that was compiled once, and so is remembered."""
    with project(WARNED) as root:
        assert in_process(["compile"], root).code == 0
        assert (root / ".routecomp/verdict.json").exists()
        yield root


def both(root: Path, *arguments: str) -> tuple[Ran, Ran]:
    """What a command says with what it remembers, and what it says from the files alone."""
    return in_process(list(arguments), root), in_process([*arguments, "--no-cache"], root)


def recalls(root: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether `check` answers without compiling."""
    with monkeypatch.context() as patch:
        patch.setattr("routecomp.workspace.check.check", _not_called)
        return in_process(["check"], root).code == 0


def _not_called(*_: object) -> None:
    raise AssertionError


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--strict"],
        ["check", "--json"],
        ["check", "--format", "sarif"],
        ["check", "--format", "junit"],
        ["check", "--format", "github"],
        ["compile"],
        ["compile", "--check"],
        ["compile", "--json"],
    ],
    ids=" ".join,
)
def test_the_same_answer_in_every_format(root: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Remembered findings are shown as they were found: lines, underlines, remedies and fixes."""
    assert recalls(root, monkeypatch)
    remembered, computed = both(root, *arguments)
    assert remembered == computed


def test_errors_with_fixes_are_remembered_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels, notes and fixes survive, in files with a byte-order mark and wide characters."""
    text = "\ufefftenants:\n  acme: {description: Ünïcödé 💥, presett: balanced}\n  acme: {}\n"
    with project({**SMALL, "policies/tenants.yaml": text}) as root:
        first = in_process(["check", "--json"], root)
        assert first.code == 1
        assert '"fix"' in first.out
        assert first == in_process(["check", "--json"], root) == in_process(["check", "--json", "--no-cache"], root)
        monkeypatch.setattr("routecomp.workspace.check.check", _not_called)
        assert in_process(["check", "--json"], root) == first


def test_nothing_changed_needs_no_compiler(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing changed, both commands answer from memory alone."""
    monkeypatch.setattr("routecomp.workspace.check.check", _not_called)
    monkeypatch.setattr("routecomp.workspace.compile.compile", _not_called)
    assert in_process(["check"], root).code == 0
    assert in_process(["compile"], root).code == 0


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte of a file": lambda root: (root / "policies/tenants.yaml").write_text("tenants: {a: {stacks: [mars]}}\n"),
    "a new file": lambda root: (root / "policies/more.yaml").write_text(OTHER["policies/more.yaml"]),
    "a removed file": lambda root: (root / "policies/tenants.yaml").unlink(),
    "a renamed file": lambda root: (root / "policies/tenants.yaml").rename(root / "routes/tenants.yaml"),
    "bytes moved between files": lambda root: [
        (root / "policies/a.yaml").write_text("tenants:\n"),
        (root / "policies/b.yaml").write_text("  x: {}\n"),
    ],
    "the settings": lambda root: (root / "routecomp.yaml").write_text("output: other\n"),
    "a file of the same size and time": lambda root: _same_size_and_time(root / "policies/tenants.yaml"),
    "the table edited by hand": lambda root: (root / "generated/routing_table.json").write_text("{}"),
    "a file of the output removed": lambda root: (root / "generated/fallback.json").unlink(),
}


def _same_size_and_time(path: Path) -> None:
    status = path.stat()
    path.write_text(path.read_text().replace("berlin", "munich"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(root: Path, change: str) -> None:
    """Whatever changes, the answer is the one a run without memory gives."""
    CHANGES[change](root)
    remembered, computed = both(root, "compile", "--check")
    assert remembered == computed
    assert remembered.code == 1
    remembered, computed = both(root, "check")
    assert remembered == computed


def test_another_day_is_another_question() -> None:
    """A waiver that held yesterday is not remembered today."""
    waived = WARNED["policies/tenants.yaml"].replace(
        "    weights:", '    # routecomp:allow RC323 until=2026-05-01 reason="on its way out"\n    weights:'
    )
    with project({**WARNED, "policies/tenants.yaml": waived}) as root:
        assert in_process(["check", "--strict", "--today", "2026-05-01"], root).code == 0
        assert in_process(["check", "--strict", "--today", "2026-05-02"], root).code == 1
        assert in_process(["check", "--strict", "--today", "2026-05-01"], root).code == 0


def test_another_compiler_is_another_question(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte of the compiler's own sources, the Python or a library that changes makes what is remembered void."""

    def name() -> str:
        sealed.compiler_digest.cache_clear()  # a process reads its own sources once
        return cache.fingerprint({}, Settings(), date(2026, 1, 1))

    names = {name()}
    package = root.parent / "package"
    shutil.copytree(Path(cache.__file__).parents[1], package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("routecomp.__file__", str(package / "__init__.py"))
    assert {name()} == names  # wherever it is installed
    for source in (package / "table/rank.py", package / "runtime/resolver.py"):
        source.write_text(source.read_text() + "# changed\n")
        names.add(name())
    (package / "rules/project/rc999_new.py").write_text("")
    names.add(name())
    monkeypatch.setattr("sys.version", "3.99")
    names.add(name())
    assert len(names) == 5
    sealed.compiler_digest.cache_clear()


def test_damage_of_any_kind_is_no_memory(root: Path) -> None:
    """Truncated anywhere, any byte changed, emptied, a folder, a link: the answer stays, and it is written anew."""
    entry = root / ".routecomp/verdict.json"
    entry.unlink()
    right = in_process(["check", "--json"], root)
    whole = entry.read_bytes()
    random.seed(5)
    damaged = [whole[:size] for size in (0, 1, 63, 64, 65, len(whole) // 2, len(whole) - 1)]
    for place in random.sample(range(len(whole)), 25):
        damaged.append(whole[:place] + bytes([whole[place] ^ 1 << random.randrange(8)]) + whole[place + 1 :])
    for data in [*damaged, whole + b" ", b"\xff" * 1000, whole[:64] + b"[" * 100_000]:
        entry.write_bytes(data)
        assert in_process(["check", "--json"], root) == right
        assert entry.read_bytes() == whole
    entry.unlink()
    entry.mkdir()
    assert in_process(["check", "--json"], root) == right
    entry.rmdir()
    entry.symlink_to("/etc/passwd")
    assert in_process(["check", "--json"], root) == right


def test_a_forged_memory_is_no_memory() -> None:
    """A repository that brings a memory along which says "no findings" under the right name is not believed.

    Its author can compute everything the name is made of, but not the seal: the key lies outside the project.
    """
    with project({**SMALL, **OTHER}) as root:
        assert in_process(["check"], root).code == 1
        entry = root / ".routecomp/verdict.json"
        honest = entry.read_bytes()
        content = json.loads(honest[64:])
        assert content["diagnostics"]
        content["diagnostics"] = []
        body = json.dumps(content).encode()
        seals = [
            honest[:64],
            hashlib.blake2b(body, digest_size=32).hexdigest().encode(),
            hashlib.sha256(body).hexdigest().encode(),
            hashlib.blake2b(body, key=bytes(32), digest_size=32).hexdigest().encode(),
        ]
        for seal in seals:
            entry.write_bytes(seal + body)
            assert in_process(["check"], root).code == 1


def test_a_key_that_is_odd_or_missing(root: Path) -> None:
    """Without a key there is no memory, with another one it is void; neither is an error."""
    key = root.parent / "cache/routecomp/key"
    assert len(key.read_bytes()) == 32
    assert key.stat().st_mode & 0o777 == 0o600
    right = in_process(["check", "--no-cache"], root)
    for content in (b"", b"short", b"x" * 33, b"y" * 32):
        key.write_bytes(content)
        assert in_process(["check"], root) == right
    key.unlink()
    assert in_process(["check"], root) == right
    assert len(key.read_bytes()) == 32
    shutil.rmtree(key.parent.parent)
    key.parent.parent.write_text("a file where the folder should be")
    assert in_process(["check"], root) == right


def test_what_cannot_be_written_is_not_remembered() -> None:
    """A project folder, or .routecomp, that takes no files: the command does its work and says nothing of it."""
    with project(WARNED) as root:
        right = in_process(["check", "--no-cache"], root)
        (root / ".routecomp").write_text("a file where the folder should be")
        assert in_process(["check"], root) == right
        (root / ".routecomp").unlink()
        (root / ".routecomp").symlink_to("/nowhere")
        assert in_process(["check"], root) == right
        (root / ".routecomp").unlink()
        if os.geteuid() == 0:
            root.parent.chmod(0o755)
            os.seteuid(65534)
        try:
            root.chmod(0o555) if os.geteuid() != 65534 else None
            assert in_process(["check"], root) == right
        finally:
            if os.geteuid() == 65534:
                os.seteuid(0)
            root.chmod(0o755)
        assert not (root / ".routecomp").exists()


def test_it_ignores_itself_in_git(root: Path) -> None:
    """What is remembered never shows up in a commit: the folder brings its own .gitignore."""
    assert (root / ".routecomp/.gitignore").read_text().splitlines()[-1] == "*"


def test_a_credential_is_not_remembered() -> None:
    """A project that holds a credential leaves no trace of it in .routecomp/."""
    looks_like = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4
    with project({**SMALL, "policies/tenants.yaml": f"tenants:\n  acme:\n    description: {looks_like}\n"}) as root:
        first, second = both(root, "check")
        assert first == second
        assert first.code == 1
        for path in root.glob(".routecomp/*"):
            assert looks_like.encode() not in path.read_bytes()


def test_without_memory_nothing_is_written() -> None:
    """`--no-cache` leaves no folder behind."""
    with project(SMALL) as root:
        assert in_process(["check", "--no-cache"], root).code == 0
        assert not (root / ".routecomp").exists()


def test_random_edits_never_get_a_stale_answer() -> None:
    """Fifty edits back and forth, some of which return to an earlier state: memory and files always agree."""
    chosen = random.Random(11)
    texts = [
        SMALL["policies/tenants.yaml"],
        WARNED["policies/tenants.yaml"],
        "tenants: {}\n",
        OTHER["policies/more.yaml"],
        "tenants:\n  a: {stack: [eu]}\n",
    ]
    with project(SMALL) as root:
        for _ in range(50):
            (root / f"policies/{chosen.choice('xyz')}.yaml").write_text(chosen.choice(texts))
            command = chosen.choice([["check"], ["compile", "--check"], ["compile"]])
            remembered = in_process(command, root)
            computed = in_process([*command, "--no-cache"], root)
            # After the first compile the second finds everything written.
            assert remembered.code == computed.code
            assert remembered.out.replace("written  ", "unchanged") == computed.out.replace("written  ", "unchanged")
