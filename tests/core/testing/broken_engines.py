"""One deliberately broken engine for each check of the contract, and healthy ones; run by name."""

from __future__ import annotations

import atexit
import dataclasses
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

from utterly import Audio, EngineInfo, SpeechRequest, UnsupportedError, Voice, Word, hookimpl
from utterly.testing import EngineContract, ScriptedEngine, scripted_source, write_distribution
from utterly.testing.scripted_hooks import BlockingScriptedEngine

if TYPE_CHECKING:
    from utterly.context import Context
    from utterly.testing.record import ScriptedModel


class ChangedFacts(BlockingScriptedEngine):
    """States other facts than it should."""

    def __init__(self, **changes: Any) -> None:
        super().__init__()
        self.info = dataclasses.replace(self.info, **changes)


class MisspeltHook(BlockingScriptedEngine):
    """Has a hook that nobody calls."""

    @hookimpl
    def ensure_modle(self) -> None:
        """Meant to be `ensure_model`."""


class RestlessFacts(BlockingScriptedEngine):
    """Gives itself a new title each time."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count()

    @hookimpl
    def describe(self) -> EngineInfo:
        """Facts that are not static."""
        return dataclasses.replace(self.info, title=f"Number {next(self._numbers)}")


class OnlineVoices(BlockingScriptedEngine):
    """Asks the network for its voices, which offline it may not."""

    @hookimpl
    def voices(self, context: Context) -> tuple[Voice, ...]:
        """The voices, unless offline."""
        if context.offline:
            raise ConnectionError("no network")
        return self.voice_list


class ChangedAudio(BlockingScriptedEngine):
    """Does something to what it says."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """What is wrong with it; nothing by default."""
        del request
        return audio

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        """Audio with something wrong."""
        for audio in self._play(self._speak(model, request, None, context)):
            yield self.change(audio, request)


class OtherRate(ChangedAudio):
    """Speaks at another rate than it states."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """Every second sample."""
        del request
        return Audio(audio.samples[::2], audio.sample_rate // 2, audio.words)


class TooSoft(ChangedAudio):
    """Can hardly be heard."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """40 dB less."""
        del request
        return Audio(audio.samples / 100, audio.sample_rate, audio.words)


class TooShort(BlockingScriptedEngine):
    """Speaks any text in 130 ms."""

    def speak(self, text: str, *, speed: float = 1.0) -> Any:
        """The shortest tone there is, at any length of text."""
        return super().speak(text[:1], speed=speed)[: round(0.13 * self.info.sample_rate)]


class LateWords(ChangedAudio):
    """Gives word times in milliseconds."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """Seconds taken for milliseconds."""
        del request
        words = tuple(Word(word.text, 1000 * word.start, 1000 * word.end) for word in audio.words)
        return Audio(audio.samples, audio.sample_rate, words)


class AfraidOfEmoji(ChangedAudio):
    """Falls over characters that it does not know."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """A `UnicodeEncodeError`, as from a library with 8-bit text."""
        request.text.encode("utf-16-le" if request.text.isascii() else "ascii")
        return audio


class NoSpeed(ChangedAudio):
    """Lists `speed`, and speaks at its own."""

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        """Speech at speed 1."""
        request = dataclasses.replace(request, speed=1.0)
        return super().synthesize(model, request, context)


class NoVolume(ChangedAudio):
    """Lists `volume`, and speaks at its own."""

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        """Speech at volume 1."""
        request = dataclasses.replace(request, volume=1.0)
        return super().synthesize(model, request, context)


class NoSeed(ChangedAudio):
    """Lists `seed`, and never says a thing twice in the same way."""

    def __init__(self) -> None:
        super().__init__(features=("seed",))
        self._numbers = count(1)

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """A little less loud each time."""
        del request
        return Audio(audio.samples * 0.9999 ** next(self._numbers), audio.sample_rate)


class AnyVoice(ChangedAudio):
    """Speaks with its first voice if it does not know the one that is asked for."""

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        """Speech with a voice that nobody asked for."""
        if request.voice == "no-such-voice":
            request = dataclasses.replace(request, voice="first")
        return super().synthesize(model, request, context)


class AnyLanguage(ChangedAudio):
    """Reads out any language as English."""

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        """English, whatever it is."""
        if request.language == "x-none":
            request = dataclasses.replace(request, language="en", voice="first")
        return super().synthesize(model, request, context)


class OneThread(ChangedAudio):
    """Works in the thread that loaded it alone, as some libraries do."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """What a library says that is bound to its thread."""
        del request
        if current_thread() is not main_thread():
            raise RuntimeError("created in another thread")
        return audio


class Leaking(BlockingScriptedEngine):
    """Keeps 4 MB of every model."""

    kept: list[bytes]

    @hookimpl
    def load(self, model_files: str, context: Context) -> ScriptedModel:
        """A model that is never forgotten."""
        self.kept = [*getattr(self, "kept", []), b"\1" * 4_000_000]
        return self._finish(self._load(model_files, context))


class Unfinished(ChangedAudio):
    """Cannot go on after somebody stopped listening."""

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        """Speech that marks its model as busy, and forgets to clean up."""
        if ("busy", str(model)) in self.calls:
            raise RuntimeError("still busy")
        self.calls.append(("busy", str(model)))
        try:
            yield from super().synthesize(model, request, context)
        except UnsupportedError:
            self.calls.remove(("busy", str(model)))
            raise
        self.calls.remove(("busy", str(model)))


class Talkative(ChangedAudio):
    """Prints."""

    def change(self, audio: Audio, request: SpeechRequest) -> Audio:
        """A line that nobody asked for."""
        sys.stdout.write(f"speaking {len(request.text)} characters\n")
        return audio


@dataclass(frozen=True)
class OddSettings:
    """A type that no text can be read as."""

    replacements: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenKey:
    """A key that prints itself."""

    api_key: str | None = None


def installed_module(name: str, source: str) -> Any:
    """A module that can be imported, here and in another process."""
    folder = TemporaryDirectory(prefix="utterly-")
    atexit.register(folder.cleanup)
    write_distribution(Path(folder.name), name, source=source)
    sys.path.insert(0, folder.name)
    return import_module(name)


FIRST = Voice("first", ("en",))

BROKEN: dict[str, Any] = {
    "test_is_accepted": MisspeltHook(),
    "test_facts_are_sane": ScriptedEngine(features=("colour",)),
    "test_describe_repeats_itself": RestlessFacts(),
    "test_licences_are_stated": ChangedFacts(licence=""),
    "test_import_is_light": installed_module("utterly_heavy", "import numpy\n" + scripted_source()),
    "test_settings_can_be_filled": ScriptedEngine(settings=OddSettings),
    "test_keys_are_secret": ScriptedEngine(settings=OpenKey),
    "test_voice_ids_are_unique": ScriptedEngine(voices=(FIRST, FIRST)),
    "test_voice_ids_can_be_written": ScriptedEngine(voices=(FIRST, Voice("the second", ("en",)))),
    "test_voices_have_languages": ScriptedEngine(voices=(FIRST, Voice("second", ()))),
    "test_languages_have_voices": ScriptedEngine(languages=("en", "de"), voices=(FIRST,)),
    "test_voices_are_listed_offline": OnlineVoices(),
    "test_audio_is_as_declared": OtherRate(),
    "test_each_language_has_a_sane_level": TooSoft(),
    "test_each_language_has_a_plausible_length": TooShort(features=()),
    "test_word_times_fit": LateWords(),
    "test_survives_hostile_text": AfraidOfEmoji(),
    "test_speed_shortens_the_audio": NoSpeed(),
    "test_volume_changes_the_level": NoVolume(),
    "test_pitch_changes_the_sound": ScriptedEngine(features=("pitch",)),
    "test_seed_repeats_the_audio": NoSeed(),
    "test_unknown_voice_is_unsupported": AnyVoice(),
    "test_unknown_language_is_unsupported": AnyLanguage(),
    "test_threads_do_not_disturb_each_other": OneThread(),
    "test_loading_again_does_not_grow": Leaking(),
    "test_stopping_early_does_no_harm": Unfinished(concurrency=1),
    "test_prints_nothing": Talkative(),
}

HEALTHY: dict[str, Any] = {
    "blocking": ScriptedEngine(),
    "async": ScriptedEngine(is_async=True, languages=("en", "ja", "ar")),
    "module": installed_module("utterly_light", scripted_source()),
}

for name, engine in BROKEN.items():
    if isinstance(engine, ScriptedEngine):
        # There are many of these, and a long word takes long.
        engine.info = dataclasses.replace(engine.info, longest_segment=100)
    members = {"engine": engine, "growth_cycles": 5}
    globals()[f"Test_{name}"] = type(f"Test_{name}", (EngineContract,), members)

for name, engine in HEALTHY.items():
    globals()[f"Test_{name}"] = type(f"Test_{name}", (EngineContract,), {"engine": engine})
