"""RC722 known-master-key: the master key is one that nobody can guess."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind


@litellm_rule("RC722", "known-master-key", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """The master key is a sample that everybody knows, is short, or is empty.

    Why: it opens every function of the proxy, the keys of all teams too. Samples are tried first.

    Fix: put a random one into an environment variable, and write `master_key: os.environ/LITELLM_MASTER_KEY`.
    """
    key = subject.config.general_settings.fields.get("master_key")
    if key is None:
        return
    help = "write `os.environ/LITELLM_MASTER_KEY`, with a random key there"
    if key.kind is Kind.CREDENTIAL and key.placeholder:
        yield warning("RC722", "the master key is a sample, or short enough to be guessed", key.span, help)
    elif key.is_empty:
        yield warning("RC722", "the master key is empty: LiteLLM asks for none", key.key, help)
