"""Make the files of exports from a project, and refuse losses that nobody allowed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from routecomp.interop.export.names import Wanted
from routecomp.interop.export.targets import export
from routecomp.model.project import Program
from routecomp.model.suggest import suggestion
from routecomp.table.table import RoutingTable
from routecomp.workspace.compile import compile_project
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

_SHOWN = 4


def make_exports(project: Project, wanted: Sequence[Wanted], allowed: Collection[Wanted]) -> dict[str, bytes]:
    """Return the bytes of each export, and of the losses of those that may lose something, by path.

    Raises a `Problem` for a loss that is not allowed, and for a tenant that is not declared.
    """
    compilation = compile_project(project, prove=False)
    program, table = compilation.checked.program, compilation.table
    assert program is not None
    assert table is not None
    files: dict[str, bytes] = {}
    for asked in wanted:
        files |= export_files(program, table, project.settings.output, asked, asked in allowed)
    return files


def export_files(
    program: Program, table: RoutingTable, output: str, wanted: Wanted, may_lose: bool
) -> dict[str, bytes]:
    """Return the files of one export by path in the output folder."""
    if wanted.tenant is not None and wanted.tenant not in program.tenants:
        raise Problem(
            f"{visible(output)}/{visible(wanted.file)} is for tenant `{visible(wanted.tenant)}`, which is not declared",
            f"delete the file, or {suggestion(wanted.tenant, program.tenants)}",
            "refused",
        )
    made = export(program, table, wanted.target, wanted.tenant)
    if not may_lose and made.report.lost:
        count = len(made.report.lost)
        raise Problem(
            f"{visible(output)}/{wanted.file} cannot say {count} {'field' if count == 1 else 'fields'} of the project",
            f"`routecomp compile --export {wanted.word} --allow-loss` writes it without, and what is lost beside it",
            "refused",
            others=[(f"{loss.place}: `{loss.key}`: {loss.reason}", loss.instead) for loss in made.report.lost[:_SHOWN]],
            document={"report": made.report.plain()},
        )
    files = {wanted.file: made.data}
    if may_lose:
        files[wanted.losses] = made.report.markdown(places=False).encode()
    return files
