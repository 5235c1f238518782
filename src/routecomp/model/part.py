"""What every mapping of the YAML is (`Part`), and what every body may carry besides its own keys (`Body`)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from routecomp.model.fields import Text


class Part(BaseModel):
    """A mapping of the YAML: frozen, and every key it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Body(Part):
    """What every body may carry besides its own keys; it changes no decision."""

    description: Text | None = Field(
        None,
        description=("What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision."),
    )
    owner: Text | None = Field(
        None,
        description=("Who answers for it: a team, a person, a mailbox. Changes no decision."),
        examples=["platform", "search-team@example.com"],
    )
