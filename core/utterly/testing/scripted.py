"""An engine that does what it is told: data in, coded tones and faults out."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias, TypeVar, cast

from utterly.audio import Audio
from utterly.engine_info import EngineInfo, Voice
from utterly.errors import ModelDownloadError, RequestCancelledError, UnsupportedError
from utterly.hookspecs import hookimpl
from utterly.testing.faults import Fault, FaultPlace, FaultScript
from utterly.testing.record import EngineRecord, ScriptedModel
from utterly.testing.scripted_audio import pieces, spoil, word_times
from utterly.testing.tones import tone

if TYPE_CHECKING:
    from utterly.audio import Samples
    from utterly.context import Context
    from utterly.request import SpeechRequest

SECONDS_PER_CHARACTER = 0.025
"""How long texts of 20 characters and more take: enough to be plausible in any script."""

MODEL_FILES = "scripted model files"
"""What `ensure_model` returns and `load` expects."""

MODEL_BYTES = 1_000_000
"""What fetching it counts up to, and removing it gives back."""

_HANG_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait within a hook, done by the blocking or the async engine in its own way."""

    seconds: float
    stubborn: bool = False


Value = TypeVar("Value")
Steps: TypeAlias = Generator[Pause, None, Value]
SpokenSteps: TypeAlias = Generator[Pause | Audio, None, None]


class ScriptedEngine(EngineRecord):
    """An engine whose every answer and every fault is given as data.

    Each segment is spoken as its coded tone (see `hear`), in pieces, with word timings. What is
    called is recorded in the attributes of `EngineRecord`. Used as a context manager, it ends its
    hangs on the way out::

        with ScriptedEngine(Fault("load", error=MemoryError), name="first") as engine:
            ...

    Args:
        faults: What goes wrong.
        name: Its title.
        is_async: Whether its hooks are `async def`.
        sample_rate: Frames per second, 16,000 or more.
        seconds: Length of a text under 20 characters at speed 1; longer ones take at least
            `SECONDS_PER_CHARACTER` for each.
        chunk: Length of its pieces in seconds.
        voices: `None` for two, `first` and `second`, that speak all its languages.
        languages: As in `EngineInfo`, like the next five.
        features: `speed` and `volume` have an effect; others are only listed.
        concurrency: How many segments at the same time.
        kind: `"local"` or `"cloud"`.
        settings: The settings class.
        longest_segment: Most characters at once.
        delay: Seconds before the first audio of each segment.
        model_present: Whether its model is there, or `ensure_model` has to fetch it.
        model_size: As in `EngineInfo`.

    Attributes:
        model_present: The same, as things are now.
    """

    utterly_api = 1
    _forms: ClassVar[dict[str, type[ScriptedEngine]]] = {}

    def __new__(cls, *faults: Fault, is_async: bool = False, **_options: Any) -> Self:
        """Choose the blocking or the async hooks, which `scripted_hooks` registers here."""
        if cls is not ScriptedEngine:
            return super().__new__(cls)
        returns_none = any(fault.kind == "none" for fault in faults)
        form = "blocking" if not is_async else "coroutine" if returns_none else "async"
        return cast("Self", super().__new__(cls._forms[form]))

    def __init_subclass__(cls, *, form: str = "", **options: Any) -> None:
        """Register a form of the hooks under its name."""
        super().__init_subclass__(**options)
        if form:
            ScriptedEngine._forms[form] = cls

    def __init__(
        self,
        *faults: Fault,
        name: str = "scripted",
        is_async: bool = False,  # noqa: ARG002  # read by __new__
        sample_rate: int = 24_000,
        seconds: float = 0.3,
        chunk: float = 0.1,
        voices: tuple[Voice, ...] | None = None,
        languages: tuple[str, ...] = ("en",),
        features: tuple[str, ...] = ("speed", "volume"),
        concurrency: int = 4,
        kind: Literal["local", "cloud"] = "local",
        settings: type[Any] | None = None,
        longest_segment: int | None = None,
        delay: float = 0.0,
        model_present: bool = True,
        model_size: int | None = None,
    ) -> None:
        super().__init__()
        self.info = EngineInfo(
            title=name,
            kind=kind,
            languages=languages,
            sample_rate=sample_rate,
            features=features,
            longest_segment=longest_segment,
            concurrency=concurrency,
            settings=settings,
            licence="MIT",
            runtime_licences=("MIT",),
            model_size=model_size,
        )
        default_voices = (Voice("first", languages), Voice("second", languages))
        self.voice_list = default_voices if voices is None else voices
        self._script = FaultScript(faults)
        self._seconds = seconds
        self._chunk = chunk
        self._delay = delay
        self._released = Flag()
        self.model_present = model_present

    def release(self) -> None:
        """End every hang and stall, now and from now on."""
        self._released.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts; the one hook that is never async."""
        for pause in self._meet("describe", None):
            self._rest(pause)
        return self.info

    def _rest(self, pause: Pause) -> None:
        """Wait as a blocking hook does; a released engine does not."""
        self._released.wait(pause.seconds)

    def _list_voices(self, context: Context) -> Steps[tuple[Voice, ...]]:
        yield from self._meet("voices", context)
        return self.voice_list

    def _ensure_model(self, context: Context) -> Steps[str]:
        yield from self._meet("ensure_model", context)
        if not self.model_present and context.offline:
            raise ModelDownloadError("the model is not here, and offline is set")
        if not self.model_present:
            context.progress(MODEL_BYTES, MODEL_BYTES, "model")
            self.model_present = True
        return MODEL_FILES

    def _remove_model(self, context: Context) -> Steps[int]:
        yield from self._meet("remove_model", context)
        freed, self.model_present = MODEL_BYTES * self.model_present, False
        return freed

    def _load(self, model_files: str, context: Context) -> Steps[ScriptedModel]:
        if model_files != MODEL_FILES:
            self.misuses.append(f"load with model files {model_files!r}")
        yield from self._meet("load", context)
        return self._record_load()

    def _unload(self, model: ScriptedModel, context: Context) -> Steps[None]:
        self._record_unload(model)
        yield from self._meet("unload", context)

    def _meet(self, place: FaultPlace, context: Context | None) -> Steps[None]:
        """Record a call, and do what the script has for it."""
        self.calls.append((place, None))
        if fault := self._script.strike(place):
            yield from self._fail(fault, context)

    def _fail(self, fault: Fault, context: Context | None) -> Steps[None]:
        if fault.kind == "raise":
            raise fault.new_error()
        fault.take_process()
        if fault.kind not in ("hang", "stall"):
            return
        while not self._released.is_set():
            if context and context.cancelled() and not fault.stubborn:
                raise RequestCancelledError("cancelled")
            yield Pause(_HANG_SECONDS, fault.stubborn)

    def _next_fault(self, request: SpeechRequest) -> Fault | None:
        """Record a call of `synthesize`, and look up what the script has for it."""
        self.calls.append(("synthesize", request.text))
        self.requests.append(request)
        return self._script.strike("before_audio", "after_audio", text=request.text)

    def _speak(
        self, model: ScriptedModel, request: SpeechRequest, fault: Fault | None, context: Context
    ) -> SpokenSteps:
        with self._record_speaking(model):
            self._check(request)
            if self._delay:
                yield Pause(self._delay)
            before, rest = self._say(request, fault.strikes_after if fault else 0.0)
            if fault:
                yield from before
                yield from self._fail(fault, context)
                rest = spoil(rest, fault)
            yield from rest

    def _check(self, request: SpeechRequest) -> None:
        names = {voice.id for voice in self.voice_list} or {"default"}
        if request.voice not in names:
            raise UnsupportedError(f"no voice {request.voice!r}; there are {sorted(names)}")
        spoken = {language.split("-")[0] for language in self.info.languages}
        if request.language.split("-")[0] not in spoken:
            raise UnsupportedError(f"{request.language} is none of its languages")

    def _say(self, request: SpeechRequest, after: float) -> tuple[Iterator[Audio], Iterator[Audio]]:
        """The audio of a segment, in pieces: up to `after` seconds, and from there on."""
        samples = request.volume * self.speak(request.text, speed=request.speed)
        border = min(round(after * self.info.sample_rate), len(samples))
        words = word_times(request.text, len(samples) / self.info.sample_rate)
        whole = Audio(samples, self.info.sample_rate, words)
        return (
            pieces(whole, self._chunk, 0, border),
            pieces(whole, self._chunk, border, len(samples)),
        )

    def speak(self, text: str, *, speed: float = 1.0) -> Samples:
        """The whole audio of a text, at volume 1."""
        plausible = SECONDS_PER_CHARACTER * len(text) if len(text) >= 20 else 0.0
        seconds = max(self._seconds, plausible) / speed
        return tone(text, sample_rate=self.info.sample_rate, seconds=seconds)
