"""Every fault by its name, with what it does."""

from __future__ import annotations

FAULTS = {
    "forbidden": "403, always",
    "forbidden_bad_date": "403 with a Date that is none",
    "too_many_requests": "429 with Retry-After: 7",
    "server_error": "500",
    "not_found": "404",
    "web_page": "200 with a page of HTML, as behind a captive portal",
    "handshake_hang": "no answer to the handshake",
    "reset_before_handshake": "the connection is reset before the answer",
    "hang_after_start": "nothing after turn.start",
    "hang_mid_stream": "nothing after half the audio",
    "hang_before_end": "all the audio, then nothing",
    "close_mid_stream": "a clean close (1000) after half the audio",
    "error_mid_stream": "a close with 1011 after half the audio",
    "fin_mid_stream": "the connection ends after half the audio",
    "reset_mid_stream": "the connection is reset after half the audio",
    "close_before_end": "all the audio, then a close in place of turn.end",
    "early_turn_end": "turn.end after half the audio",
    "no_audio": "a turn without audio",
    "error_before_audio": "a close with 1011 before any audio",
    "invalid_before_audio": "a close with 1007 before any audio, the answer to bad SSML",
    "garbage_text": "a text message without headers",
    "garbage_binary": "a binary message without headers",
    "bad_json": "metadata that is no JSON",
    "missing_key": "metadata without its fields",
    "unknown_path": "a message with an unknown Path",
    "unknown_metadata": "metadata of an unknown type",
    "session_end_only": "metadata with nothing but SessionEnd",
    "bad_header_length": "a binary message whose head is longer than itself",
    "wrong_content_type": "audio that calls itself audio/wav",
    "one_byte": "a binary message of one byte",
    "huge_message": "a message beyond 4 MiB",
    "not_mp3": "audio that is no MP3",
    "damaged_mp3": "frames of MP3 with nothing in them that can be decoded",
    "cut_frame": "audio that ends within a frame, then turn.end",
    "pause_mid_stream": "half the audio, and the rest when `EdgeServer.go_on` is set",
}
"""What can go wrong while it speaks."""

LIST_FAULTS = {
    "list_error": "500",
    "list_page": "a page of HTML",
    "list_empty": "an empty list",
    "list_hang": "no answer",
}
"""What can go wrong with the list of voices."""

AT_HANDSHAKE = frozenset(tuple(FAULTS)[:8])
