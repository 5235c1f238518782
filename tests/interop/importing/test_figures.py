"""Figures come from what somebody states: a table, a leaderboard, the catalogue; never from nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routecomp.interop.catalogue import CatalogueError, bundled, per_million, read_catalogue, snapshot
from routecomp.interop.figure_files import read_figures, read_leaderboard
from routecomp.interop.figures import FiguresError, answer_table, fill
from tests.interop.importing.project import imported

ONE = """\
model_list:
- {model_name: a, litellm_params: {model: openai/gpt-4o}}
- {model_name: b, litellm_params: {model: openai/x}}
"""


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1e-06", "1"),
        ("2.5e-06", "2.5"),
        ("0.00000015", "0.15"),
        ("1e-12", "0.000001"),
        ("7.5e-05", "75"),
        ("3E-6", "3"),
        ("0", ""),
        ("0.0", ""),
        ("1e-13", ""),
        ("-1e-6", ""),
        ("free", ""),
    ],
)
def test_a_price_a_token_is_exact_a_million(text: str, price: str) -> None:
    assert per_million(text).text == price


def test_a_price_with_too_many_decimals_is_rounded_and_says_so() -> None:
    assert per_million("1.41953125e-07") == ("0.141953", "rounded from 1.41953125e-07 a token")


def catalogue(**models: dict[str, object]) -> bytes:
    return json.dumps({"sample_spec": {"input_cost_per_token": 0.0}, **models}).encode()


def test_slips_free_models_and_holes_state_no_price() -> None:
    made = read_catalogue(
        catalogue(
            slip={"input_cost_per_token": 0.0032, "output_cost_per_token": 0.00971},
            half={"input_cost_per_token": 0.0005, "output_cost_per_token": 0.002},
            tiny={"input_cost_per_token": 1.3e-10, "output_cost_per_token": 1e-6},
            free={"input_cost_per_token": 0, "output_cost_per_token": 0},
            hole={"input_cost_per_token": 1e-6},
            good={"input_cost_per_token": 1.5e-4, "output_cost_per_token": 6e-4},
        ),
        "catalogue",
    )
    for name in ("slip", "half", "tiny", "free"):
        assert made.price(name, "input").text == ""
        assert made.price(name, "input").remark
    assert (made.price("hole", "input").text, made.price("hole", "output").text) == ("1", "")
    assert (made.price("good", "input").text, made.price("good", "output").text) == ("150", "600")
    assert "sample_spec" not in made.entries


def test_a_snapshot_reads_back_and_is_the_same_each_time() -> None:
    made = read_catalogue(catalogue(a={"input_cost_per_token": 1e-6, "mode": "chat"}), "catalogue")
    data = snapshot(made, "somewhere", "2026-12-01")
    assert data == snapshot(made, "somewhere", "2026-12-01")
    again = read_catalogue(data, "snapshot")
    assert (again.entries, again.title) == (made.entries, "somewhere, 2026-12-01")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"models: 1", b"\x1f\x8bno", b'{"a": {"mode": "chat"}}', b"[" * 100_000]
)
def test_what_is_no_catalogue_is_refused(data: bytes) -> None:
    with pytest.raises(CatalogueError):
        read_catalogue(data, "x")


def test_the_catalogue_that_is_brought_along_is_small_and_dated() -> None:
    ours = bundled()
    assert ours.day
    assert "litellm" in ours.source
    assert len(ours.entries) > 4000
    assert len((Path(__file__).parents[3] / "src/routecomp/interop/catalogue.txt.gz").read_bytes()) < 300_000


def test_a_table_fills_in_and_counts_before_the_catalogue(tmp_path: Path) -> None:
    made = imported(tmp_path, ONE)
    table = read_figures(
        b"Model,Quality,latency_ms,input_cost_per_token,output_cost_per_token,max_input_tokens,output_ratio\n"
        b"openai/gpt-4o,0.7,900,3e-06,1.5e-05,1000,0.25\n*,0.5,1000,1e-06,2e-06,32000,\nghost,0.1,,,,,\n",
        "f.csv",
    )
    assert fill(made.project, [table]) == ["f.csv:4"]
    a, b = made.project.models
    assert [a.figure(key).text for key in ("quality", "price.input", "price.output", "context_window")] == [
        "0.7",
        "3",
        "15",
        "1000",
    ]
    assert a.optional["output_ratio"].text == "0.25"
    assert (b.figure("quality").text, b.figure("price.input").text) == ("0.5", "1")
    assert made.project.missing == []


def test_the_row_of_any_model_leaves_the_catalogue_alone(tmp_path: Path) -> None:
    made = imported(tmp_path, ONE)
    fill(made.project, [read_figures(b"model,input,quality\n*,7,0.5\n", "f.csv")])
    assert [model.figure("price.input").text for model in made.project.models] == ["2.5", "7"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"model\na\n",
        b"quality\n0.5\n",
        b"model,quality,speed\na,0.5,1\n",
        b"model,quality\na,1.5\n",
        b"model,quality\na,0.12345\n",
        b"model,quality\na,0,5\na,0.5\n",
        b"model,latency_ms\na,1.5\n",
        b"model,quality\n\xff,0.5\n",
        b'model,quality\n"a,0.5\n',
    ],
)
def test_a_table_that_cannot_be_read_says_why(data: bytes) -> None:
    with pytest.raises(FiguresError) as refused:
        read_figures(data, "f.csv")
    assert all(fault.help and fault.line and fault.column for fault in refused.value.faults)


def test_leaderboards_give_quality_to_the_very_same_name(tmp_path: Path) -> None:
    arena = read_leaderboard(b"rank,model,arena_score\n1,GPT-4o,1350\n2,gpt-4o-mini,1275.5\n", "arena.csv")
    aider = read_leaderboard(
        b"- {model: other, pass_rate_2: 10.0}\n"
        b"- {model: X (high), pass_rate_2: 61.3, command: aider --model openai/x}\n"
        b"- {model: x, pass_rate_2: 55.0}\n",
        "aider.yml",
    )
    made = imported(tmp_path, ONE)
    fill(made.project, [arena, aider])
    assert [model.figure("quality").text for model in made.project.models] == ["0.7", "0.613"]


def test_answers_fill_in_what_is_missing_in_its_order(tmp_path: Path) -> None:
    made = imported(tmp_path, ONE)
    fill(made.project, [answer_table(made.project, {"a": "0.7, 900", "b": "0.5,,2"})])
    a, b = made.project.models
    assert a.missing == []
    assert (b.figure("quality").text, b.figure("price.output").text) == ("0.5", "2")
    with pytest.raises(FiguresError):
        answer_table(made.project, {"b": "high"})


HEAD = "model,quality,latency_ms,input\n"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (HEAD + "a,0.5,900,2,50\n", ["2:13"]),
        (HEAD + "a,0,71,900,2\nb,0,5,900,2\n", ["2:12", "3:11"]),
        (HEAD + "a,0.5,900\n", ["2:7"]),
        (HEAD + "a\nb,0.5,900,1\nc,\n", ["2:1", "4:3"]),
        ("model,quality,quality\na,0.5,0.6\n", ["1:15"]),
        ("model,input,price.input,slug\na,1,2,b\n", ["1:13", "1:25"]),
        ("model,input,input_cost_per_token\na,1,1e-6\n", ["1:13"]),
        ("model,quality,speed,weight\na,0.5,1,2\n", ["1:15", "1:21"]),
        ("model;quality\na;0,5\n", ["1:1"]),
        (HEAD + 'a,"0,5",900,"1,500.00"\n', ["2:3", "2:13"]),
        (HEAD + "a,1.5,-1,x\n", ["2:3", "2:7", "2:10"]),
        (HEAD + "a,0.5,1e3,2e0\n", ["2:7", "2:11"]),
        (HEAD + "a,0.12345,900,0.0000001\n", ["2:3", "2:15"]),
        (HEAD + "a,0.5,900,1\nA,0.5,900,1\n", ["3:1"]),
        (HEAD + ",0.5,900,1\n", ["2:1"]),
        (HEAD + 'a,"0.5,900,1\nb,0.5,1,1\n', ["2:3"]),
        (HEAD + 'a,"0.5"x,900,1\n', ["2:3"]),
        ('model,quality\n"a\nb",2\nc,3\n', ["3:4", "4:3"]),
        ("# about\n\n" + HEAD + "# more\r\na,2,900,1\r\n", ["5:3"]),
        ("model,input_cost_per_token\na,0.5e-99\n", ["2:3"]),
    ],
)
def test_each_fault_of_a_table_is_told_at_its_place(text: str, places: list[str]) -> None:
    with pytest.raises(FiguresError) as refused:
        read_figures(text.encode(), "f.csv")
    assert [f"{fault.line}:{fault.column}" for fault in refused.value.faults] == places
    assert all(fault.help for fault in refused.value.faults)


def test_a_table_may_have_what_other_programs_write() -> None:
    text = '\ufeff"Model", "Quality" ,source\r\n# note\r\n\r\n"a, the ""first""" , "0.50",x\r\n*,,\r\n'
    assert read_figures(text.encode(), "f.csv").rows['a, the "first"'].figures == {"quality": "0.50"}


def test_a_price_that_a_table_states_per_token_says_that_it_is_rounded(tmp_path: Path) -> None:
    made = imported(tmp_path, ONE)
    fill(made.project, [read_figures(b"model,input_cost_per_token\n*,1.41953125e-07\n", "f.csv")])
    assert made.project.models[1].figure("price.input").source == "f.csv:2, rounded from 1.41953125e-07 a token"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("model,quality\na,1.5\nb,-0.1\nc,0.5\n", ["2:3", "3:3"]),
        ("model,quality\na,0.12345\n", ["2:3"]),
        ("model,quality\na,0,5\n", ["2:5"]),
        ("model,arena_score\na,high\n", ["2:3"]),
        ("model,pass_rate_2\na,101\n", ["2:3"]),
        ("name\na\n", ["1:1"]),
    ],
)
def test_a_leaderboard_is_never_clipped_in_silence(tmp_path: Path, text: str, places: list[str]) -> None:
    with pytest.raises(FiguresError) as refused:
        read_leaderboard(text.encode(), "f.csv")
    assert [f"{fault.line}:{fault.column}" for fault in refused.value.faults] == places
    with pytest.raises(FiguresError) as refused:
        read_leaderboard(b"- model: a\n  pass_rate_2: 161.3\n", "a.yml")
    assert [f"{fault.line}:{fault.column}" for fault in refused.value.faults] == ["2:16"]
    made = imported(tmp_path, ONE)
    fill(made.project, [read_leaderboard(b"model,arena_score\na,1620\nb,N/A\n", "f.csv")])
    figures = [model.figure("quality") for model in made.project.models]
    assert figures[0] == ("1", "f.csv:2, the end of the scale, for `arena_score` 1620")
    assert figures[1].text == ""


def test_more_answers_than_figures_are_refused(tmp_path: Path) -> None:
    made = imported(tmp_path, ONE)
    with pytest.raises(FiguresError):
        answer_table(made.project, {"a": "0,71,900"})
