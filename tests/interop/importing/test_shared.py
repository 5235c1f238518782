"""Real files of others (../shared/data beside the checkout; without it nothing is compared)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from routecomp.interop.catalogue import bundled, read_catalogue, snapshot
from routecomp.interop.litellm.read import read_litellm
from routecomp.interop.writer import project_files
from tests.interop.importing.project import checked, imported, router

DATA = Path(__file__).parents[4] / "shared" / "data"
FILES = sorted((DATA / "configs" / "litellm").glob("*.y*ml"))
EXPECTED = sorted((DATA / "configs" / "litellm_import_expected").glob("*.yaml"))
if not FILES:
    pytest.skip(f"no files of other routers to import: {DATA}", allow_module_level=True)

SAID = {
    "OPENAI_MODEL_ASSISTANT": "gpt-4o",
    "OPENAI_MODEL_LITE": "gpt-4o-mini",
    "OPENAI_BASE_URL": "https://one.example/v1",
    "FAKE_OPENAI_API_BASE": "https://two.example/v1",
    "AZURE_API_BASE": "https://three.openai.azure.com",
    "AZURE_OPENAI_ENDPOINT": "https://four.openai.azure.com",
    "AWS_REGION_NAME": "us-east-1",
}
"""What the files take from the environment."""


@pytest.mark.parametrize("path", [*FILES, *EXPECTED], ids=lambda path: path.stem[:40])
def test_every_field_is_reported_and_every_figure_asked_for_once(path: Path, tmp_path: Path) -> None:
    made = imported(tmp_path, path.read_bytes())
    config = read_litellm([path]).config
    assert config is not None
    walked = Counter(value.dotted for value in config.root.leaves())
    walked += Counter(value.dotted for top in config.overridden for value in top.leaves())
    assert Counter(field.key for field in made.report.fields) == walked
    assert all(field.line and field.reason for field in made.report.fields)
    assert all(field.instead for field in made.report.routes_lost)
    if made.project.models:
        assert [each.rule for each in checked(made).diagnostics if each.severity == "error"] == ["RC126"] * len(
            made.project.missing
        )


@pytest.mark.parametrize("path", [*FILES, *EXPECTED[:-1]], ids=lambda path: path.stem[:40])
def test_every_file_compiles_once_figures_are_stated(path: Path, tmp_path: Path) -> None:
    made = imported(tmp_path, path.read_bytes(), said=SAID)
    table = router(made)
    assert made.project.missing == []
    names = {
        name for section in (made.project.features, made.project.models) for each in section for name in each.aliases
    }
    names |= {model.slug for model in made.project.models}
    assert all(table.resolve(model=name, request_id="r").status == "ok" for name in names)


def test_most_files_lose_nothing_that_routes(tmp_path: Path) -> None:
    reports = [imported(tmp_path, path.read_bytes(), said=SAID).report for path in FILES]
    assert sum(not report.routes_lost and not report.count("hint") for report in reports) >= 14
    assert sum(not report.routes_lost for report in reports) >= 17


def test_a_file_is_written_in_the_same_bytes_each_time(tmp_path: Path) -> None:
    data = FILES[4].read_bytes()
    assert project_files(imported(tmp_path, data).project) == project_files(imported(tmp_path, data).project)


def test_the_snapshot_is_made_of_the_catalogue() -> None:
    ours = bundled()
    made = read_catalogue((DATA / "catalogue" / "litellm_model_prices.json").read_bytes(), "catalogue")
    again = read_catalogue(snapshot(made, ours.source, ours.day), "snapshot")
    assert again == ours
