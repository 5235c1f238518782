"""Find the public identifiers in a text: they look as disordered as keys, and open nothing.

They are told by what vendors document: the prefix of an id of an organisation, a project, a workspace, a stored prompt
or file; the place of an account in the path of a URL; the word before the id of a deployment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MIXED = ("org-", "proj_", "wrkspc_", "asst_", "file-", "file_", "ftjob-", "skill_", "vs_")
_IN_HEX = ("vs_", "pmpt_", "cntr_", "conv_")
"""The prefixes of OpenAI and Anthropic. INVARIANT: no vendor's keys begin so (`patterns.py`)."""
_END = r"(?!\.?[A-Za-z0-9_+=-])"
_ID = rf"(?:(?:{'|'.join(_MIXED)})[A-Za-z0-9]{{20,28}}|(?:{'|'.join(_IN_HEX)})[0-9a-f]{{24,64}}){_END}"
_PREFIXED = re.compile(rf"(?<=/){_ID}|(?<![A-Za-z0-9_+/-]){_ID}(?!/)")
_ACCOUNTS = "accounts|organizations|orgs|projects|subscriptions|teams|tenants|workspaces|zones"
_ACCOUNT = re.compile(rf"(?:/(?:{_ACCOUNTS})/|//gateway\.ai\.cloudflare\.com/v1/)([0-9a-f]{{32}}){_END}")
"""An account in the path of a URL. Behind a mere version (`/v3/…`) some hosts have a key."""
_COLLECTION = re.compile(r"(?<![A-Za-z0-9_+=-])(?:deployedModels|tunedModels|inferenceProfiles|cachedContents)(?=/)")
"""The words before an id in the name of a cloud's resource that are of two cases, as keys are."""


def identifiers(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each identifier from `start` on, in order; what stands before tells some of them."""
    spans = [match.span() for pattern in (_PREFIXED, _COLLECTION) for match in pattern.finditer(text, start)]
    if "/" in text:
        spans += [match.span(1) for match in _ACCOUNT.finditer(text)]
    yield from sorted(span for span in spans if span[0] >= start)
