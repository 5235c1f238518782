"""RC721 credential-in-file: credentials stand in the environment."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Kind


@litellm_rule("RC721", "credential-in-file")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A credential stands in the file.

    It is told by its shape, or by the key before it (`api_key`, `master_key`, `aws_secret_access_key` …), a misspelt
    one too. It is shown nowhere. A word in capitals and digits is one, or the name of a variable without
    `os.environ/`: it is not shown either. Texts that open nothing, as `fake-key` for a host that asks for none, are
    left alone; comments are not.

    Why: whoever reads the file can use it, and so can whoever reads an older commit of it.

    Fix: revoke it, put a new one into an environment variable, and write `os.environ/NAME`.
    """
    help = "write `os.environ/NAME`, and revoke the credential: it has been in a file"
    for value in (*subject.config.root.walk(), *subject.config.overridden):
        if value.kind is Kind.CREDENTIAL and not value.placeholder:
            name = value.name or "this text"
            what = "a credential, or a variable without `os.environ/`" if value.may_be_variable else "a credential"
            yield error("RC721", f"`{name}` holds {what}; it is not shown here", value.span, help)
    keys = [value.key for value in subject.config.root.walk() if value.key is not None] if subject.exposed else []
    for span in subject.exposed:
        is_key = any(key.file is span.file and key.start <= span.start < key.end for key in keys)
        message = f"this {'key' if is_key else 'comment'} holds a credential; it is not shown here"
        yield error("RC721", message, span, "remove it, and revoke it")
