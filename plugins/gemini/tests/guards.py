"""Every guard between Gemini's API and the listener, and the test that would miss it."""

from __future__ import annotations

from functools import partial

from tests.faults.guards import Guard

FAULTS = "plugins/gemini/tests/test_faults.py"
KEY = "plugins/gemini/tests/test_key.py"
PRIVACY = "plugins/gemini/tests/test_privacy.py"
REQUESTS = "plugins/gemini/tests/test_requests.py"
SOUND = "plugins/gemini/tests/test_sound.py"
TAMING = "plugins/gemini/tests/test_taming.py"

_gemini = partial(Guard, package="utterly_gemini")


def _sweep(fault: str, *, streams: bool = True) -> str:
    """The test of every fault in a chain, for one of them."""
    return f"test_second_engine_takes_over[{fault}, {'streamed' if streams else 'in one piece'}]"


WHOLENESS = (
    _gemini(
        "an answer ends with STOP or is not whole",
        "_answer.py",
        'if self._reason != "STOP":',
        "if False:",
        FAULTS,
        _sweep("no-stop"),
    ),
    _gemini(
        "an answer is looked at again when it has ended",
        "_synthesis.py",
        "    for audio in answer.finish():\n        yield audio\n",
        "",
        FAULTS,
        _sweep("other-midway"),
    ),
    _gemini(
        "an answer without audio is none",
        "_answer.py",
        "if not self._sound.frames:",
        "if False:",
        SOUND,
        "test_answer_without_audio_is_incomplete",
    ),
    _gemini(
        "a refused prompt is a refusal",
        "_answer.py",
        "if feedback is not None and feedback.block_reason:",
        "if False:",
        FAULTS,
        _sweep("blocked-prompt"),
    ),
    _gemini(
        "a refused answer is a refusal",
        "_answer.py",
        "if reason in _REFUSALS:",
        "if False:",
        FAULTS,
        _sweep("safety"),
    ),
    _gemini(
        "half a sample is no audio",
        "_sound.py",
        "        if self._pending:\n",
        "        if False:\n",
        FAULTS,
        _sweep("odd-pcm"),
    ),
    _gemini(
        "a WAV has what it says",
        "_sound.py",
        "if length is not None and self._taken < length:",
        "if False:",
        FAULTS,
        _sweep("cut-wav"),
    ),
    _gemini(
        "what follows the samples of a WAV is no sound",
        "_sound.py",
        "data = data[: form.length - self._taken]",
        "pass",
        SOUND,
        "test_what_follows_the_samples_is_no_sound",
    ),
    _gemini(
        "the bytes tell a WAV, not the type",
        "_sound.py",
        'if data.startswith(b"RIFF") and self._format is None:',
        "if False:",
        REQUESTS,
        "test_both_shapes_are_heard[0.0-gemini-3.8-flash-tts-wav]",
    ),
    _gemini(
        "audio of another type is not played",
        "_sound.py",
        "if kind.strip() not in _RAW_TYPES:",
        "if False:",
        FAULTS,
        _sweep("wrong-mime"),
    ),
    _gemini(
        "a WAV of another format is not played",
        "_sound.py",
        "if kind not in (_PCM, _EXTENSIBLE) or bits != 16:",
        "if False:",
        SOUND,
        "test_other_wav_is_refused",
    ),
    _gemini(
        "a rate that cannot be is refused",
        "_sound.py",
        "if not 8_000 <= rate <= 192_000 or not 1 <= channels <= 8:",
        "if False:",
        SOUND,
        "test_other_audio_is_refused",
    ),
    _gemini(
        "samples that are cut between two pieces are put together",
        "_sound.py",
        "        data = self._pending + data\n",
        "",
        SOUND,
        "test_pieces_may_be_cut_anywhere",
    ),
)

TAMED = (
    _gemini(
        "the library tries once",
        "_connection.py",
        "types.HttpRetryOptions(attempts=1)",
        "types.HttpRetryOptions(initial_delay=0.01, max_delay=0.01)",
        FAULTS,
        _sweep("unavailable"),
    ),
    _gemini(
        "the library uses no transport but ours",
        "_connection.py",
        "            httpx_async_client=transport,\n",
        "",
        TAMING,
        "test_aiohttp_is_not_used",
    ),
    _gemini(
        "the library does not ask for more by itself",
        "_synthesis.py",
        "            automatic_continuation=False,\n",
        "",
        TAMING,
        "test_answer_is_not_continued",
    ),
    _gemini(
        "the key goes to nobody else",
        "_connection.py",
        "follow_redirects=False,",
        "follow_redirects=True,",
        REQUESTS,
        "test_redirect_does_not_take_the_key_along",
    ),
    _gemini(
        "the environment does not lead to Vertex",
        "_connection.py",
        "vertexai=False, ",
        "",
        REQUESTS,
        "test_environment_leads_nowhere_else",
    ),
    _gemini(
        "the environment does not lead to another address",
        "_connection.py",
        "            base_url=settings.endpoint,\n",
        "",
        REQUESTS,
        "test_environment_leads_nowhere_else",
    ),
    _gemini(
        "the environment does not bring another key",
        "_connection.py",
        "api_key=key.reveal(), ",
        "",
        REQUESTS,
        "test_environment_leads_nowhere_else",
    ),
    _gemini(
        "a connection comes in time",
        "_connection.py",
        '"connect": settings.connect_seconds,',
        '"connect": None,',
        FAULTS,
        "test_hang_on_the_way_ends_by_the_engines_own_limit[unreachable]",
    ),
    _gemini(
        "a byte comes in time",
        "_connection.py",
        '"read": settings.read_seconds,',
        '"read": None,',
        FAULTS,
        "test_hang_ends_by_the_engines_own_limit[True-hang-midway]",
    ),
    _gemini(
        "the limits are those of every request",
        "_connection.py",
        'event_hooks={"request": [set_limits]},',
        "",
        TAMING,
        "test_connecting_has_a_limit_of_its_own",
    ),
    _gemini(
        "every connection is closed",
        "_connection.py",
        "        await self.transport.aclose()\n",
        "",
        FAULTS,
        _sweep("other"),
    ),
)

MEANINGS = (
    _gemini(
        "an error of the API has its meaning",
        "_failures.py",
        "if isinstance(error, errors.APIError):",
        "if False:",
        FAULTS,
        _sweep("rate-limited"),
    ),
    _gemini(
        "a connection that is silent has its meaning",
        "_failures.py",
        "if isinstance(error, httpx2.TimeoutException | TimeoutError):",
        "if False:",
        TAMING,
        "test_silence_is_told_from_a_break",
    ),
    _gemini(
        "a connection that breaks has its meaning",
        "_failures.py",
        "if isinstance(error, httpx2.TransportError | OSError):",
        "if False:",
        FAULTS,
        _sweep("reset"),
    ),
    _gemini(
        "broken base64 has its meaning",
        "_failures.py",
        "if isinstance(error, ValidationError):",
        "if False:",
        FAULTS,
        _sweep("garbage-base64"),
    ),
    _gemini(
        "too many requests are no fault",
        "_failures.py",
        "if error.code == 429:",
        "if False:",
        FAULTS,
        _sweep("rate-limited"),
    ),
    _gemini(
        "a fault of the service may pass",
        "_failures.py",
        "if error.code == 408 or error.code >= 500:",
        "if False:",
        FAULTS,
        _sweep("internal-error"),
    ),
    _gemini(
        "an answer that is not the API's is told from a refusal",
        "_failures.py",
        'if not isinstance(error.details, dict) or "error" not in error.details:',
        "if False:",
        FAULTS,
        _sweep("missing-page-html"),
    ),
    _gemini(
        "a bad key is a 400 too",
        "_failures.py",
        ' or any(detail.get("reason") in _BAD_KEY for detail in details)',
        "",
        FAULTS,
        _sweep("bad-key"),
    ),
    _gemini(
        "a refused key is for the user",
        "_failures.py",
        "if code in (401, 403) or",
        "if",
        FAULTS,
        _sweep("forbidden"),
    ),
    _gemini(
        "a model that is gone is for the user",
        "_failures.py",
        "if code == 404:",
        "if False:",
        FAULTS,
        _sweep("no-model"),
    ),
    _gemini(
        "a country that is left out is for the user",
        "_failures.py",
        'if status == "FAILED_PRECONDITION":',
        "if False:",
        FAULTS,
        _sweep("wrong-country"),
    ),
    _gemini(
        "a day's quota is told from a minute's",
        "_failures.py",
        'if any("perday" in str(quota.get("quotaId")).lower() for quota in quotas):',
        "if False:",
        FAULTS,
        _sweep("daily-quota"),
    ),
    _gemini(
        "no quota at all is told from one that is used up",
        "_failures.py",
        'if any(str(quota.get("quotaValue")) == "0" for quota in quotas):',
        "if False:",
        FAULTS,
        _sweep("no-quota"),
    ),
    _gemini(
        "the time to wait is the body's",
        "_failures.py",
        'delays = [_seconds(detail.get("retryDelay")) for detail in details]',
        "delays: list[float | None] = []",
        REQUESTS,
        "test_rate_limit_says_how_long[rate-limited-3.5]",
    ),
    _gemini(
        "or else the header's",
        "_failures.py",
        '    delays.append(_seconds(headers.get("retry-after")))\n',
        "",
        REQUESTS,
        "test_rate_limit_says_how_long[rate-limited-by-header-7.0]",
    ),
)

SECRETS = (
    _gemini(
        "what cannot be a key is never sent",
        "_key.py",
        "if not _KEY.match(key.reveal()):",
        "if False:",
        KEY,
        "test_malformed_key_is_refused_before_any_call",
    ),
    _gemini(
        "the library's error is not the cause of ours",
        "_synthesis.py",
        "failure = translate(error, connection.settings.model)",
        "raise translate(error, connection.settings.model) from error",
        KEY,
        "test_traceback_with_locals_has_no_key[bad-key]",
    ),
    _gemini(
        "nor is it its context",
        "_synthesis.py",
        "failure = translate(error, connection.settings.model)",
        "raise translate(error, connection.settings.model) from None",
        KEY,
        "test_traceback_with_locals_has_no_key[bad-key]",
    ),
    _gemini(
        "the frames of a connection do not travel with an error",
        "_synthesis.py",
        "raise error.with_traceback(None) from None",
        "raise",
        KEY,
        "test_error_of_an_answer_has_no_frames_of_the_librarys",
    ),
    _gemini(
        "a client is not shown",
        "_connection.py",
        "client: genai.Client = field(repr=False)",
        "client: genai.Client",
        KEY,
        "test_connection_shows_no_client",
    ),
    _gemini(
        "the key goes over TLS or not at all",
        "_settings.py",
        "        _check_endpoint(self.endpoint)\n",
        "",
        REQUESTS,
        "test_unsafe_endpoint_is_refused",
    ),
    _gemini(
        "a model is an id and nothing else",
        "_settings.py",
        "if not _MODEL.match(self.model):",
        "if False:",
        REQUESTS,
        "test_odd_model_is_refused",
    ),
    _gemini(
        "only a known voice is sent",
        "_voices.py",
        '    raise UnsupportedError(f"Gemini has no voice',
        '    return name\n    raise UnsupportedError(f"Gemini has no voice',
        REQUESTS,
        "test_unknown_voice_is_never_sent",
    ),
    _gemini(
        "the user is told where the text goes",
        "__init__.py",
        "    tell_destination(context.logger, engine, settings.destination)\n",
        "",
        PRIVACY,
        "test_command_tells_where_the_text_goes",
    ),
    _gemini(
        "the user is told once",
        "_connection.py",
        "@cache  # so that it is told once in a process\n",
        "from functools import lru_cache\n\n@lru_cache(maxsize=0)\n",
        PRIVACY,
        "test_destination_is_told_once",
    ),
)

QUIRKS = (
    _gemini(
        "long speech is not streamed",
        "_synthesis.py",
        "if estimate_seconds(text) > LONGEST_STREAMED:",
        "if False:",
        FAULTS,
        _sweep("other", streams=False),
    ),
    _gemini(
        "a style is not read out",
        "_synthesis.py",
        "if request.style and not model_of(name).takes_style:",
        "if False:",
        REQUESTS,
        "test_old_model_takes_no_style",
    ),
    _gemini(
        "a language that nobody speaks is not tried",
        "_synthesis.py",
        "    check_language(request.language)\n",
        "",
        REQUESTS,
        "test_unknown_language_is_never_sent",
    ),
)

GUARDS = (*WHOLENESS, *TAMED, *MEANINGS, *SECRETS, *QUIRKS)
