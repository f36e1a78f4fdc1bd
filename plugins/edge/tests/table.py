"""What each fault of the server is to bring about."""

from __future__ import annotations

from utterly import (
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    InvalidAudioError,
    RateLimitedError,
    StageTimeoutError,
    TransientEngineError,
)

EXPECTED: dict[str, type[EngineError]] = {
    "forbidden": EngineUnavailableError,
    "forbidden_bad_date": EngineUnavailableError,
    "too_many_requests": RateLimitedError,
    "server_error": TransientEngineError,
    "not_found": InvalidAudioError,
    "web_page": InvalidAudioError,
    "handshake_hang": StageTimeoutError,
    "reset_before_handshake": TransientEngineError,
    "hang_after_start": StageTimeoutError,
    "hang_mid_stream": StageTimeoutError,
    "hang_before_end": StageTimeoutError,
    "close_mid_stream": IncompleteAudioError,
    "error_mid_stream": IncompleteAudioError,
    "fin_mid_stream": IncompleteAudioError,
    "reset_mid_stream": IncompleteAudioError,
    "close_before_end": IncompleteAudioError,
    "no_audio": TransientEngineError,
    "error_before_audio": TransientEngineError,
    "invalid_before_audio": TransientEngineError,
    "garbage_text": InvalidAudioError,
    "garbage_binary": InvalidAudioError,
    "bad_json": InvalidAudioError,
    "missing_key": InvalidAudioError,
    "unknown_path": InvalidAudioError,
    "unknown_metadata": InvalidAudioError,
    "session_end_only": InvalidAudioError,
    "bad_header_length": InvalidAudioError,
    "wrong_content_type": InvalidAudioError,
    "one_byte": InvalidAudioError,
    "huge_message": InvalidAudioError,
    "not_mp3": InvalidAudioError,
    "damaged_mp3": InvalidAudioError,
    "cut_frame": InvalidAudioError,
}
"""The error of the engine, by the fault. Two faults are none to it: a pause, and an early end that
the service itself declares."""

NO_ERRORS = {"pause_mid_stream", "early_turn_end"}

ATTEMPTS: dict[type[EngineError], int] = {TransientEngineError: 3, IncompleteAudioError: 2}
"""How often the engine is tried before the next one speaks; once where the class is not named."""

HEALTH: dict[type[EngineError], str] = {
    EngineUnavailableError: "disabled",
    RateLimitedError: "open",
    StageTimeoutError: "open",
    TransientEngineError: "open",
}
"""What becomes of its health; the others are counted, and one or two are not enough."""
