"""List the words that LiteLLM knows as values of a setting."""

from __future__ import annotations

STRATEGIES = (
    "simple-shuffle",
    "least-busy",
    "latency-based-routing",
    "cost-based-routing",
    "usage-based-routing-v2",
    "usage-based-routing",
    "provider-budget-routing",
    "lar1",
)
MODES = (
    *("chat", "completion", "responses", "embedding", "rerank", "image_generation", "image_edit", "moderation"),
    *("audio_transcription", "audio_speech", "realtime", "video_generation", "batch", "ocr", "search", "vector_store"),
)
PRE_CALL_CHECKS = (
    *("prompt_caching", "router_budget_limiting", "responses_api_deployment_check", "deployment_affinity"),
    *("session_affinity", "forward_client_headers_by_model_group", "enforce_model_rate_limits"),
    "encrypted_content_affinity",
)
OTHER_MODES = {
    **dict.fromkeys(("tts", "speech", "text-to-speech", "text_to_speech"), "audio_speech"),
    **dict.fromkeys(("stt", "asr", "whisper", "transcription", "speech-to-text"), "audio_transcription"),
    **dict.fromkeys(("image", "images", "text-to-image"), "image_generation"),
    **dict.fromkeys(("video", "text-to-video"), "video_generation"),
    **dict.fromkeys(("llm", "text", "chat_completion", "vision"), "chat"),
}
"""What people write for a mode of a model, although it is not near in spelling."""
