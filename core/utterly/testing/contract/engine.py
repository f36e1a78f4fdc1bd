"""The engine that a contract is held against, as its checks handle it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from utterly.context import Context
from utterly.isolation_settings import IsolationSettings
from utterly.languages import default_voice
from utterly.plugins import Engine, Plugins
from utterly.request import SpeechRequest
from utterly.settings import SettingsLayer, fill_settings
from utterly.testing.bridge import Bridge
from utterly.testing.sentences import sentence_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from utterly.audio import Audio, Word
    from utterly.engine_info import EngineInfo, Voice

REGISTERED_NAME = "engine_under_test"


@dataclass(frozen=True, eq=False)
class Spoken:
    """One segment as an engine spoke it, right or wrong."""

    pieces: tuple[Audio, ...]

    @property
    def sample_rate(self) -> int:
        """Of the first piece; 0 where there is none."""
        return self.pieces[0].sample_rate if self.pieces else 0

    @property
    def duration(self) -> float:
        """Seconds."""
        return sum(piece.duration for piece in self.pieces)

    @property
    def words(self) -> tuple[Word, ...]:
        """In the order they were yielded."""
        return tuple(word for piece in self.pieces for word in piece.words)

    @cached_property
    def samples(self) -> NDArray[Any]:
        """All pieces, end to end."""
        arrays = [np.asarray(piece.samples) for piece in self.pieces]
        return np.concatenate(arrays) if arrays else np.zeros(0, np.float32)

    @property
    def level(self) -> float:
        """RMS in dBFS over the whole segment."""
        power = float(np.mean(self.samples.astype(np.float64) ** 2)) if len(self.samples) else 0.0
        return 10 * float(np.log10(max(power, 1e-20)))


class EngineUnderTest:
    """An engine, its settings, and ways to have it speak.

    Args:
        target: Name of an installed engine, or a plugin object.
        settings: Values for its settings; whatever is in the environment plays no part.
        sentences: What to say in a language, where the built-in sentence will not do.
        isolation: Where its hooks run; `"process"` is for an installed engine.

    Raises:
        PluginError: The engine is refused.
    """

    def __init__(
        self,
        target: Any,
        settings: Mapping[str, Any],
        sentences: Mapping[str, str],
        isolation: Literal["none", "process"],
    ) -> None:
        name = target if isinstance(target, str) else REGISTERED_NAME
        plugins = Plugins()
        if not isinstance(target, str):
            plugins.register_engine(target, name)
        self.plugin = plugins.engine(name)
        layer = SettingsLayer.of(settings, "argument")
        filled = fill_settings(self.info.settings, name, layer)
        self._runner: Engine = self.plugin
        if isolation == "process":
            self._runner = _isolate(name, plugins, layer)
        self._bridge = Bridge(self._runner, engine=name, settings=filled.value)
        self._sentences = sentences

    @property
    def info(self) -> EngineInfo:
        """What it says of itself."""
        return self.plugin.info

    def voices(self, context: Context | None = None) -> tuple[Voice, ...]:
        """What the hook lists; nothing where there is no such hook."""
        if not self.plugin.has("voices"):
            return ()
        return tuple(self._bridge.items("voices", context=context or Context()))

    @contextmanager
    def loaded(self) -> Iterator[Loaded]:
        """The engine ready to speak, with a model of its own, given back at the end."""
        context = Context()
        model_files = self._bridge.call("ensure_model", context=context)
        model = self._bridge.call("load", model_files=model_files, context=context)
        try:
            yield Loaded(self, self._bridge, model)
        finally:
            self._bridge.call("unload", model=model, context=context)

    def request(self, text: str | None = None, language: str = "", **asked: Any) -> SpeechRequest:
        """Ask for a text in a language, the engine's first by default, with a voice for it."""
        language = language or self.info.languages[0]
        voice = default_voice(self._voices, language)
        asked.setdefault("voice", voice.id if voice else "default")
        text = self.sentence(language) if text is None else text
        return SpeechRequest(text, language=language, **asked)

    def sentence(self, language: str = "") -> str:
        """Something to say in a language."""
        language = language or self.info.languages[0]
        return self._sentences.get(language) or sentence_in(language)

    def has_voice_for(self, language: str) -> bool:
        """Whether the language can be asked for."""
        return not self.plugin.has("voices") or bool(default_voice(self._voices, language))

    @cached_property
    def _voices(self) -> tuple[Voice, ...]:
        return self.voices()

    def close(self) -> None:
        """Give the event loop and the process back."""
        self._bridge.close()
        self._runner.close()


def _isolate(name: str, plugins: Plugins, layer: SettingsLayer) -> Engine:
    """The engine in a process of its own."""
    from utterly.isolation.engine import IsolatedEngine
    from utterly.isolation.launch import Launch

    group, settings = plugins.engines, IsolationSettings("process")
    launch = Launch(name, group.entry(name), (layer,), settings, group.import_seconds)
    return IsolatedEngine(launch, lambda _event: None)


@dataclass(frozen=True, eq=False)
class Loaded:
    """An engine with its model in memory."""

    engine: EngineUnderTest
    bridge: Bridge
    model: Any

    def pieces(self, request: SpeechRequest) -> Generator[Audio, None, None]:
        """The audio of one segment as it comes."""
        return self.bridge.items("synthesize", model=self.model, request=request, context=Context())

    def speak(self, request: SpeechRequest) -> Spoken:
        """One segment, whole."""
        with closing(self.pieces(request)) as pieces:
            return Spoken(tuple(pieces))

    def say(self, text: str | None = None, language: str = "", **asked: Any) -> Spoken:
        """Ask and speak in one; without a text, the sample sentence."""
        return self.speak(self.engine.request(text, language, **asked))
