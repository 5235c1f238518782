"""Draw the pull requests of a month: each changes a clone as an author would, by command or by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.month.company import SECTIONS, Clone

Change = Callable[[Clone], object]
_numbers = count(1)


class NothingToChangeError(Exception):
    """The project has nothing that a kind of pull request could change."""


def declared(clone: Clone, section: str) -> dict[str, Any]:
    """Return the bodies of a section by slug, as plain YAML."""
    bodies: dict[str, Any] = {}
    for path in _files(clone):
        bodies |= (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get(section) or {}
    return bodies


def _files(clone: Clone) -> Iterator[Path]:
    for folder in SECTIONS:
        yield from sorted((clone.project / folder).rglob("*.yaml"))


def _first_accepted(clone: Clone, candidates: list[list[str]], dice: random.Random) -> None:
    dice.shuffle(candidates)
    for arguments in candidates[:12]:
        if clone.run(*arguments).code == 0:
            return
    raise NothingToChangeError


def _models(clone: Clone, status: str) -> list[tuple[str, str]]:
    pairs = []
    for feature, body in declared(clone, "features").items():
        for model, row in body["models"].items():
            if (row if isinstance(row, str) else row["status"]) == status:
                pairs.append((feature, model))
    return pairs


def promote(clone: Clone, dice: random.Random) -> None:
    """Make some shadow the primary of its feature."""
    _first_accepted(clone, [["promote", *pair] for pair in _models(clone, "shadow")], dice)


def roll_back(clone: Clone, dice: random.Random) -> None:
    """Take back the latest promotion of some feature."""
    _first_accepted(clone, [["rollback", feature] for feature in declared(clone, "features")] * 3, dice)


def retire(clone: Clone, dice: random.Random) -> None:
    """Retire some shadow."""
    _first_accepted(clone, [["retire", *pair] for pair in _models(clone, "shadow")], dice)


def revive(clone: Clone, dice: random.Random) -> None:
    """Make some retired model a shadow again."""
    _first_accepted(clone, [["shadow", *pair, "--bare"] for pair in _models(clone, "retired")], dice)


def mirror(clone: Clone, dice: random.Random) -> None:
    """Mirror another share to some shadow."""
    share = f"0.{dice.randrange(1, 99):02}"
    _first_accepted(clone, [["shadow", *pair, "--sample", share] for pair in _models(clone, "shadow")], dice)


def set_tenant(clone: Clone, dice: random.Random) -> None:
    """Set the floor of some tenant."""
    floor = f"min_quality=0.{dice.randrange(30, 60)}"
    _first_accepted(clone, [["tenant", "set", name, floor] for name in declared(clone, "tenants")], dice)


def add_tenant(clone: Clone, dice: random.Random) -> None:
    """Declare a tenant in a file of its own."""
    name = f"customer-{next(_numbers)}"
    clone.write(f"policies/{name}.yaml", f"tenants:\n  {name}: {{preset: {dice.choice(['balanced', 'cost_first'])}}}\n")


def _own_tenants(clone: Clone, dice: random.Random) -> Path:
    files = sorted((clone.project / "policies").glob("customer-*.yaml"))
    if not files:
        raise NothingToChangeError
    return dice.choice(files)


def remove_tenant(clone: Clone, dice: random.Random) -> None:
    """Take a tenant out of the files."""
    _own_tenants(clone, dice).unlink()


def rename_tenant(clone: Clone, dice: random.Random) -> None:
    """Give a tenant another name and its file too."""
    path = _own_tenants(clone, dice)
    name = f"customer-{next(_numbers)}"
    path.with_name(f"{name}.yaml").write_text(path.read_text().replace(path.stem, name))
    path.unlink()


def move_file(clone: Clone, dice: random.Random) -> None:
    """Move a file of tenants to another folder, which decides nothing."""
    path = _own_tenants(clone, dice)
    folder = clone.project / "policies" / f"region-{next(_numbers)}"
    folder.mkdir()
    path.rename(folder / path.name)


def _edit_figure(clone: Clone, dice: random.Random, pattern: str, figure: str) -> None:
    files = [path for path in _files(clone) if re.search(pattern, path.read_text(encoding="utf-8"))]
    path = dice.choice(files)
    text = path.read_text(encoding="utf-8")
    match = dice.choice(list(re.finditer(pattern, text)))
    path.write_text(text[: match.start(1)] + figure + text[match.end(1) :], encoding="utf-8")


def change_price(clone: Clone, dice: random.Random) -> None:
    """Change the input price of some model."""
    _edit_figure(clone, dice, r"price: \{input: ([0-9.]+)", f"{dice.randrange(1, 9)}.{dice.randrange(10, 99)}")


def change_latency(clone: Clone, dice: random.Random) -> None:
    """Change the latency of some model."""
    _edit_figure(clone, dice, r"    latency_ms: ([0-9]+)\n    context", str(dice.randrange(300, 3000)))


def add_model(clone: Clone, dice: random.Random) -> None:
    """Declare a model, and make it a shadow of some feature."""
    slug = f"candidate-{next(_numbers)}"
    provider = dice.choice(sorted(declared(clone, "providers")))
    clone.write(
        f"routes/models/{slug}.yaml",
        f"models:\n  {slug}: {{provider: {provider}, quality: 0.72, price: {{input: 1.10, output: 3.30}}, "
        "latency_ms: 700, context_window: 128000, capabilities: [streaming, tools]}\n",
    )
    candidates = [["shadow", feature, slug, "--sample", "0.02"] for feature in declared(clone, "features")]
    _first_accepted(clone, candidates, dice)


def draft_experiment(clone: Clone, dice: random.Random) -> None:
    """Declare a draft of an experiment."""
    name = f"trial-{next(_numbers)}"
    models = dice.sample(sorted(declared(clone, "models")), 2)
    variants = "".join(
        f"      {id}: {{weight: 0.5, versions: [{{version: 1, model: {model}}}]}}\n"
        for id, model in zip("ab", models, strict=True)
    )
    clone.write(
        f"experiments/{name}.yaml",
        f"experiments:\n  {name}:\n    public_model_id: trial/{name}\n    status: draft\n    variants:\n{variants}",
    )


def _experiments(clone: Clone, *statuses: str) -> list[str]:
    return [name for name, body in declared(clone, "experiments").items() if body["status"] in statuses]


def move_experiment(clone: Clone, dice: random.Random) -> None:
    """Move some experiment on in its life."""
    candidates = [["experiment", "start", name] for name in _experiments(clone, "draft")]
    candidates += [["experiment", "pause", name] for name in _experiments(clone, "active")]
    candidates += [["experiment", "resume", name] for name in _experiments(clone, "paused")]
    candidates += [["experiment", "complete", name] for name in _experiments(clone, "active") if "trial" in name]
    _first_accepted(clone, candidates, dice)


def reweight(clone: Clone, dice: random.Random) -> None:
    """Give the variants of some trial other weights."""
    weight = dice.randrange(10, 90)
    weights = [f"a=0.{weight}", f"b=0.{100 - weight}"]
    names = [name for name in _experiments(clone, "draft", "active", "paused") if "trial" in name]
    _first_accepted(clone, [["experiment", "reweight", name, *weights] for name in names], dice)


def swap_version(clone: Clone, dice: random.Random) -> None:
    """Let another model serve a variant of some trial."""
    models = sorted(declared(clone, "models"))
    names = [name for name in _experiments(clone, "active", "paused") if "trial" in name]
    candidates = [["experiment", "swap-version", name, "a", dice.choice(models)] for name in names]
    _first_accepted(clone, candidates, dice)


def revert(clone: Clone, dice: random.Random) -> None:
    """Take back one of the latest merges of main, as the pages say."""
    commits = clone.git("log", "--format=%H %p", "--first-parent", "-6", "origin/main").splitlines()[:-1]
    dice.shuffle(commits)
    for line in commits:
        commit, *parents = line.split()
        mainline = ["-m", "1"] if len(parents) > 1 else []
        clone.try_git("revert", "--no-commit", *mainline, commit)
        compiled = clone.run("compile")
        if compiled.code == 0 and clone.run("check", "--against", "origin/main").code == 0:
            return
        clone.git("reset", "-q", "--hard")
    raise NothingToChangeError


ORDINARY = (
    promote, promote, promote, roll_back, retire, revive, mirror,
    set_tenant, set_tenant, add_tenant, add_tenant, remove_tenant, rename_tenant, move_file,
    change_price, change_price, change_latency, add_model,
    draft_experiment, move_experiment, move_experiment, reweight, swap_version, revert,
)  # fmt: skip


def set_dialects(*dialects: str) -> Change:
    """Write migrations for these databases from now on."""

    def change(clone: Clone) -> None:
        path = clone.project / "routecomp.yaml"
        text = re.sub(r"dialects: .*", f"dialects: [{', '.join(dialects)}]", path.read_text())
        path.write_text(text)

    return change


def set_value(key: str, value: str) -> Change:
    """Add a setting, or change it."""

    def change(clone: Clone) -> None:
        path = clone.project / "routecomp.yaml"
        kept = "".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith(f"{key}:"))
        path.write_text(f"{kept}{key}: {value}\n")

    return change


def move_project(folder: str) -> Change:
    """Move the whole project to a folder of the repository."""

    def change(clone: Clone) -> None:
        project = clone.project
        target = clone.root / folder
        target.mkdir(parents=True, exist_ok=True)
        for name in clone.git("ls-files", "--", str(project)).splitlines():
            top = (clone.root / name).relative_to(project).parts[0]
            if top != ".gitignore" and (project / top).exists():
                clone.git("mv", str(project / top), str(target / top))

    return change


def move_output(folder: str) -> Change:
    """Let `compile` write another folder, and move there what is written."""

    def change(clone: Clone) -> None:
        output = clone.output()
        set_value("output", folder)(clone)
        clone.git("mv", str(clone.project / output), str(clone.project / folder))

    return change


def rename_tables(schema: str, prefix: str, folder: str) -> Change:
    """Give the tables other names, and let `compile` write their migrations to another folder."""

    def change(clone: Clone) -> None:
        for key, value in (("schema", schema), ("table_prefix", prefix), ("output", folder)):
            set_value(key, value)(clone)

    return change


def promote_retired(clone: Clone) -> None:
    """Make a retired model primary by hand, which no rule allows."""
    _edit_status(clone, "retired")


def promote_beside(clone: Clone) -> None:
    """Make a shadow a second primary."""
    _edit_status(clone, "shadow", demote=False)


def _edit_status(clone: Clone, status: str, *, demote: bool = True) -> None:
    for feature, model in _models(clone, status):
        primary = next(m for f, m in _models(clone, "primary") if f == feature)
        for path in sorted((clone.project / "routes/features").glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            start = text.find(f"\n  {feature}:\n")
            old, new = f"      {model}: {status}\n", f"      {model}: primary\n"
            if start < 0 or old not in text[start:]:
                continue
            body = text[start:].replace(old, new, 1)
            if demote:
                body = body.replace(f"      {primary}: primary\n", f"      {primary}: shadow\n", 1)
            path.write_text(text[:start] + body, encoding="utf-8")
            return
    raise NothingToChangeError


def delete_running_experiment(clone: Clone) -> None:
    """Take the file of running experiments away."""
    (clone.project / "experiments/tickets.yaml").unlink()


def edit_released_migration(clone: Clone) -> None:
    """Change a figure in a migration that databases have run."""
    path = next(iter(sorted(clone.project.glob("*/migrations/*/0001_*.up.sql"))))
    path.write_text(path.read_text().replace("INSERT INTO", "insert into", 1))


def move_and_promote_retired(folder: str) -> Change:
    """Move the project, and make a retired model primary in the same change."""

    def change(clone: Clone) -> None:
        move_project(folder)(clone)
        promote_retired(clone)

    return change
