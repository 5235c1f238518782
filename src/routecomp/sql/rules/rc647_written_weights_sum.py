"""RC647 written-weights-sum: weights that are written add up to exactly 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.numbers import ONE
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import Edit, assigned_cells, edits, equal_to, inserted_rows, text_of, whole_of
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import Tokens
from routecomp.sql.rule import migration_rule

_WEIGHTS = ("weight_quality_bp", "weight_latency_bp", "weight_cost_bp")


@migration_rule("RC647", "written-weights-sum", aliases=("R07",))
def written_weights_sum(script: Script) -> Iterator[Diagnostic]:
    """Weights that a migration writes do not add up to exactly 10,000 basis points.

    Read are rows of policies (quality, latency, cost) and the variants of an experiment that the migration creates.

    Why: the database refuses the row, or, where the sum goes over several rows, the COMMIT.

    Fix: change them so that they add up to 10,000.
    """
    made = _Made()
    for statement in script.statements:
        for edit in edits(statement):
            made.take(script.bare(edit.table.name), edit)
            for row in inserted_rows(edit) if edit.verb == "INSERT" else [assigned_cells(edit.tokens)]:
                parts = [whole_of(row.get(name)) for name in _WEIGHTS]
                total = sum(part for part in parts if part is not None)
                if None not in parts and total != ONE:
                    yield error(
                        "RC647",
                        f"these weights add up to {total:,} basis points, not {ONE:,}",
                        script.span(row[_WEIGHTS[0]][0]),
                        "change them so that they add up to 10,000",
                    )
    for name, variants in made.experiments.items():
        weights = [weight for weight, _ in variants.values()]
        total = sum(weight for weight in weights if weight is not None)
        if weights and None not in weights and total != ONE:
            yield error(
                "RC647",
                f"the weights of experiment `{name}` add up to {total:,} basis points, not {ONE:,}",
                script.span(next(token for _, token in variants.values())),
                "change them so that they add up to 10,000",
            )


class _Made:
    """The experiments that a migration makes and leaves: the weight of each variant (None where it cannot be told).

    What a dialect has missed is done in one migration, in which an experiment may be made, changed and made again.
    """

    def __init__(self) -> None:
        self.experiments: dict[str, dict[str | None, tuple[int | None, Token]]] = {}

    def take(self, table: str | None, edit: Edit) -> None:
        if table not in ("model_experiment", "model_experiment_variant"):
            return
        if edit.verb == "INSERT":
            for row in inserted_rows(edit):
                self._insert(table, row)
            return
        experiment, variant = equal_to(edit.condition, "experiment"), equal_to(edit.condition, "variant")
        if experiment is None:
            self.experiments.clear()  # any of them
        elif edit.verb == "DELETE" and table == "model_experiment":
            self.experiments.pop(experiment, None)
        elif experiment in self.experiments and table == "model_experiment_variant":
            variants = self.experiments[experiment]
            if variant is None:
                del self.experiments[experiment]
            elif edit.verb == "DELETE":
                variants.pop(variant, None)
            elif (weight := assigned_cells(edit.tokens).get("weight_bp")) is not None:
                variants[variant] = whole_of(weight), weight[0]

    def _insert(self, table: str, row: Mapping[str, Tokens]) -> None:
        name = text_of(row.get("experiment"))
        if name is None:
            return
        if table == "model_experiment":
            self.experiments[name] = {}
        elif name in self.experiments and "weight_bp" in row:
            weight = row["weight_bp"]
            self.experiments[name][text_of(row.get("variant"))] = whole_of(weight), weight[0]
