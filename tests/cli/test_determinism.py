"""The same files give the same bytes, whatever the machine, the day, the folder or the Python."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.transcripts import contents, environment
from tests.pythons import other_pythons

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("routes", "policies", "experiments")
SOURCES = [path.relative_to(REPOSITORY) for folder in FOLDERS for path in sorted((REPOSITORY / folder).rglob("*.y*ml"))]


def lay_out(root: Path, seed: int, *, touch: bool = True) -> Path:
    """The living example in a fresh folder, its files made in a shuffled order, with random times and modes."""
    chosen = random.Random(seed)
    order = list(SOURCES)
    chosen.shuffle(order)
    for path in order:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / path, root / path)
        if touch:
            os.utime(root / path, (chosen.randrange(2**31), chosen.randrange(2**31)))
            (root / path).chmod(chosen.choice((0o644, 0o600, 0o755)))
    return root


def digest(root: Path, python: str = sys.executable, **variables: str) -> str:
    """Compile a folder in a process of its own and name everything it wrote and printed."""
    done = subprocess.run(
        [
            python,
            "-c",
            "import sys; from routecomp.cli.main import main; sys.exit(main())",
            "compile",
            "--no-cache",
            "--today",
            "2026-01-01",
        ],
        cwd=root,
        env={**environment(root), **variables},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = hashlib.sha256(done.stdout)
    found.update(repr(contents(root / "generated")).encode())
    return found.hexdigest()


def test_hash_seeds_locales_time_zones_and_orders(tmp_path: Path) -> None:
    """Six runs, each with another hash seed, locale, time zone, order of files, folder and umask: one digest."""
    assert len(_digests(tmp_path, range(6))) == 1


@pytest.mark.hard
def test_twenty_of_each(tmp_path: Path) -> None:
    """Twenty hash seeds with all locales of the machine, time zones and orders: one digest."""
    assert len(_digests(tmp_path, range(20))) == 1


def _digests(folder: Path, seeds: range) -> set[str]:
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    locales = [*installed, "C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"]
    zones = ("UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Kiritimati", "XYZ-14:30")
    found = set()
    for seed in seeds:
        root = lay_out(folder / f"here {seed} ä", seed)
        found.add(
            digest(
                root,
                PYTHONHASHSEED=str(seed * 7919 % 4294967295),
                LC_ALL=locales[seed % len(locales)],
                LANG=locales[-seed % len(locales)],
                TZ=zones[seed % len(zones)],
                PYTHONUTF8=str(seed % 2),
                HOME=str(folder / f"home{seed}"),
            )
        )
    return found


def test_the_folder_a_command_runs_in_does_not_matter(tmp_path: Path) -> None:
    """From within, from outside with --root, relative and absolute: the same bytes."""
    inside = digest(lay_out(tmp_path / "a", 1))
    for root, given in ((tmp_path / "b", "b"), (tmp_path / "c", str(tmp_path / "c")), (tmp_path / "d", "./x/../d/")):
        lay_out(root, 2)
        (tmp_path / "x").mkdir(exist_ok=True)
        command = [str(Path(sys.executable).parent / "routecomp"), "compile", "--no-cache", "--today", "2026-01-01"]
        done = subprocess.run(
            [*command, "--root", given], cwd=tmp_path, env=environment(root), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = hashlib.sha256(done.stdout)
        found.update(repr(contents(root / "generated")).encode())
        assert found.hexdigest() == inside


def test_a_project_cut_into_other_files_is_the_same_table(tmp_path: Path) -> None:
    """Files are only a way to keep YAML apart: renamed and moved ones compile to the same table."""
    root = lay_out(tmp_path / "a", 1)
    moved = lay_out(tmp_path / "b", 2)
    for number, path in enumerate(SOURCES):
        target = moved / path.parts[0] / f"deep/{99 - number:02d}.yml"
        target.parent.mkdir(exist_ok=True)
        (moved / path).rename(target)
    digest(root)
    digest(moved)
    for name in ("routing_table.json", "fallback.json"):
        assert (root / "generated" / name).read_bytes() == (moved / "generated" / name).read_bytes()


@pytest.mark.hard
def test_every_supported_python(tmp_path: Path) -> None:
    """Each supported Python found here, with libraries installed for it, writes the same bytes."""
    own = digest(lay_out(tmp_path / "own", 1))
    others = list(other_pythons())
    if not others:
        pytest.skip("no other supported Python on this machine: install one to compare with it")
    text = (REPOSITORY / "pyproject.toml").read_text()
    needed = re.findall(r'"([^"]+)"', re.findall(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)[0])
    for version, python in others:
        venv = tmp_path / f"venv{version}"
        subprocess.run([python, "-m", "venv", str(venv)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", *needed]
        subprocess.run([str(venv / "bin/python"), *install], check=True)
        found = digest(lay_out(tmp_path / version, 3), str(venv / "bin/python"), PYTHONPATH=str(REPOSITORY / "src"))
        assert found == own, version
        print(f"Python {version}: {found}")
