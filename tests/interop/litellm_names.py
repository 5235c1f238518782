"""Write the names that LiteLLM reads from the package itself, as lines of `interop/litellm/names.txt`.

Run `python -m tests.interop.litellm_names` in an environment that has `litellm` (the extra `dev-peers`). Names are
facts; no text of the package is copied.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src" / "routecomp" / "interop" / "litellm" / "names.txt"
_READ = re.compile(r"\b(general_settings|model_info|litellm_settings)(?:\.get\(\s*|\[)[\"']([A-Za-z_0-9]+)[\"']")


def main() -> None:
    """Write the file."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    folder = Path(litellm.__file__).parent
    version = re.search(r"litellm-([0-9.]+)\.dist-info", " ".join(p.name for p in folder.parent.glob("litellm-*")))
    assert version is not None
    sections = {
        "params": set(_params(folder)),
        "info": set(_info(folder)),
        "router": set(_router()),
        "general": set(_general(folder)),
        "module": set(_module()),
        "seen": set(_seen(folder)),
        "switches": set(_switches()),
        "deployment switches": set(_deployment_switches()),
        "providers": set(_providers()),
        "models": set(_models()),
        "patterns": set(_patterns()),
    }
    lines = [f"# Names that LiteLLM {version[1]} reads. Written by tests/interop/litellm_names.py."]
    for title, names in sections.items():
        lines += [f"[{title}]", *sorted(names)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print({title: len(names) for title, names in sections.items()}, TARGET.stat().st_size)


def _params(folder: Path) -> Iterator[str]:
    """Yield what may stand below `litellm_params`: typed fields, and the parameters of calls and of providers."""
    import litellm
    from litellm import constants
    from litellm.types.router import LiteLLM_Params
    from litellm.types.utils import all_litellm_params

    yield from LiteLLM_Params.model_fields
    yield from all_litellm_params
    yield from constants.DEFAULT_CHAT_COMPLETION_PARAM_VALUES
    yield from constants.DEFAULT_EMBEDDING_PARAM_VALUES
    for call in ("completion", "embedding", "transcription", "speech", "image_generation", "rerank", "responses"):
        yield from inspect.signature(getattr(litellm, call)).parameters
    yield from litellm.AmazonConverseConfig.get_config_blocks()
    yield from ("vector_store_ids", "requestMetadata")
    for path in (folder / "llms").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Config"):
                for line in node.body:
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                        yield line.target.id
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop"):
                owner = ast.unparse(node.func.value)
                if owner in ("litellm_params", "optional_params", "kwargs") and node.args:
                    name = node.args[0]
                    if isinstance(name, ast.Constant) and isinstance(name.value, str):
                        yield name.value


def _info(folder: Path) -> Iterator[str]:
    """Yield what may stand below `model_info`: typed fields, and the fields of the catalogue of models."""
    import litellm
    from litellm.types.router import ModelInfo

    yield from ModelInfo.model_fields
    yield from {name for model in litellm.model_cost.values() for name in model}
    yield from (name for owner, name in _reads(folder) if owner == "model_info")
    yield from ("access_groups", "max_tokens", "adaptive_router_preferences", "health_check_model", "description")


def _router() -> Iterator[str]:
    """Yield the arguments of the Router that a file may state."""
    import litellm

    yield from set(inspect.signature(litellm.Router.__init__).parameters) - {"self", "model_list"}


def _general(folder: Path) -> Iterator[str]:
    """Yield what may stand below `general_settings`."""
    from litellm.proxy._types import ConfigGeneralSettings

    yield from ConfigGeneralSettings.model_fields
    yield from (name for owner, name in _reads(folder) if owner == "general_settings")


def _module() -> Iterator[str]:
    """Yield what may stand below `litellm_settings`: names of the module, and what the proxy handles itself."""
    import litellm

    tree = ast.parse((Path(litellm.__file__).parent / "proxy" / "proxy_server.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "key":
            constants = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
            yield from (value for value in constants if isinstance(value, str))
    for name, value in vars(litellm).items():
        if not name.startswith("_") and not inspect.ismodule(value) and not callable(value):
            yield name
    yield from (name for owner, name in _reads(Path(litellm.__file__).parent) if owner == "litellm_settings")


def _switches() -> Iterator[str]:
    """Yield what is true or false below `litellm_settings` and `general_settings`; texts stay texts there."""
    import litellm
    from litellm.proxy._types import ConfigGeneralSettings

    for name, value in vars(litellm).items():
        if (isinstance(value, bool) or "bool" in str(litellm.__annotations__.get(name))) and name[0].islower():
            yield name
    yield from (name for name, field in ConfigGeneralSettings.model_fields.items() if "bool" in str(field.annotation))


def _deployment_switches() -> Iterator[str]:
    """Yield what is true or false of a deployment, and is not made so where it is a text: its type does not name it."""
    import litellm
    from litellm.types.router import LiteLLM_Params, ModelInfo

    typed = {*LiteLLM_Params.model_fields, *ModelInfo.model_fields}
    signature = inspect.signature(litellm.completion).parameters.values()
    called = {each.name for each in signature if "bool" in str(each.annotation)}
    known = {name for model in litellm.model_cost.values() for name, value in model.items() if isinstance(value, bool)}
    yield from (called | known) - typed


def _seen(folder: Path) -> Iterator[str]:
    """Yield what the proxy looks up by name in ways that do not say where: none of these is called unread."""
    for path in folder.rglob("*.py"):
        for name in re.findall(r"getattr\(litellm, \"([a-z_0-9]+)\"", path.read_text(encoding="utf-8")):
            yield name
    for path in (folder / "proxy").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called, name = ast.unparse(node.func), str(node.args[0].value)
                if re.search(r"(general|litellm|proxy)?_?settings?(\.|_|$)", called):
                    yield from re.findall("^[a-z][a-z_0-9]+$", name)


def _reads(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what the package looks up by name in a mapping of settings."""
    for path in folder.rglob("*.py"):
        yield from _READ.findall(path.read_text(encoding="utf-8"))


def _providers() -> Iterator[str]:
    """Yield what may stand before the `/` of a model."""
    import litellm

    yield from (str(getattr(each, "value", each)) for each in litellm.provider_list)
    for prefix in {name.split("/", 1)[0] for name in litellm.model_cost if "/" in name}:
        if _is_read(f"{prefix}/no-such-model"):
            yield prefix


def _models() -> Iterator[str]:
    """Yield the names of models that need no provider before them."""
    import litellm

    return (name for name in litellm.model_cost if "/" not in name and _is_read(name))


def _patterns() -> Iterator[str]:
    """Yield patterns of names whose provider is known although no list has them."""
    from litellm.litellm_core_utils import fallback_generalizations

    yield from (rule.pattern.pattern for rule in fallback_generalizations._registry.routing_rules)
    yield from ("^gpt-image", "^amazon_nova", r"ft:gpt-(?:3\.5-turbo|4)", "^[^:]+:[0-9a-f]{64}$")


def _is_read(model: str) -> bool:
    """Return whether LiteLLM knows the provider of a model."""
    import litellm

    try:
        litellm.get_llm_provider(model)
    except Exception:
        return False
    return True


if __name__ == "__main__":
    main()
