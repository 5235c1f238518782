"""RC343 params-refused: the page of a rule that reading `params` finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC343",
    "params-refused",
    Scope.TEXT,
    """
`params` hold what no provider and no model may bring along.

They go upstream in the body of every request, beside what the caller asked. They never hold `model`, `messages` or
`stream` at the top, nor, at any place, a value under a name that credentials have (`api_key`, `authorization`,
`password` …). They are nested no deeper than 8 levels of mappings and lists, `params` itself being the first, and no
number in them has more than 100 digits.

Why: the route decides the model, and the caller what is asked and whether the answer streams. A line that
overruled them would send every request elsewhere than the decision, and its audit, say. A credential in a file is known
to whoever reads the repository. Of a number of thousands of digits some readers of JSON make an infinity, and others
refuse the whole file.

Fix: remove the key. `provider_model_name` is the model's name upstream; a credential is named by its variable, in
`api_key_env` or, for a further header, in `secret_headers`.
""",
)
