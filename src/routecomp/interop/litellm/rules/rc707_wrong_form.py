"""RC707 wrong-form: the parts of a LiteLLM file have their form."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.interop.litellm.names import names
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.scalars import TRUE
from routecomp.interop.value import Kind, Value
from routecomp.source.text import Span

_MAPPINGS = ("router_settings", "litellm_settings", "general_settings", "environment_variables")


@litellm_rule("RC707", "wrong-form")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A part of the file has another form than LiteLLM reads, or a part that it needs is missing.

    `model_list` is a list of mappings; each has a `model_name` and `litellm_params`, and these a `model`. The settings
    and `environment_variables` are mappings, and `access_groups` is a list. A section that is empty is none;
    `model_list:` with nothing behind it is a warning, unless models are stored in the database (`[]` says that none is
    meant), and so is a comma in a `model_name`.

    Why: the proxy does not start, or skips the part: `router_settings` written as a list counts as none.
    A call for `a,b` is taken for two, of `a` and of `b`.

    Fix: write it in the form that the finding names.
    """
    root = subject.config.root
    for name in _MAPPINGS:
        section = root.fields.get(name)
        if section is not None and section.kind not in (Kind.MAPPING, Kind.NULL):
            yield _wrong(section, f"`{name}` is no mapping", "write its keys below, one a line")
    listed = root.fields.get("model_list")
    if listed is not None and listed.kind not in (Kind.LIST, Kind.NULL):
        yield _wrong(listed, "`model_list` is no list", "write `- model_name: …` for each deployment")
    stored = subject.config.general_settings.text_of("store_model_in_db").lower() in TRUE
    if listed is not None and listed.kind is Kind.NULL and not stored:
        message = "`model_list` is empty: the file defines no model"
        yield warning("RC707", message, listed.key or listed.span, "write `- model_name: …` for each deployment")
    for entry in listed.items if listed is not None else ():
        yield from _entry(entry)


def _entry(entry: Value) -> Iterator[Diagnostic]:
    """Yield what is wrong with the form of an entry of `model_list`."""
    if entry.kind is not Kind.MAPPING:
        yield _wrong(entry, "an entry of `model_list` is no mapping", "write `model_name` and `litellm_params` into it")
        return
    name = entry.get("model_name")
    if name is None and "model" not in entry.fields:
        yield _wrong(entry, "this entry has no `model_name`", "write the name under which it is called")
    elif name is None:
        pass  # `model` stands in its place, which is said of the key
    elif name.kind in (Kind.MAPPING, Kind.LIST) or not name.text.strip() or name.kind is Kind.NULL:
        yield _wrong(name, "`model_name` is no name", "write the name under which it is called")
    elif name.text != name.text.strip():
        message = "`model_name` begins or ends with a blank: no call has that name"
        yield _wrong(name, message, "remove the blank")
    elif "," in name.text:
        message = "`model_name` has a comma: the proxy takes it for several names"
        yield warning("RC707", message, name.span, "write another sign")
    params = entry.get("litellm_params")
    if params is None:
        beside = [f"`{key}`" for key in entry.fields if key in names("params")]
        help = f"write `litellm_params:`, and {_listed(beside) or 'a `model`'} below it"
        yield _wrong(entry, "this entry has no `litellm_params`", help)
    elif params.kind is not Kind.MAPPING:
        yield _wrong(params, "`litellm_params` is no mapping", "write `model:` and the other parameters below")
    else:
        model = params.get("model")
        if model is None or model.kind in (Kind.NULL, Kind.MAPPING, Kind.LIST) or not model.text.strip():
            yield _wrong(model or params, "`litellm_params` has no `model`", "write `model: PROVIDER/MODEL`")
        elif model.text != model.text.strip():
            yield _wrong(model, "this model begins or ends with a blank", "remove the blank")
    info = entry.get("model_info")
    if info is not None and info.kind not in (Kind.MAPPING, Kind.NULL):
        yield _wrong(info, "`model_info` is no mapping", "write its keys below, one a line")
    groups = info.get("access_groups") if info is not None else None
    if groups is not None and groups.kind is Kind.TEXT and groups.text:
        message = "`access_groups` is a text: each of its letters is a group"
        yield error("RC707", message, groups.span, f"write it in brackets: `[{groups.text}]`")


def _listed(words: list[str]) -> str:
    """Return words as a sentence lists them; an empty text for none."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _wrong(value: Value, message: str, help: str) -> Diagnostic:
    """Return the finding at the first line of a value, or at its key where it has one."""
    span = value.key or value.span
    end = span.file.text.find("\n", span.start, span.end)
    return error("RC707", message, Span(span.file, span.start, span.end if end == -1 else end), help)
