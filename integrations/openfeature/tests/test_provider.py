"""OpenFeature's own client, asked through the provider, answers with routecomp's decisions; run with its own Python.

`make hard` runs this in .venv-peers.
"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import Any

from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.event import EventDetails, ProviderEvent, ProviderEventDetails
from openfeature.exception import ErrorCode, ProviderNotReadyError
from openfeature.flag_evaluation import Reason
from openfeature.provider import ProviderStatus
from routecomp_openfeature import RoutecompProvider

from routecomp.runtime.resolver import Router

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "generated" / "routing_table.json"
FALLBACK = TABLE.with_name("fallback.json")


class Telling(RoutecompProvider):
    """Notes what the provider tells the SDK, which tells its handlers in a thread."""

    def __init__(self, table: Path) -> None:
        super().__init__(table)
        self.told: list[ProviderEvent] = []

    def emit(self, event: ProviderEvent, details: ProviderEventDetails) -> None:
        self.told.append(event)
        super().emit(event, details)


class Asked(unittest.TestCase):
    """A client with the provider set, beside a router over the same files."""

    def setUp(self) -> None:
        self.provider = RoutecompProvider(TABLE)
        api.set_provider_and_wait(self.provider)
        self.client = api.get_client()
        self.router = Router.from_bytes(TABLE.read_bytes(), FALLBACK.read_bytes())

    def tearDown(self) -> None:
        api.clear_providers()

    def test_a_flag_is_a_feature_or_a_name(self) -> None:
        for feature in self.router.facts.features:
            assert self.client.get_string_value(feature, "") == self.router.resolve(feature=feature).model
        for name in ("auto", "router/fast", "chat/support:latest", "gpt-4o-mini", "any-gpt-5", "hermelin/reply"):
            assert self.client.get_string_value(f"model:{name}", "") == self.router.resolve(model=name).model

    def test_the_context_is_the_request(self) -> None:
        request: dict[str, Any] = {"stack": "eu", "min_quality": 0.7, "stream": True, "capabilities": ["tools"]}
        for tenant in self.router.facts.tenants:
            context = EvaluationContext("u-1", {**request, "tenant": tenant, "else": "not passed on"})
            details = self.client.get_string_details("model:auto", "", context)
            decision = self.router.resolve(model="auto", unit="u-1", tenant=tenant, **request)
            assert details.value == (decision.model or "")
            assert details.reason == (Reason.TARGETING_MATCH if decision.model else Reason.ERROR)
            assert details.flag_metadata["status"] == decision.status

    def test_an_object_is_the_decision(self) -> None:
        decision = self.router.resolve(feature="kb-answer")
        assert self.client.get_object_value("kb-answer", {}) == decision.to_dict()

    def test_units_are_split_as_they_are(self) -> None:
        variants = set()
        for unit in map(str, range(50)):
            details = self.client.get_string_details("model:hermelin/assistant-plus", "", EvaluationContext(unit))
            decision = self.router.resolve(model="hermelin/assistant-plus", unit=unit)
            assert (details.value, details.variant) == (decision.model, decision.variant)
            assert details.reason == Reason.SPLIT
            variants.add(details.variant)
        assert len(variants) == 2

    def test_reasons(self) -> None:
        assert self.client.get_string_details("support-chat", "").reason == Reason.STATIC
        assert self.client.get_string_details("nobody-declares", "").reason == Reason.DEFAULT
        tenant = EvaluationContext(attributes={"tenant": self.router.facts.tenants[0]})
        assert self.client.get_string_details("support-chat", "", tenant).reason == Reason.TARGETING_MATCH
        ignored = EvaluationContext(attributes={"min_quality": "high", "tenant": [1]})
        assert self.client.get_string_details("support-chat", "", ignored).reason == Reason.STATIC

    def test_errors_give_the_default(self) -> None:
        rejected = self.client.get_string_details("model:preview/nimbus", "mine")
        assert (rejected.value, rejected.error_code) == ("mine", ErrorCode.GENERAL)
        assert rejected.error_message == "rejected_experiment"
        unknown = self.client.get_string_details("model:nobody", "mine")
        assert (unknown.value, unknown.error_code) == ("mine", ErrorCode.FLAG_NOT_FOUND)
        assert self.client.get_boolean_details("support-chat", True).error_code == ErrorCode.TYPE_MISMATCH
        assert self.client.get_integer_details("support-chat", 3).value == 3
        assert self.client.get_float_details("support-chat", 0.5).error_code == ErrorCode.TYPE_MISMATCH

    def test_odd_contexts_raise_nothing(self) -> None:
        for attributes in ({"tenant": 5}, {"min_quality": "high"}, {"capabilities": 3}, {"unit": "\ud800"}):
            details = self.client.get_string_details("support-chat", "", EvaluationContext("", attributes))
            assert details.error_code in (None, ErrorCode.GENERAL)

    def test_a_change_is_told(self) -> None:
        told: list[EventDetails] = []
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "routing_table.json"
            table.write_bytes(TABLE.read_bytes())
            provider = RoutecompProvider(table, fallback=FALLBACK)
            api.set_provider_and_wait(provider)
            api.add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, told.append)
            assert provider.reload()
            assert told == []
            table.write_bytes(TABLE.read_bytes().replace(b'"cooloff_s": 45', b'"cooloff_s": 46'))
            assert provider.reload()
            assert [event.provider_name for event in told] == ["routecomp"]
            assert "support-chat" in (told[0].flags_changed or [])
            table.write_bytes(b"{")
            assert not provider.reload()
            assert api.get_client().get_provider_status() == ProviderStatus.STALE
            assert api.get_client().get_string_value("support-chat", "") != ""

    def test_what_is_stale_becomes_ready_again(self) -> None:
        good, other = TABLE.read_bytes(), TABLE.read_bytes().replace(b'"cooloff_s": 45', b'"cooloff_s": 46')
        ready, stale = ProviderEvent.PROVIDER_READY, ProviderEvent.PROVIDER_STALE
        changed = ProviderEvent.PROVIDER_CONFIGURATION_CHANGED
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "routing_table.json"
            for bad in (b"{", None, b"[]"):
                for after, wanted in ((good, [stale, ready]), (other, [stale, ready, changed])):
                    with self.subTest(bad=bad, wanted=wanted):
                        table.write_bytes(good)
                        provider = Telling(table)
                        api.set_provider_and_wait(provider)
                        if bad is None:
                            table.unlink()
                        else:
                            table.write_bytes(bad)
                        assert not provider.reload()
                        assert not provider.reload()  # the same again is no news
                        assert api.get_client().get_provider_status() == ProviderStatus.STALE
                        table.write_bytes(after)
                        assert provider.reload()
                        assert provider.reload()
                        assert api.get_client().get_provider_status() == ProviderStatus.READY
                        assert provider.told == wanted

    def test_without_files_it_is_not_ready(self) -> None:
        with self.assertRaises(ProviderNotReadyError):  # noqa: PT027  # there is no pytest in this environment
            api.set_provider_and_wait(RoutecompProvider("/nowhere/routing_table.json"))
        details = api.get_client().get_string_details("support-chat", "mine")
        assert (details.value, details.reason) == ("mine", Reason.ERROR)
        assert details.error_code == ErrorCode.PROVIDER_NOT_READY

    def test_the_ladder_answers_without_a_table(self) -> None:
        api.set_provider_and_wait(RoutecompProvider("/nowhere/routing_table.json", fallback=FALLBACK))
        details = api.get_client().get_string_details("support-chat", "")
        assert details.reason == Reason.DEFAULT
        assert details.value == Router.from_bytes(None, FALLBACK.read_bytes()).resolve(feature="support-chat").model


if __name__ == "__main__":
    unittest.main()
