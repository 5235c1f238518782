"""Test that a `tenants_table` that comes, changes or goes after the baseline is a finding, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process

KEY = """\
BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

{action};

COMMIT;
"""
ADD = (
    "ALTER TABLE public.tenant_routing_policy ADD CONSTRAINT tenant_routing_policy_tenant_fkey FOREIGN KEY (tenant) "
    "REFERENCES public.tenants (slug) ON DELETE CASCADE NOT VALID"
)
DROP = "ALTER TABLE public.tenant_routing_policy DROP CONSTRAINT tenant_routing_policy_tenant_fkey"
ONE = "tenants_table: public.tenants(slug)\n"


def released(at: Path, settings: str) -> Repository:
    """Return a project whose first migration is released with these settings."""
    made = Repository(at / "project")
    made.write({**SMALL, "routecomp.yaml": f"# ours\n{settings}"})
    assert in_process(["compile"], made.project).code == 0
    made.commit("start")
    made.git("switch", "-qc", "branch")
    return made


def findings(made: Repository, settings: str) -> str:
    """Return what `check` prints with other settings."""
    made.write({"routecomp.yaml": f"# ours\n{settings}"})
    assert in_process(["compile"], made.project).code == 0
    ran = in_process(["check"], made.project)
    assert ran.code == 0
    return ran.out


@pytest.mark.parametrize("dialects", ["[postgres, sqlite]", "[sqlite]"])
@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("", ONE, "make no key to a table of tenants, and the setting `tenants_table` says {schema}tenants(slug)"),
        (ONE, "", "make a key to {schema}tenants(slug), and the setting `tenants_table` says none"),
        (ONE, "tenants_table: tenants(id)\n", "make a key to {schema}tenants(slug), and the setting"),
        (ONE, "tenants_table: public.customers(slug)\n", "says {schema}customers(slug)"),
        (ONE, "tenants_table: tenants(slug)\n", ""),
        ("", "", ""),
    ],
)
def test_after_the_baseline(tmp_path: Path, dialects: str, before: str, after: str, words: str) -> None:
    """What the released baseline made is what counts; a setting that says so in other words is no finding."""
    settings = f"dialects: {dialects}\n"
    made = released(tmp_path, settings + before)
    assert "RC640" not in findings(made, settings + before)
    found = findings(made, settings + after)
    assert ("RC640" in found) == bool(words)
    assert words.format(schema="public." if "postgres" in dialects else "") in found
    if words and after:
        assert "routecomp.yaml:3:" in found
    assert in_process(["check", "--strict"], made.project).code == (3 if words else 0)


def test_before_it_is_released(tmp_path: Path) -> None:
    """As long as the baseline is a draft the setting counts: `compile` writes it anew."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    made.commit("without migrations")
    made.git("switch", "-qc", "branch")
    assert "RC640" not in findings(made, "")
    assert "RC640" not in findings(made, ONE)
    assert (
        b"REFERENCES public.tenants"
        in (made.project / "generated/migrations/postgres/0001_baseline.up.sql").read_bytes()
    )


def test_a_dialect_that_comes_with_it(tmp_path: Path) -> None:
    """Where the same change adds the dialect that has such keys, its baseline is written with the key: no finding."""
    made = released(tmp_path, "dialects: [sqlite]\n")
    settings = f"dialects: [postgres, sqlite]\n{ONE}"
    assert "RC640" not in findings(made, settings)
    baseline = made.project / "generated/migrations/postgres/0001_baseline.up.sql"
    assert b"REFERENCES public.tenants" in baseline.read_bytes()
    made.git("switch", "-q", "main")
    made.commit("postgres, too")
    assert "RC640" not in findings(made, settings)
    assert "RC640" in findings(made, "dialects: [postgres, sqlite]\n")


@pytest.mark.parametrize(("before", "after", "action"), [("", ONE, ADD), (ONE, "", DROP)])
def test_a_migration_of_ones_own(tmp_path: Path, before: str, after: str, action: str) -> None:
    """A key that was made, or dropped, by a migration written by hand agrees with the setting."""
    made = released(tmp_path, before)
    assert "RC640" in findings(made, after)
    for dialect, text in (("postgres", KEY.format(action=action)), ("sqlite", "BEGIN IMMEDIATE;\n\nCOMMIT;\n")):
        for way in ("up", "down"):
            made.write(
                {
                    f"generated/migrations/{dialect}/0002_tenants.{way}.sql": text
                    if way == "up"
                    else "BEGIN;\n\nCOMMIT;\n"
                }
            )
    made.git("switch", "-q", "main")
    made.commit("key")
    made.git("branch", "-qf", "branch")
    made.git("switch", "-q", "branch")
    assert "RC640" not in findings(made, after)
