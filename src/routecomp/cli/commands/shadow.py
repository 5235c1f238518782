"""Make a model a shadow of a feature, or change what is mirrored to it: `routecomp shadow`."""

from __future__ import annotations

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.review.edit.promote import shadow as plan_shadow


@click.command(
    epilog=f"""\
\b
Examples:
  routecomp shadow support-chat gpt-5-5                 a candidate, never mirrored
  routecomp shadow support-chat gpt-5-5 --sample 0.05 --max-daily-usd 20
                                                        mirror one request in twenty
  routecomp shadow support-chat gpt-5-5 --sample 0.10   change one figure, keep the other
  routecomp shadow support-chat gpt-5-5 --bare          take both figures away

\b
MODEL may be new to the feature, retired, or a shadow already. Once this is
merged it can be promoted.

{EPILOG}"""
)
@click.argument("feature", shell_complete=names_of("features"))
@click.argument("model", shell_complete=names_of("models"))
@click.option("--sample", metavar="SHARE", help="Mirror this share of requests: above 0, at most 1.")
@click.option("--max-daily-usd", metavar="USD", help="Mirror for at most this many dollars a day (needs a sample).")
@click.option("--bare", is_flag=True, help="No sample and no cap: a candidate that is never mirrored.")
@editing_options
def shadow(
    feature: str, model: str, sample: str | None, max_daily_usd: str | None, bare: bool, options: EditOptions
) -> int:
    """Make MODEL a shadow of FEATURE, or change what is mirrored to it."""
    return edit(options, lambda unedited: plan_shadow(unedited.declared, feature, model, sample, max_daily_usd, bare))
