"""Any text of a YAML file in, the credentials it holds out: the detector as the check knows it.

It stands with the diagnostics, because a report must not show a credential either.
"""

from routecomp.diagnostics.secrets import Secret, find_secret, find_secrets, fingerprint, may_hold_secret

__all__ = ["Secret", "find_secret", "find_secrets", "fingerprint", "may_hold_secret"]
