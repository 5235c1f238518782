"""Read an experiment, and assign units to its variants."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from struct import Struct
from typing import Any, Final, NamedTuple

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.kinds import _COUNT, _or_null, _whole
from routecomp.runtime.parts.limits import _SLOTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.table_fields import _EXPERIMENT, _VARIANT, _check, _check_names


class _Variant(NamedTuple):
    """The version of a variant that serves."""

    model: _Model
    id: str
    version: int
    api_key_env: str | None  # in place of the provider's


class _Experiment:
    """The experiment that answers for a public model id."""

    __slots__ = (
        "name",
        "on_pause",
        "on_unavailable",
        "owners",
        "public_id",
        "salt",
        "starts",
        "status",
        "variants",
        "winner",
    )

    def __init__(self, public_id: str, body: Any, catalogue: _Catalogue) -> None:
        what = f"experiment of {public_id!r}"
        _check(body, _EXPERIMENT, what)
        self.public_id = public_id
        self.name: str = body["experiment"]
        self.salt: str = body["salt"]
        self.status: str = body["status"]
        self.on_pause: str = body["on_pause"]
        self.on_unavailable: str = body["on_unavailable"]
        self.variants: list[_Variant] = []
        for row in body["variants"]:
            _check(row, _VARIANT, f"{what}: a variant")
            _check_names([row["model"]], catalogue.places, what, "model")
            model, key = catalogue[row["model"]], row["api_key_env"]
            self.variants.append(_Variant(model, row["id"], row["version"], key))
        if not self.variants:
            raise _Refused(f"{what} has no variant")
        index = _whole(0, len(self.variants) - 1)
        self.winner: int | None = body["winner"]
        if not _or_null(index).test(self.winner):
            raise _Refused(f"{what}: `winner` is not the number of a variant or null")
        if self.status == "completed" and self.winner is None:
            raise _Refused(f"{what} is completed without a winner")
        for pair in body["slots"]:
            if not (type(pair) is list and len(pair) == 2 and _COUNT.test(pair[0]) and index.test(pair[1])):
                raise _Refused(f"{what}: `slots` holds something else than [first slot, variant]")
        self.starts: list[int] = [pair[0] for pair in body["slots"]]  # of ranges, each up to the start of the next
        self.owners: list[int] = [pair[1] for pair in body["slots"]]  # the variant that each range belongs to
        if self.starts[:1] != [0] or self.starts != sorted({*self.starts}) or self.starts[-1] >= _SLOTS:
            raise _Refused(f"{what}: `slots` does not rise from 0 to at most 9999")

    def assign(self, slot: int | None) -> tuple[int, str | None]:
        """Return the number of the variant that serves a slot, and the flag to report, None if there is none.

        A completed experiment gives its winner, a paused one the first variant. Without a slot, because the request
        has no unit, the first variant serves too.
        """
        if self.status == "completed":
            return self.winner or 0, None
        if self.status == "paused":
            return 0, "paused_control"
        return (0, "no_unit") if slot is None else (self.owners[bisect_right(self.starts, slot) - 1], None)


def slot_of(salt: str, unit: str) -> int:
    """Return the slot (0..9999) of a unit under a salt: docs/semantics.md, section 5.

    Raises UnicodeEncodeError for text that has no UTF-8 form, because it holds lone surrogates.
    """
    return _first_eight(_sha256(f"{salt}:{unit}".encode()).digest())[0] * _SLOTS >> 64  # type: ignore[no-any-return]


def _find_sha256() -> Callable[[bytes], Any]:
    """Return the SHA-256 of Python's own C code, which is the quickest for short texts; else the one of hashlib."""
    for name in ("_sha2", "_sha256"):  # from Python 3.12 on, and before
        try:
            return import_module(name).sha256  # type: ignore[no-any-return]
        except (ImportError, AttributeError):  # a Python that was built without it
            continue
    return sha256


_sha256: Final = _find_sha256()
_first_eight: Final = Struct(">Q24x").unpack  # reads the first eight bytes of a SHA-256 as a number
