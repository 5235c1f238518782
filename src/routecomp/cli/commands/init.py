"""`routecomp init`: a small working project, checked and compiled, in a folder that holds nothing of that name yet."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

CI = ("github", "gitlab", "none")
_SHOWN = 10
_LINES = (".gitignore", ".gitattributes")
_LEFT_ALONE = (
    *_LINES,
    "README.md",
    ".pre-commit-config.yaml",
    ".gitlab-ci.yml",
    ".github/CODEOWNERS",
    ".gitlab/CODEOWNERS",
)
"""What a repository may have of its own already: it stays, and the project works without ours."""
_READ_AT_THE_TOP = (".github/", ".gitlab/", ".gitlab-ci.yml", ".pre-commit-config.yaml")
_CI_WORDS = {
    "github": "The workflow in `.github/workflows/` runs both on every pull request, and `routecomp diff`: what the\n"
    "change does becomes a comment.",
    "gitlab": "`.gitlab-ci.yml` runs both on every merge request, and `routecomp diff`: what the change does becomes\n"
    "a note.",
    "none": "Run both in your CI on every change, and `routecomp diff` for its reviewers.",
}


@click.command(
    epilog="""\
\b
What it makes:
  routes/ policies/ experiments/   three providers, five models, two features, two tenants, a test
  generated/                       what services load, compiled already
  schemas/                         completion and hover in editors
  routecomp.yaml README.md .gitignore .gitattributes .pre-commit-config.yaml
  .github/ or, with --ci gitlab, .gitlab-ci.yml and .gitlab/: checks on every
      change, what it does as a comment, and who has to agree to it (a suggestion)

\b
Examples:
  routecomp init my-routes
  cd my-routes && git init && routecomp check
"""
)
@click.argument("dir", default=".")
@click.option("--ci", type=click.Choice(CI), default="github", show_default=True, help="Whose CI to write files for.")
def init(dir: str, ci: str) -> int:
    """Create a small working project to start from, in DIR (default: here).

    Nothing that is there is ever overwritten. Your README, CODEOWNERS and the like stay as they are; if something
    else is in the way, nothing is written.
    """
    from routecomp.workspace.problem import visible

    whole = project_files(ci)
    root = os.path.abspath(dir)
    kept = [path for path in _LEFT_ALONE if path in whole and os.path.lexists(os.path.join(root, path))]
    files = {path: data for path, data in whole.items() if path not in kept}
    _refuse_what_is_there(root, dir, files)
    _write(root, dir, files)
    _tell_what_is_left_alone(root, {path: whole[path] for path in kept})
    _tell_where_ci_is_read(root, files)
    step = [] if root == os.path.abspath(os.curdir) else [f"  cd {visible(dir)}"]
    click.echo(
        "\n".join(
            [
                f"{visible(dir)}: {len(files)} files, checked and compiled",
                "",
                "next:",
                *step,
                "  routecomp explain --feature support-chat --tenant rhein-bank",
                "  routecomp check                  after each change: what is wrong, and what to change",
                "  routecomp compile                writes generated/; commit it with the YAML",
            ]
        )
    )
    return 0


def _tell_what_is_left_alone(root: str, kept: Mapping[str, bytes]) -> None:
    """Say which files of others were kept, and the lines that belong into those where single lines count."""
    from routecomp.workspace.files import read_if_there

    for path, data in kept.items():
        there = (read_if_there(os.path.join(root, path), 1 << 20) or b"").splitlines() if path in _LINES else []
        missing = [line for line in data.splitlines() if line not in there and not line.startswith(b"#")]
        if path in _LINES and missing:
            lines = "".join(f"\n  {line.decode()}" for line in missing)
            click.echo(f"note: {path} is yours and stays as it is; add to it:{lines}", err=True)
        elif path not in _LINES:
            click.echo(
                f"note: {path} is yours and stays as it is; what belongs into it is in the one that "
                "`routecomp init` makes in an empty folder",
                err=True,
            )


def _tell_where_ci_is_read(root: str, files: Mapping[str, bytes]) -> None:
    """Say, below the top of a repository, which of the files nobody reads there."""
    from routecomp.workspace.git.repository import find_repository
    from routecomp.workspace.problem import Problem, visible

    try:
        repository = find_repository(root)
    except Problem:  # what is wrong with the repository is for the commands that need it to say
        return
    if repository is None or not repository.prefix:
        return
    unread = [name for name in _READ_AT_THE_TOP if any(path.startswith(name) for path in files)]
    click.echo(
        f"note: {visible(repository.prefix)} is not the top of its repository; these are read only there: "
        f'{", ".join(unread)}. Move them up (docs/ci.md, "In a folder of a larger repository")',
        err=True,
    )


def project_files(ci: str = "github") -> dict[str, bytes]:
    """Every file of the new project by its path: template, CI, schemas and what the YAML compiles to."""
    from datetime import UTC, datetime
    from importlib.resources import files

    from routecomp import __version__
    from routecomp.compiler import Options, compile
    from routecomp.emit.json_schema.requests import schema_files
    from routecomp.sql.migrations import Released
    from routecomp.workspace.files import FOLDERS

    found: dict[str, bytes] = {}
    left = [(files("routecomp.cli").joinpath("template"), "")]
    if ci != "none":
        left.append((files("routecomp.cli").joinpath("ci", ci), ""))
    words = {
        b"ROUTECOMP_CI": _CI_WORDS[ci].encode(),
        b'"ROUTECOMP_VERSION"': f'"{__version__}"'.encode(),
        b"==ROUTECOMP_VERSION": f"=={__version__}".encode(),
    }
    while left:
        folder, path = left.pop()
        for one in folder.iterdir():
            name = "." + one.name.removeprefix("dot-") if one.name.startswith("dot-") else one.name
            at = f"{path}{name}"
            if one.is_dir():
                left.append((one, at + "/"))
            else:
                data = one.read_bytes()
                for word, text in words.items():
                    data = data.replace(word, text)
                found[at] = data
    yaml = {path: data for path, data in found.items() if path.startswith(tuple(f"{one}/" for one in FOLDERS))}
    made = compile(yaml, Options(today=datetime.now(UTC).date()), released=Released({}))
    if not made.artifacts:
        raise RuntimeError("the template does not compile")
    found |= {f"schemas/{name}": data for name, data in schema_files().items()}
    found |= {f"generated/{name}": data for name, data in made.artifacts.items()}
    return dict(sorted(found.items()))


def _refuse_what_is_there(root: str, dir: str, files: Mapping[str, bytes]) -> None:
    """Refuse where a file of the project would replace one, or one of its folders holds others' files."""
    from routecomp.workspace.problem import Problem, visible

    if os.path.lexists(root) and not os.path.isdir(root):
        raise Problem(f"{visible(dir)} is not a folder", "name another one")
    # The folders the compiler reads or writes must be ours alone; beside the other files there may be anything.
    ours = ("routes", "policies", "experiments", "generated", "schemas")
    in_the_way = [f"{folder}/" for folder in ours if os.path.lexists(os.path.join(root, folder))]
    in_the_way += [
        path
        for path in files
        if not path.startswith(tuple(f"{one}/" for one in ours)) and os.path.lexists(os.path.join(root, path))
    ]
    if in_the_way:
        shown = ", ".join(in_the_way[:_SHOWN])
        raise Problem(
            f"nothing was written: {visible(dir)} has {shown} already",
            "name a new folder, as in `routecomp init my-routes`, or move these away",
        )


def _write(root: str, dir: str, files: Mapping[str, bytes]) -> None:
    """Write all files, or, where that fails, none: what was made until then goes again."""
    from routecomp.workspace.files import locked
    from routecomp.workspace.problem import Problem, visible
    from routecomp.workspace.publish import publish

    made = _missing_folders(root, files)
    try:
        os.makedirs(root, exist_ok=True)
        with locked(root):
            publish(root, ".", files, lambda read: None)
    except (Problem, OSError, KeyboardInterrupt) as failure:
        _remove(root, files, made)
        if isinstance(failure, Problem):
            raise Problem(
                f"{visible(dir)} was not made: {failure.message.removeprefix('./ ')}",
                "nothing of it is left; " + failure.help.rpartition("; ")[2],
                failure.kind,
            ) from None
        raise


def _missing_folders(root: str, files: Mapping[str, bytes]) -> list[str]:
    """Every folder that writing will make, the deepest first."""
    missing = set()
    for path in files:
        above = os.path.dirname(os.path.join(root, path))
        while not os.path.lexists(above):
            missing.add(above)
            above = os.path.dirname(above)
    return sorted(missing, key=len, reverse=True)


def _remove(root: str, files: Mapping[str, bytes], folders: list[str]) -> None:
    """Remove what a failed run made. Nothing of these names was there before."""
    from contextlib import suppress

    for path in files:
        with suppress(OSError):
            os.unlink(os.path.join(root, path))
    for folder in folders:
        with suppress(OSError):
            os.rmdir(folder)
