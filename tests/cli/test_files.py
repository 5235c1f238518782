"""The files of a project: which are read, which are refused, and that none makes the command wait."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from routecomp.model.sections import FOLDERS as SECTION_FOLDERS
from routecomp.workspace.files import FOLDERS, MAX_DEPTH, collect, find_root, locked
from routecomp.workspace.problem import Problem
from tests.cli.transcripts import SMALL, Ran, contents, in_process, project

LIMIT = 4096


def refusals(root: Path, limit: int = LIMIT) -> list[str]:
    """What `collect` says is wrong, fact and remedy of each."""
    with pytest.raises(Problem) as caught:
        collect(str(root), limit)
    assert caught.value.kind == "wrong"
    return [" | ".join(one) for one in ((caught.value.message, caught.value.help), *caught.value.others)]


def test_the_three_folders_are_those_of_the_sections() -> None:
    """The folders that are searched are exactly those in which sections live."""
    assert FOLDERS == SECTION_FOLDERS


def test_every_yaml_file_at_any_depth_is_read() -> None:
    """Both endings, any depth, forward slashes, sorted by path; nothing else, nothing hidden, no other folder."""
    wanted = ["experiments/x.yml", "policies/a/b/c/d.yaml", "policies/a.yaml", "routes/empty.yaml"]
    other = [
        "routes/readme.md",
        "routes/.hidden.yaml",
        "routes/.git/config.yaml",
        "elsewhere/y.yaml",
        "root.yaml",
        "routes/a.yaml.bak",
        "routes/a.yaml~",
        "routes/data.json",
    ]
    with project({name: name if name != "routes/empty.yaml" else "" for name in (*wanted, *other)}) as root:
        found = collect(str(root), LIMIT)
        assert list(found) == sorted(wanted)
        assert found["policies/a/b/c/d.yaml"] == b"policies/a/b/c/d.yaml"
        assert found["routes/empty.yaml"] == b""


def test_only_routes_is_required() -> None:
    """A project without policies/ and experiments/ is one; without routes/ it is none."""
    with project({"routes/a.yaml": "x"}) as root:
        assert list(collect(str(root), LIMIT)) == ["routes/a.yaml"]
        with pytest.raises(Problem, match="there is no routes/ folder"):
            find_root(str(root / "routes"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_is_something_else(folder: str) -> None:
    """A file, or a link, in place of one of the three folders is refused, not taken for an empty folder."""
    with project({"routes/a.yaml": "x"} if folder != "routes" else {}) as root:
        (root / folder).write_text("not a folder")
        assert refusals(root)[0].startswith(f"{folder} is a regular file, not a folder")
        (root / folder).unlink()
        (root / folder).symlink_to("/tmp")
        assert refusals(root)[0].startswith(f"{folder} is a symbolic link, not a folder")


def test_links_are_refused_by_name() -> None:
    """Links to files inside or outside, dangling ones, and links to folders: each is named, none is followed."""
    with project({"routes/a.yaml": "x", "routes/deep/b.yaml": "y"}) as root:
        (root / "routes/inside.yaml").symlink_to("a.yaml")
        (root / "routes/outside.yml").symlink_to("/etc/passwd")
        (root / "routes/dangling.yaml").symlink_to("nothing")
        (root / "routes/folder").symlink_to("deep")
        (root / "routes/harmless.txt").symlink_to("a.yaml")
        found = refusals(root)
        assert len(found) == 4
        for name in ("inside.yaml", "outside.yml", "dangling.yaml", "folder"):
            assert any(one.startswith(f"routes/{name} is a symbolic link") for one in found)


def test_nothing_makes_it_wait() -> None:
    """Pipes, sockets and devices with a YAML name are refused at once; opening one for reading would wait for ever."""
    with project({"routes/a.yaml": "x"}) as root:
        os.mkfifo(root / "routes/pipe.yaml")
        listener = socket.socket(socket.AF_UNIX)
        here = os.getcwd()
        os.chdir(root / "routes")  # the path of a socket may not be long
        try:
            listener.bind("socket.yaml")
            found = refusals(root)
        finally:
            os.chdir(here)
            listener.close()
        assert [one.split(" |")[0] for one in found] == [
            "routes/pipe.yaml is a named pipe, not a regular file",
            "routes/socket.yaml is not a regular file",
        ]


def test_a_file_over_the_limit_is_not_read() -> None:
    """The size is looked at first: a sparse terabyte is never read; a file somewhat over the limit is a finding."""
    with project({"routes/a.yaml": "x" * LIMIT}) as root:
        assert len(collect(str(root), LIMIT)["routes/a.yaml"]) == LIMIT
        with open(root / "routes/big.yaml", "wb") as file:
            file.truncate(1 << 40)
        (found,) = refusals(root)
        assert found.startswith("routes/big.yaml has 1,099,511,627,776 bytes; the limit is 67,108,864")


@pytest.mark.parametrize(
    "name", ["a.YAML", "a.Yml", "a.yaml.txt", "a.yml.txt", "a.yaml ", "a.yaml.", "a.ymal", "a.yam"]
)
def test_a_name_that_would_not_be_read_is_a_trap(name: str) -> None:
    """A file whose author thinks it is read is refused with the name it should have."""
    with project({"routes/a.yaml": "x", f"policies/{name}": "y"}) as root:
        (found,) = refusals(root)
        assert found.startswith(f"policies/{name} would not be read")
        assert "rename it to `a.y" in found


@pytest.mark.parametrize("name", ["a.json", "a", "a.yaml~", "a.yml.bak", "a.yaml.j2", "a.json.tmpl", "A.YAML.orig"])
def test_a_policy_file_of_another_ending_is_a_trap(name: str) -> None:
    """It is refused, unless a YAML file of its name is beside it, or no section of ours is in it."""
    for text in ("# ours\ntenants:\n  acme: {}\n", '{"tenants": {"acme": {}}}', '{\n  "tenants": {}\n}\n'):
        with project({"routes/a.yaml": "x", f"policies/{name}": text}) as root:
            (found,) = refusals(root)
            assert found.startswith(f"policies/{name} would not be read")
            assert f"rename it to `{name[0]}.yaml`" in found
    for files in (
        {f"policies/{name}": "tenants:\n", f"policies/{name[0]}.yml": "tenants:\n"},
        {f"policies/{name}": '{"compilerOptions": {}}'},
        {f"policies/.{name}": "tenants:\n"},
    ):
        with project({"routes/a.yaml": "x", **files}) as root:
            assert collect(str(root), LIMIT)


@pytest.mark.parametrize("name", ["README", "README.md", "a.py", ".gitkeep", ".DS_Store", "#a.yaml#", ".a.yaml.swp"])
def test_other_files_are_passed_over(name: str) -> None:
    """Notes, programs and what editors and systems leave behind are nobody's policies."""
    text = "Notes on our tenants: see models:\n" if name == "README" else "tenants:\n"
    with project({"routes/a.yaml": "x", f"policies/{name}": text}) as root:
        assert list(collect(str(root), LIMIT)) == ["routes/a.yaml"]


def test_odd_names_are_shown_on_one_line() -> None:
    """A name that is not UTF-8 is refused; one with a line end or an escape sequence is read, and shown written out."""
    with project({"routes/a.yaml": "x"}) as root:
        (root / "routes/two\nlines\x1b[31m.yaml").write_text("x")
        assert "routes/two\nlines\x1b[31m.yaml" in collect(str(root), LIMIT)
        ran = in_process(["check"], root)
        assert "routes/two\\nlines\\x1b[31m.yaml:1:1" in ran.out
        assert "\x1b" not in ran.out
        (root / os.fsdecode(b"routes/caf\xe9.yaml")).write_text("x")
        assert refusals(root) == ["routes/caf\\u{dce9}.yaml has a name that is not UTF-8 | rename it"]


def test_too_deep_a_folder() -> None:
    """Folders are followed to a depth nobody needs, then refused rather than left out."""
    deep = "/".join(["d"] * (MAX_DEPTH - 1))
    with project({"routes/a.yaml": "x", f"policies/{deep}/b.yaml": "y"}) as root:
        assert len(collect(str(root), LIMIT)) == 2
        (root / "policies" / deep / "e").mkdir()
        (root / "policies" / deep / "e" / "c.yaml").write_text("z")
        assert f"is more than {MAX_DEPTH} folders deep" in refusals(root)[0]


def test_many_refusals_are_counted() -> None:
    """A folder full of links does not scroll the reason away."""
    with project({"routes/a.yaml": "x"}) as root:
        for number in range(50):
            (root / f"routes/{number:02d}.yaml").symlink_to("a.yaml")
        found = refusals(root)
        assert len(found) == 21
        assert found[-1].startswith("and 30 more")


def test_the_order_files_were_made_in_does_not_matter() -> None:
    """Whatever order the disk lists files in, they come sorted by path."""
    names = [f"routes/{folder}/{name}.yaml" for folder in "zyx" for name in "cab"]
    orders = []
    for seed in range(3):
        random.Random(seed).shuffle(names)
        with project(dict.fromkeys(names, "x")) as root:
            orders.append(list(collect(str(root), LIMIT)))
    assert orders[0] == sorted(names)
    assert orders.count(orders[0]) == 3


def test_unreadable_files_and_folders() -> None:
    """Without permission: exit 2, every such name with the reason, no traceback."""
    with project({**SMALL, "policies/closed/x.yaml": "x", "routes/secret.yaml": "y"}) as root:
        in_process(["check", "--no-cache"], root)
        (root / "policies/closed").chmod(0)
        (root / "routes/secret.yaml").chmod(0)
        done = _as_nobody(root, "check", "--no-cache")
        (root / "policies/closed").chmod(0o700)
        assert done.code == 2
        assert done.err.splitlines() == [
            "error: policies/closed cannot be read: permission denied",
            "  = help: make the folder readable",
            "error: routes/secret.yaml cannot be read: permission denied",
            "  = help: make it readable for you",
        ]


def test_a_folder_that_may_not_be_written() -> None:
    """A read-only generated/: exit 2, one sentence, the files in it as they were."""
    with project(SMALL) as root:
        assert in_process(["compile", "--no-cache"], root).code == 0
        before = contents(root / "generated")
        (root / "policies/tenants.yaml").write_text("tenants:\n  zeta: {preset: balanced}\n")
        (root / "generated").chmod(0o555)
        done = _as_nobody(root, "compile", "--no-cache")
        assert done.code == 2
        assert done.err.splitlines() == [
            "error: generated/ cannot be written: permission denied",
            "  = help: nothing in it was changed; make the folder writable for you and run it again",
        ]
        assert contents(root / "generated") == before


def test_files_that_are_read_only() -> None:
    """`compile` and `check --fix` replace no file that is read-only, though a rename could; all are named."""
    with project(SMALL) as root:
        assert in_process(["compile", "--no-cache"], root).code == 0
        (root / "policies/tenants.yaml").write_text("tenants:\n  zeta: {preset: balanced}\n")
        for name in ("routing_table.json", "fallback.json"):
            (root / "generated" / name).chmod(0o444)
        before = contents(root)
        done = in_process(["compile", "--no-cache"], root)
        assert done.code == 2
        assert done.err.splitlines() == [
            "error: generated/fallback.json, generated/routing_table.json are read-only: nothing was written",
            "  = help: make them writable (`chmod u+w generated/fallback.json generated/routing_table.json`) "
            "and run it again",
        ]
        assert contents(root) == before
        (root / "policies/tenants.yaml").write_text("tenants:\n  zeta: {prset: balanced}\n")
        (root / "policies/tenants.yaml").chmod(0o444)
        before = contents(root)
        done = in_process(["check", "--fix", "--unsafe-fixes", "--no-cache"], root)
        assert done.code == 2
        assert "policies/tenants.yaml is read-only: nothing was written" in done.err
        assert contents(root) == before


def _as_nobody(root: Path, *arguments: str) -> Ran:
    """Run a command as somebody to whom permissions apply: root reads everything.

    The same command must have run before: what it imports lies perhaps where nobody else may look.
    """
    if os.geteuid() != 0:
        return in_process(list(arguments), root)
    root.parent.chmod(0o755)
    os.seteuid(65534)
    try:
        return in_process(list(arguments), root)
    finally:
        os.seteuid(0)


def test_the_lock_lets_one_in_at_a_time(tmp_path: Path) -> None:
    """Who comes second waits for the first; a holder that is killed lets go."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\nfrom routecomp.workspace.files import locked\n"
            "with locked(sys.argv[1]):\n    print('held', flush=True)\n    time.sleep(60)",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waiter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom routecomp.workspace.files import locked\n"
            "with locked(sys.argv[1]):\n    print('mine', flush=True)",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        waiter.wait(0.5)
    holder.kill()
    holder.communicate()
    out, _ = waiter.communicate(timeout=30)
    assert out == "mine\n"
    with locked(str(tmp_path)):
        pass
