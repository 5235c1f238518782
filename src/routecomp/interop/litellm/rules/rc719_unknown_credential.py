"""RC719 unknown-credential: a credential that a deployment names is defined."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.model.suggest import suggestion


@litellm_rule("RC719", "unknown-credential")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A deployment names a credential that `credential_list` does not define.

    Of a proxy that stores models in its database (`store_model_in_db`) nothing is reported: its credentials may be
    there.

    Why: LiteLLM starts, and calls the host without a key, or with the one of the usual variable.

    Fix: correct the name, or add the credential to `credential_list`.
    """
    listed = subject.config.root.fields.get("credential_list")
    defined = {entry.text_of("credential_name") for entry in listed.items} if listed is not None else set()
    if not subject.groups.is_complete:
        return
    for deployment in subject.config.deployments:
        name = deployment.param("litellm_credential_name")
        if name is not None and name.text and name.text not in defined:
            help = suggestion(name.text, defined, "add it to `credential_list`")
            yield error("RC719", f"nothing defines the credential `{name.text}`", name.span, help)
