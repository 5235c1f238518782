"""RC647 written-weights-sum: weights that are written add up to exactly 1."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.numbers import ONE
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import assigned_cells, edits, inserted_rows, text_of, whole_of
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule

_WEIGHTS = ("weight_quality_bp", "weight_latency_bp", "weight_cost_bp")


@migration_rule("RC647", "written-weights-sum", aliases=("R07",))
def written_weights_sum(script: Script) -> Iterator[Diagnostic]:
    """Weights that a migration writes do not add up to exactly 10,000 basis points.

    Read are rows of policies (quality, latency, cost) and the variants of an experiment that the migration creates.

    Why: the database refuses the row, or, where the sum goes over several rows, the COMMIT.

    Fix: change them so that they add up to 10,000.
    """
    made: set[str | None] = set()
    variants: dict[str | None, list[tuple[int | None, Token]]] = {}
    for statement in script.statements:
        for edit in edits(statement):
            table = script.bare(edit.table.name)
            rows = inserted_rows(edit) if edit.verb == "INSERT" else [assigned_cells(edit.tokens)]
            for row in rows:
                if table == "model_experiment" and edit.verb == "INSERT":
                    made.add(text_of(row.get("experiment")))
                if table == "model_experiment_variant" and edit.verb == "INSERT" and "weight_bp" in row:
                    name = text_of(row.get("experiment"))
                    variants.setdefault(name, []).append((whole_of(row["weight_bp"]), row["weight_bp"][0]))
                parts = [whole_of(row.get(name)) for name in _WEIGHTS]
                total = sum(part for part in parts if part is not None)
                if None not in parts and total != ONE:
                    yield error(
                        "RC647",
                        f"these weights add up to {total:,} basis points, not {ONE:,}",
                        script.span(row[_WEIGHTS[0]][0]),
                        "change them so that they add up to 10,000",
                    )
    for name, weights in variants.items():
        total = sum(weight for weight, _ in weights if weight is not None)
        if name in made and total != ONE and all(weight is not None for weight, _ in weights):
            yield error(
                "RC647",
                f"the weights of experiment `{name}` add up to {total:,} basis points, not {ONE:,}",
                script.span(weights[0][1]),
                "change them so that they add up to 10,000",
            )
