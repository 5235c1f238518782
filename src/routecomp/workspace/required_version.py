"""Tell whether this version of routecomp may write a project: what its setting `requires_routecomp` asks for."""

from __future__ import annotations

from dataclasses import dataclass

from routecomp import __version__
from routecomp.workspace.problem import Problem
from routecomp.workspace.settings import Settings

_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class RequiredVersion:
    """The versions that may write a project, as a PEP 440 specifier, and whether the installed one is among them."""

    wanted: str
    installed: str
    matches: bool

    @property
    def record(self) -> dict[str, str | bool]:
        """The same as an object of JSON."""
        return {"wanted": self.wanted, "installed": self.installed, "matches": self.matches}

    @property
    def fact(self) -> str:
        """What is wanted and what is installed, as part of a sentence."""
        return f"routecomp {self.wanted} writes this project, and {self.installed} is installed"

    @property
    def remedy(self) -> str:
        """How to install a version that may write the project."""
        return f"run `pip install 'routecomp{self.wanted}'`"


class WrongVersionError(Problem):
    """The installed version of routecomp may not write the project."""

    def __init__(self, required: RequiredVersion) -> None:
        help = f"{required.remedy}, or move the project to {required.installed} (`routecomp docs upgrade`)"
        if _is_prerelease(required.installed):
            help += "; a pre-release may write only where the setting names one, as in `>=1.0rc1`"
        super().__init__(required.fact, help, document={"requires_routecomp": required.record})


def is_specifier(text: str) -> bool:
    """Return whether a text says versions as PEP 440 does, such as `~=0.2`; `===`, which compares texts, does not."""
    if not text or len(text) > _MOST_CHARACTERS or "===" in text:
        return False
    # lazy: only projects that have the setting need it, and it takes longer to load than settings are read.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return len(SpecifierSet(text)) > 0
    except InvalidSpecifier:
        return False


def required_version(settings: Settings, installed: str = __version__) -> RequiredVersion | None:
    """Return the versions that a project asks for, None where it asks for none.

    An installed pre-release matches only a specifier that names a pre-release, as in pip.
    """
    if settings.requires_routecomp is None:
        return None
    # lazy: only projects that have the setting need it.
    from packaging.specifiers import SpecifierSet

    wanted = SpecifierSet(settings.requires_routecomp)
    matches = wanted.contains(installed, prereleases=bool(wanted.prereleases))
    return RequiredVersion(settings.requires_routecomp, installed, matches)


def require_version(settings: Settings, installed: str = __version__) -> None:
    """Raise `WrongVersionError` where the installed version may not write the project with these settings."""
    required = required_version(settings, installed)
    if required is not None and not required.matches:
        raise WrongVersionError(required)


def _is_prerelease(version: str) -> bool:
    """Return whether a version is a pre-release or a development version."""
    # lazy: only a refusal needs it.
    from packaging.version import Version

    return Version(version).is_prerelease
