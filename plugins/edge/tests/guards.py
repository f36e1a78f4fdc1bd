"""Every guard between Edge's service and the listener, and the test that would miss it."""

from __future__ import annotations

from functools import partial

from tests.faults.guards import Guard

AUDIO = "plugins/edge/tests/test_audio.py"
CHAIN = "plugins/edge/tests/test_chain.py"
FAULTS = "plugins/edge/tests/test_faults.py"
HANGS = "plugins/edge/tests/test_hangs.py"
LONG_TEXTS = "plugins/edge/tests/test_long_texts.py"
NETWORK = "plugins/edge/tests/test_network.py"
SAFETY = "plugins/edge/tests/test_safety.py"
STREAMING = "plugins/edge/tests/test_streaming.py"
VOICES = "plugins/edge/tests/test_voices.py"
WORDS = "plugins/edge/tests/test_words.py"

_edge = partial(Guard, package="utterly_edge")


def _sweep(fault: str) -> str:
    """The test of every fault in a chain, for one of them."""
    return f"test_next_engine_stands_in[{fault}]"


WHOLENESS = (
    _edge(
        "a connection that closes is not a sentence that ends",
        "_synthesis.py",
        'if state["cumulative_audio_bytes"] != received:',
        "if False:",
        CHAIN,
        _sweep("close_mid_stream"),
    ),
    _edge(
        "the end of a turn is asked for, although all the audio is there",
        "_synthesis.py",
        "        _check_whole(self._communicate.state, self._received)\n",
        "",
        CHAIN,
        _sweep("close_before_end"),
    ),
    _edge(
        "MP3 that ends within a frame is not whole",
        "_audio.py",
        "        if self._data:\n",
        "        if False:\n",
        CHAIN,
        _sweep("cut_frame"),
    ),
    _edge(
        "only MP3 of the service's kind is audio",
        "_audio.py",
        "if not data.startswith(_HEADERS, start):",
        "if False:",
        AUDIO,
        "test_mp3_of_another_kind_is_refused",
    ),
    _edge(
        "MP3 that cannot be decoded is not audio",
        "_audio.py",
        "except miniaudio.DecodeError as error:",
        "except ZeroDivisionError as error:",
        AUDIO,
        "test_nothing_that_can_be_decoded_is_no_audio",
    ),
    _edge(
        "nor is MP3 that can be decoded in part",
        "_audio.py",
        "if len(samples) < frames * FRAME_SAMPLES:",
        "if False:",
        CHAIN,
        _sweep("damaged_mp3"),
    ),
    _edge(
        "missing words are warned of",
        "_synthesis.py",
        "elif not tracker.covers_text():",
        "elif False:",
        FAULTS,
        "test_early_end_is_warned_of",
    ),
)

WAITS = (
    _edge(
        "the first word of an answer comes in time",
        "_synthesis.py",
        "messages(answer, settings.answer_seconds, settings.idle_seconds)",
        "messages(answer, 1e6, settings.idle_seconds)",
        HANGS,
        "test_hang_of_the_service_ends_at_the_deadline[hang_after_start]",
    ),
    _edge(
        "so does each word after it",
        "_messages.py",
        'self.expect("streaming", self._idle_seconds)',
        'self.expect("streaming", 1e6)',
        HANGS,
        "test_hang_of_the_service_ends_at_the_deadline[hang_mid_stream]",
    ),
    _edge(
        "no wait is without an end, although the service answers",
        "_messages.py",
        "self._clock = loop.call_later(seconds, self._give_up, stage, seconds)",
        "self._clock = loop.call_later(1e6, self._give_up, stage, seconds)",
        CHAIN,
        "test_healthy_service_speaks_every_word",
    ),
    _edge(
        "the list of voices comes in time",
        "_engine.py",
        "asyncio.timeout(self.settings.answer_seconds)",
        "asyncio.timeout(None)",
        VOICES,
        "test_failed_refresh_keeps_what_there_was[list_hang]",
    ),
    _edge(
        "a polite close is cut short",
        "_messages.py",
        "    while not task.done():\n",
        "    if not task.done():\n",
        STREAMING,
        "test_source_that_resists_is_stopped",
    ),
    _edge(
        "a connection is cut, whatever the other side does",
        "_connection.py",
        "            transport.abort()\n",
        "            pass\n",
        STREAMING,
        "test_leaving_does_not_wait_for_a_dead_connection",
    ),
)

MEANINGS = (
    _edge(
        "an HTTP status has its meaning",
        "_faults.py",
        "(aiohttp.ClientResponseError, lambda error: _of_status(error.status, error.headers)),",
        "",
        CHAIN,
        _sweep("too_many_requests"),
    ),
    _edge(
        "an error of the library's has its meaning",
        "_faults.py",
        "(EdgeTTSException, _of_library),",
        "",
        CHAIN,
        _sweep("no_audio"),
    ),
    _edge(
        "a connection that is not made has its meaning",
        "_faults.py",
        "(aiohttp.ClientConnectorError, _of_connection),",
        "",
        NETWORK,
        "test_nobody_there_may_pass",
    ),
    _edge(
        "the library's own time limit has its meaning",
        "_faults.py",
        "(TimeoutError, _of_time),",
        "",
        HANGS,
        "test_hang_of_the_list_ends_at_the_deadline",
    ),
    _edge(
        "a broken connection has its meaning",
        "_faults.py",
        "((aiohttp.ClientError, OSError), _of_network),",
        "",
        CHAIN,
        _sweep("reset_before_handshake"),
    ),
    _edge(
        "a malformed answer has its meaning",
        "_faults.py",
        "((KeyError, TypeError, ValueError), lambda error: unknown_answer(type(error).__name__)),",
        "",
        CHAIN,
        _sweep("bad_json"),
    ),
    _edge(
        "a refusal without the time is told from a fault",
        "_faults.py",
        "if isinstance(error, SkewAdjustmentError):",
        "if False:",
        CHAIN,
        _sweep("forbidden_bad_date"),
    ),
    _edge(
        "no audio may pass, an unknown answer does not",
        "_faults.py",
        "if isinstance(error, NoAudioReceived):",
        "if False:",
        CHAIN,
        _sweep("no_audio"),
    ),
    _edge(
        "a certificate that is not trusted is for the user",
        "_faults.py",
        "if isinstance(error, aiohttp.ClientSSLError):",
        "if False:",
        NETWORK,
        "test_strange_certificate_is_refused",
    ),
    _edge(
        "a proxy that is away is told from the service",
        "_faults.py",
        "if isinstance(error, aiohttp.ClientProxyConnectionError):",
        "if False:",
        NETWORK,
        "test_proxy_that_is_not_there_may_pass",
    ),
    _edge(
        "a name that is not found is told from the service",
        "_faults.py",
        "if isinstance(error, aiohttp.ClientConnectorDNSError):",
        "if False:",
        NETWORK,
        "test_name_that_is_not_found_may_pass",
    ),
    _edge(
        "a refusal is for the user",
        "_faults.py",
        "if status == 403:",
        "if False:",
        CHAIN,
        _sweep("forbidden"),
    ),
    _edge(
        "a proxy's password is for the user",
        "_faults.py",
        "if status == 407:",
        "if False:",
        NETWORK,
        "test_proxy_without_its_password_is_for_the_user",
    ),
    _edge(
        "too many requests are no fault of the service",
        "_faults.py",
        "if status == 429:",
        "if False:",
        CHAIN,
        _sweep("too_many_requests"),
    ),
    _edge(
        "the time to wait is the service's",
        "_faults.py",
        "retry_after=_retry_after(headers)",
        "retry_after=None",
        FAULTS,
        "test_time_to_wait_is_handed_on",
    ),
    _edge(
        "a fault of the service's may pass",
        "_faults.py",
        "if status >= 500:",
        "if False:",
        CHAIN,
        _sweep("server_error"),
    ),
    _edge(
        "a log-in page is told from the service",
        "_faults.py",
        "if status == 200:",
        "if False:",
        FAULTS,
        "test_log_in_page_is_named",
    ),
    _edge(
        "a voice that the service has given up is told from no audio",
        "_synthesis.py",
        "            await self._look_for_voice(error)\n",
        "",
        FAULTS,
        "test_voice_that_is_gone_is_unsupported",
    ),
    _edge(
        "a list that cannot be had is no proof against a voice",
        "_synthesis.py",
        "if voices and self._voice.id not in",
        "if self._voice.id not in",
        FAULTS,
        "test_list_that_cannot_be_had_changes_nothing[list_error]",
    ),
    _edge(
        "a clock that was set in vain is set back",
        "_synthesis.py",
        "            DRM.clock_skew_seconds = skew\n",
        "            pass\n",
        FAULTS,
        "test_correction_that_did_not_help_is_taken_back",
    ),
    _edge(
        "the library's second connection finds its connector open",
        "_connection.py",
        '        """Do nothing when a session ends."""\n',
        "        await super().close()\n",
        FAULTS,
        "test_clock_that_is_wrong_is_allowed_for",
    ),
)

TIMES = (
    _edge(
        "the encoder's silence is taken off",
        "_audio.py",
        "self._delay = ENCODER_DELAY",
        "self._delay = 0",
        LONG_TEXTS,
        "test_words_are_timed_across_turns",
    ),
    _edge(
        "a frame is decoded together with those before it",
        "_audio.py",
        "self._context = whole[-_CONTEXT * FRAME_BYTES :]",
        'self._context = b""',
        LONG_TEXTS,
        "test_decoding_in_batches_is_seamless",
    ),
    _edge(
        "the words of a second message come after those of the first",
        "_synthesis.py",
        "self._start + start, duration",
        "start, duration",
        LONG_TEXTS,
        "test_words_are_timed_across_turns",
    ),
    _edge(
        "the library is asked for words",
        "_synthesis.py",
        '            boundary="WordBoundary",\n',
        "",
        LONG_TEXTS,
        "test_words_are_timed_across_turns",
    ),
    _edge(
        "no word begins before the one in front of it",
        "_words.py",
        "start = max(start, self._last)",
        "pass",
        WORDS,
        "test_words_never_go_back",
    ),
    _edge(
        "no word ends after the audio",
        "_words.py",
        "min(w.start, end), min(w.end, end)",
        "w.start, w.end",
        WORDS,
        "test_no_word_is_later_than_the_audio",
    ),
    _edge(
        "a word that is not in the text is left out",
        "_words.py",
        "        if place < 0:\n            return\n",
        "",
        WORDS,
        "test_word_that_is_not_in_the_text_is_left_out",
    ),
)

SAFETIES = (
    _edge(
        "only a listed voice is asked for",
        "_voices.py",
        '    raise UnsupportedError(\n        f"Edge has no voice {name!r}{hint}; for',
        '    return Voice(name, ("en-US",))\n    raise UnsupportedError(\n        f"{name}{hint}',
        SAFETY,
        "test_strange_voice_reaches_nobody",
    ),
    _edge(
        "only a name of the known form is listed",
        "_voices.py",
        "if not (_LOCALE.fullmatch(locale) and _NAME.fullmatch(name)):",
        "if not short:",
        SAFETY,
        "test_odd_voices_of_a_list_are_left_out",
    ),
    _edge(
        "speed has limits",
        "_prosody.py",
        "min(max(request.speed, 0.5), 2.0)",
        "request.speed",
        SAFETY,
        "test_prosody_is_numbers_within_limits",
    ),
    _edge(
        "pitch has limits",
        "_prosody.py",
        "min(max(request.pitch, -12.0), 12.0)",
        "request.pitch",
        SAFETY,
        "test_prosody_is_numbers_within_limits",
    ),
    _edge(
        "what XML has no place for is not sent",
        "_text.py",
        'return _FORBIDDEN.sub(" ", text)',
        "return text",
        SAFETY,
        "test_characters_that_xml_lacks_are_left_out",
    ),
    _edge(
        "escaping counts for the length of a message",
        "_text.py",
        'return len(text.encode("utf-8")) + extra',
        'return len(text.encode("utf-8"))',
        SAFETY,
        "test_no_message_is_too_long[&]",
    ),
    _edge(
        "the length of a message is counted in bytes",
        "_text.py",
        'return len(text.encode("utf-8")) + extra',
        "return len(text) + extra",
        SAFETY,
        "test_no_message_is_too_long[Chinese]",
    ),
    _edge(
        "nobody is asked to speak punctuation",
        "_text.py",
        "if not is_silent(text[start:end]):",
        "if True:",
        SAFETY,
        "test_punctuation_alone_reaches_nobody",
    ),
    _edge(
        "an endpoint is a host and nothing else",
        "_settings.py",
        "if not _ENDPOINT.fullmatch(self.endpoint):",
        "if False:",
        NETWORK,
        "test_settings_are_checked",
    ),
    _edge(
        "the user is told where the text goes",
        "_engine.py",
        "        tell_destination(context.logger, engine, whose)\n",
        "",
        CHAIN,
        "test_command_tells_where_the_text_goes",
    ),
    _edge(
        "the user is told once",
        "_engine.py",
        "@cache  # so that it is told once in a process\n",
        "from functools import lru_cache\n\n@lru_cache(maxsize=0)\n",
        FAULTS,
        "test_privacy_is_told_once",
    ),
)

WAYS = (
    _edge(
        "the proxy of the environment is used",
        "_library.py",
        'found = proxies.get("https") or proxies.get("all")',
        "found = None",
        NETWORK,
        "test_proxy_of_the_environment_is_used",
    ),
    _edge(
        "a host may be excepted from the proxy",
        "_library.py",
        "if urllib.request.proxy_bypass(host):",
        "if False:",
        NETWORK,
        "test_proxy_is_passed_by_where_told_so",
    ),
    _edge(
        "a proxy that the library cannot use is for the user",
        "_library.py",
        'if found and not found.lower().startswith(("http://", "https://")):',
        "if False:",
        NETWORK,
        "test_proxy_of_another_kind_is_for_the_user",
    ),
    _edge(
        "one engine's endpoint and trust are no other's",
        "_library.py",
        "    spec.loader.exec_module(module)\n    return module\n",
        "    from importlib import import_module\n\n    return import_module(name)\n",
        NETWORK,
        "test_engines_do_not_share_an_endpoint",
    ),
    _edge(
        "an empty list is no list",
        "_engine.py",
        "        if not voices:\n",
        "        if False:\n",
        VOICES,
        "test_failed_refresh_keeps_what_there_was[list_empty]",
    ),
    _edge(
        "a damaged list is as none",
        "_voices.py",
        "except (OSError, ValueError):",
        "except OSError:",
        VOICES,
        "test_damaged_list_is_as_none",
    ),
    _edge(
        "a list that cannot be kept is still given",
        "_voices.py",
        "with suppress(OSError):",
        "with suppress(ZeroDivisionError):",
        VOICES,
        "test_list_without_a_place_is_still_given",
    ),
    _edge(
        "nobody is asked while offline",
        "__init__.py",
        "if context.refresh and not context.offline:",
        "if context.refresh:",
        VOICES,
        "test_offline_asks_nobody",
    ),
)

GUARDS = (*WHOLENESS, *WAITS, *MEANINGS, *TIMES, *SAFETIES, *WAYS)
