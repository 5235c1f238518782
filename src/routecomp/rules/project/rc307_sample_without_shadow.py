"""RC307 sample-without-shadow: only a shadow is mirrored, and a daily cap needs something to cap."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.lookup import primaries
from routecomp.rules.registry import project_rule


@project_rule("RC307", "sample-without-shadow")
def sample_without_shadow(declared: Declared) -> Iterator[Diagnostic]:
    """`sample` or `max_daily_usd` stands where nothing is mirrored.

    A shadow with a `sample` receives a copy of that share of the feature's requests; `max_daily_usd` caps what that
    may cost in a day. A primary or retired model is never mirrored, and a shadow without `sample` neither.

    Why: nothing would read the value. Whoever wrote it believes that requests are being compared, or that spending
    is capped, and neither is true.

    Fix: remove the key, or make the model a shadow with a `sample`.
    """
    for entry in declared.features.values():
        for slug, row in entry.body.models.items():
            if row.sample is None and row.max_daily_usd is None:
                continue
            if row.status == "primary" and len(primaries(entry.body)) > 1:
                continue  # RC303 says that it is one too many, and that is what it was meant to be
            if row.status != "shadow":
                keys = [key for key in ("sample", "max_daily_usd") if getattr(row, key) is not None]
                listed, stands = " and ".join(f"`{key}`" for key in keys), "stands" if len(keys) == 1 else "stand"
                first, *others = [Label(entry.key_span("models", slug, key), "and this") for key in keys]
                yield error(
                    "RC307",
                    f"{entry.title}: {listed} {stands} on `{slug}`, which is {row.status}; only a shadow is mirrored",
                    first.span,
                    "remove it" if not others else "remove both, or make it a shadow",
                    labels=(Label(entry.span("models", slug, "status"), f"{row.status} here"), *others),
                )
            elif row.sample is None:
                yield error(
                    "RC307",
                    f"{entry.title}: `max_daily_usd` of shadow `{slug}` caps nothing: it has no `sample`",
                    entry.key_span("models", slug, "max_daily_usd"),
                    "add the `sample` to mirror, or remove the cap",
                )
