"""Read what a project publishes: the files of its output folder, and the commit that holds them."""

from __future__ import annotations

import os

from routecomp.emit.artifacts import resolver
from routecomp.service.releases.keys import LEAST_BYTES, Key
from routecomp.service.releases.names import FILES, RESOLVER
from routecomp.workspace.files import find_root, native
from routecomp.workspace.git.objects import blob_id
from routecomp.workspace.git.process import GitError
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.publish import current
from routecomp.workspace.publishing.publish import Content

_MOST_KEY_BYTES = 4096


def read_content(root: str | None) -> tuple[Content, str | None]:
    """Return what the project in a folder publishes, and why no commit is named if none is."""
    folder = find_root(root)
    output = load_settings(folder).output
    files: dict[str, bytes] = {}
    for name, content in current(folder, output, FILES).items():
        if content is None:
            raise Problem(f"{visible(output)}/{name} does not exist", "write it with `routecomp compile`")
        files[name] = content
    if files[RESOLVER] != resolver():
        raise Problem(
            f"{visible(output)}/{RESOLVER} is not the resolver of this routecomp",
            "run `routecomp compile` with the version that publishes",
        )
    commit, why = _find_commit(folder, output, files)
    return Content(files, commit), why


def read_keys_of(variables: tuple[str, ...], paths: tuple[str, ...]) -> tuple[Key, ...]:
    """Return the keys in variables of the environment and in files; raise a `Problem` that shows none of them."""
    secrets: list[tuple[str, bytes]] = []
    for name in variables:
        text = os.environ.get(name)
        if not text:
            raise Problem(f"the variable {visible(name)} is not set", "set it to the key, or leave --key-env out")
        secrets.append((f"the variable {visible(name)}", os.fsencode(text)))
    for path in paths:
        try:
            with open(path, "rb") as file:
                secrets.append((visible(path), file.read(_MOST_KEY_BYTES)))
        except (OSError, ValueError) as failure:
            reason = (getattr(failure, "strerror", None) or type(failure).__name__).lower()
            raise Problem(
                f"the key in {visible(path)} cannot be read: {reason}", "name a file that holds a key"
            ) from None
    keys = []
    for where, secret in secrets:
        try:
            keys.append(Key(secret))
        except ValueError:
            raise Problem(
                f"{where} holds no key: a key has at least {LEAST_BYTES} characters", "make one: openssl rand -hex 32"
            ) from None
    if len({key.id for key in keys}) != len(keys):
        raise Problem("the same key is given twice", "give each once")
    if len(keys) > 2:
        raise Problem("more than two keys are given", "during a rotation sign with the old one and the new one")
    return tuple(keys)


def _find_commit(root: str, output: str, files: dict[str, bytes]) -> tuple[str | None, str | None]:
    """Return the commit that Git stands at if it holds these files, else why it is not named."""
    try:
        with Snapshot(root) as snapshot:
            repository, head = snapshot.repository(), snapshot.head()
            if repository is None or head is None:
                return None, "there is no commit, so the release names none"
            paths = {name: os.path.normpath(native(f"{output}/{name}")) for name in files}
            blobs = {blob.path: blob.id for blob in repository.files(head, paths.values())}
    except (GitError, Problem):
        return None, "Git cannot say which commit this is, so the release names none"
    for name, content in files.items():
        id = blobs.get(os.path.normpath(repository.prefix + paths[name]))
        if id is None or id != blob_id(content, id):
            return None, f"{output}/{name} is not committed as it is, so the release names no commit"
    return head, None
