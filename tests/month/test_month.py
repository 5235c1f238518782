"""Test a month of pull requests on two environments: no deployment fails, and no row differs from the YAML."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.database.server import NoServerError, server
from tests.month import changes
from tests.month.changes import Change, NothingToChangeError
from tests.month.company import Clone, Company
from tests.seeds import FRESH

WAYS = ("squash", "merge", "rebase")
PULL_REQUESTS = 60

# What happens before which wave of ordinary pull requests: a change of settings or folders, which must be merged.
SETTINGS: dict[int, Change] = {
    2: changes.set_dialects("sqlite"),
    4: changes.set_dialects("postgres", "sqlite"),
    6: changes.move_project("llm"),
    8: changes.move_output("build"),
    10: changes.set_dialects("sqlite"),
    11: changes.set_dialects("sqlite", "postgres"),
    12: changes.rename_tables("routing", "llm_", "renamed"),
    13: changes.move_project("platform"),
}
# What must be refused, and before which wave somebody tries it.
REFUSED: dict[int, tuple[str, Change]] = {
    1: ("a retired model promoted", changes.promote_retired),
    3: ("two primaries", changes.promote_beside),
    5: ("a running experiment deleted", changes.delete_running_experiment),
    7: ("a retired model promoted and the project moved", changes.move_and_promote_retired("elsewhere")),
    9: ("another schema after the baseline", changes.set_value("schema", "routing")),
    12: ("a released migration edited", changes.edit_released_migration),
    14: ("a prefix after the baseline", changes.set_value("table_prefix", "other_")),
}


@pytest.mark.hard
@pytest.mark.parametrize("seed", [20261130, FRESH])
def test_a_month(seed: int, tmp_path: Path) -> None:
    """Sixty pull requests, and settings that change on the way."""
    try:
        with server() as where:
            _play(Company(tmp_path, where, int(os.environ.get("ROUTECOMP_MONTH_SEED", seed))), PULL_REQUESTS)
    except NoServerError as failure:
        pytest.skip(f"NOT TESTED: no PostgreSQL can be started here ({failure})")


def _play(company: Company, pull_requests: int) -> None:
    for environment in company.environments:
        company.deploy(environment)
    wave, opened = 0, 0
    while opened < pull_requests:
        wave += 1
        _try_refused(company, wave)
        if wave in SETTINGS:
            _merge_and_deploy(company, company.open(f"settings-{wave}", SETTINGS[wave]), "merge", must=True)
        number = company.dice.randrange(3, 6)
        clones = [clone for index in range(number) if (clone := _open_ordinary(company, f"{wave}-{index}"))]
        opened += len(clones)
        company.dice.shuffle(clones)
        for clone in clones:
            _merge_and_deploy(company, clone, company.dice.choice(WAYS), must=False)
        if wave % 3 == 0:
            company.deploy(company.environments[1])
    for environment in company.environments:
        company.deploy(environment)
    _deploy_fresh(company)
    tally = company.tally
    print(f"{opened} pull requests: {tally.merged} merged, {tally.regenerated} of them written anew on the way")
    assert tally.merged >= pull_requests * 3 // 4, "\n".join(tally.log)


def _open_ordinary(company: Company, name: str) -> Clone | None:
    kind = company.dice.choice(changes.ORDINARY)
    try:
        return company.open(f"{kind.__name__}-{name}", lambda clone: kind(clone, company.dice))
    except NothingToChangeError:
        return None


def _merge_and_deploy(company: Company, clone: Clone, how: str, *, must: bool) -> None:
    merged = company.merge(clone, how)
    assert merged or not must, company.tally.log[-1]
    clone.close()
    if merged:
        company.deploy(company.environments[0])


def _try_refused(company: Company, wave: int) -> None:
    if wave not in REFUSED:
        return
    name, change = REFUSED[wave]
    clone = company.open(f"refused-{wave}", change, compiled=change is not changes.edit_released_migration)
    assert not company.is_green(clone), f"CI is green for {name}"
    clone.close()


def _deploy_fresh(company: Company) -> None:
    """Bring empty databases to the end of the month."""
    company.deploy(company.new_environment("fresh"))
