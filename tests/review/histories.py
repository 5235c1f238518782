"""Make random histories of a small project in Git, in which it is known which commits move a decision."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.cli.transcripts import environment

Files = dict[str, str]
_BROKEN = "features: {drafts: {models: {nobody: primary}}}\n"


@dataclass(frozen=True)
class State:
    """A project: what the decision depends on, then what it does not."""

    primary: int = 0
    floor: str = "0.10"
    tools: bool = True
    window: int = 200_000
    feature: str = "support-chat"
    tenant: str = "acme"
    last_tenant: str = ""
    model: str = "mistral-large"
    drafts_primary: int = 0
    drafts_path: str = "routes/drafts.yaml"
    other_floor: int = 10
    note: str = ""
    readme: str = ""

    def files(self) -> Files:
        """Return the project's files."""
        roles = ("primary", "shadow") if self.primary == 0 else ("shadow", "primary")
        feature_was = "" if self.feature == "support-chat" else "    was: support-chat\n"
        tenant_was = f"    was: {self.last_tenant}\n" if self.last_tenant else ""
        model_was = "" if self.model == "mistral-large" else "    was: mistral-large\n"
        return {
            "README.md": f"Routes. {self.readme}\n",
            "routes/all.yaml": f"""\
# {self.note}
providers:
  anthropic: {{adapter: anthropic, base_url: "https://a.com", chat_path: /v1, api_key_env: A_KEY, stack: us}}
  mistral: {{adapter: openai_compatible, base_url: "https://m.com", chat_path: /v1, api_key_env: M_KEY, stack: eu}}
models:
  claude:
    provider: anthropic
    quality: 0.86
    price: {{input: 5.00, output: 25.00}}
    latency_ms: 1800
    context_window: {self.window}
    capabilities: [streaming{", tools" if self.tools else ""}]
  {self.model}:
{model_was}    provider: mistral
    provider_model_name: mistral-large
    quality: 0.70
    price: {{input: 2.00, output: 6.00}}
    latency_ms: 900
    context_window: 128000
    capabilities: [streaming]
features:
  {self.feature}:
{feature_was}    models:
      claude: {roles[0]}
      {self.model}: {roles[1]}
    then: auto
targets:
  auto: {{candidates: all}}
defaults: {{model: claude}}
scoring:
  cost: {{best: 0, worst: 75.00}}
  latency_ms: {{best: 0, worst: 10000}}
""",
            self.drafts_path: f"""\
features:
  drafts: {{models: {{{("claude", self.model)[self.drafts_primary]}: primary}}}}
""",
            "policies/tenants.yaml": f"""\
tenants:
  {self.tenant}:
{tenant_was}    min_quality: {self.floor}
  berlin:
    min_quality: 0.{self.other_floor}
    stacks: [eu]
""",
        }


@dataclass
class RandomHistory:
    """A history, the oldest commit first: subjects and files; which move the decision, and which do not compile.

    `end` is the state at its end.
    """

    end: State
    commits: list[tuple[str, Files]] = field(default_factory=list)
    culprits: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def random_history(dice: random.Random, count: int) -> RandomHistory:
    """Return a history of `count` changes, about a quarter of which move the decision, or move it back."""
    state = State()
    history = RandomHistory(state, [("begin", state.files())])
    for number in range(count):
        subject, kind = f"change {number}", dice.random()
        files = state.files()
        if kind < 0.1 and number < count - 1:
            history.commits.append((subject, {**files, state.drafts_path: f"# {number}\n{_BROKEN}"}))
            history.broken.append(subject)
            continue
        if kind < 0.35:
            state = moved(state, dice)
            history.culprits.append(subject)
        else:
            state = not_moved(state, dice, number)
        history.commits.append((subject, state.files()))
    history.end = state
    return history


def moved(state: State, dice: random.Random) -> State:
    """Return a state with another decision; the same change again moves it back."""
    return dice.choice(
        (
            replace(state, primary=1 - state.primary),
            replace(state, floor="0.80" if state.floor == "0.10" else "0.10"),
            replace(state, tools=not state.tools),
            replace(state, window=399_999 - state.window),
        )
    )


def not_moved(state: State, dice: random.Random, number: int) -> State:
    """Return a state with the same decision, under other names perhaps."""
    return dice.choice(
        (
            replace(state, note=f"note {number}"),
            replace(state, readme=f"change {number}"),
            replace(state, other_floor=10 + number),
            replace(state, drafts_primary=1 - state.drafts_primary),
            replace(state, drafts_path=f"routes/part-{number}/drafts.yaml"),
            replace(state, feature=f"chat-{number}"),
            replace(state, tenant=f"tenant-{number}", last_tenant=state.tenant),
            replace(state, model=f"mistral-{number}"),
        )
    )


def write(root: Path, commits: list[tuple[str, Files]]) -> None:
    """Write commits into a new repository, in one process, and check the last one out."""
    root.mkdir(parents=True)
    lines = []
    for number, (subject, files) in enumerate(commits):
        who = f"Ada <ada@example.com> {1_770_000_000 + number * 3600} +0000"
        lines += ["commit refs/heads/main", f"author {who}", f"committer {who}", _data(subject), "deleteall"]
        for path, text in files.items():
            lines += [f"M 100644 inline {path}", _data(text)]
    git, variables = ["git", "-C", str(root)], environment(root)
    subprocess.run([*git, "init", "-q", "-b", "main"], env=variables, check=True)
    subprocess.run([*git, "fast-import", "--quiet"], input="\n".join(lines).encode(), env=variables, check=True)
    subprocess.run([*git, "reset", "-q", "--hard"], env=variables, check=True)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"
