"""The contract between Utterly and its plugins.

An engine is a module, or an object, with `utterly_api = 1` and some of the hooks of `EngineSpecs`
marked with `@hookimpl`; only `describe` and `synthesize` are required. A hook names just the
arguments it wants, each without a default. Every engine hook but `describe` may be `async def`.
Extensions implement `ExtensionSpecs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable, Iterator

    from utterly.audio import Audio, AudioChunk
    from utterly.context import Context
    from utterly.engine_info import EngineInfo, Voice
    from utterly.events import Event
    from utterly.request import SpeechRequest

UTTERLY_API = 1
"""The version of this contract; a plugin says which one it was written for as `utterly_api`."""

hookspec = pluggy.HookspecMarker("utterly")
"""Marks the functions of this contract."""

hookimpl = pluggy.HookimplMarker("utterly")
"""Marks a plugin's function as the hook of its name: write `@hookimpl` above it."""


class EngineSpecs:
    """What an engine does. Each hook is called for exactly one engine."""

    @hookspec(firstresult=True)
    def describe(self) -> EngineInfo:  # type: ignore[empty-body]  # a specification has no body
        """State the engine's facts, without disk, network or a heavy import.

        Required. Called once when the plugin is read.
        """

    @hookspec(firstresult=True)
    def voices(self, engine: str, settings: Any, context: Context) -> Iterable[Voice]:  # type: ignore[empty-body]  # as above
        """List the voices, offline unless `context.refresh` is set.

        The first voice that speaks a language is the engine's default for it. An engine without
        this hook has one voice, `"default"`.

        Args:
            engine: The configured name.
            settings: The engine's settings, filled in.
            context: Of this call.
        """

    @hookspec(firstresult=True)
    def explain_setup(self, engine: str, settings: Any, context: Context) -> str:  # type: ignore[empty-body]  # as above
        """Say what the engine would work with on this machine, and why, in one line.

        For engines that choose between ways of their own. It is asked where engines are listed, in
        a process that ends afterwards, so that it loads no model and none of the large libraries.

        Args:
            engine: The configured name.
            settings: The engine's settings, filled in.
            context: Of this call; it is offline.

        Raises:
            EngineUnavailableError: The settings ask for what is not there.
        """

    @hookspec(firstresult=True)
    def ensure_model(self, engine: str, settings: Any, context: Context) -> Any:
        """Have every file that `load` and each listed voice need, verified.

        Idempotent, and safe in several processes at once. An engine without files leaves it out.
        `context.progress` counts bytes here, with what is being fetched or checked as its note, and
        at last how many are on the disk. With `context.refresh`, nothing counts that was verified
        before.

        Returns:
            The model files, in whatever shape `load` wants them.

        Raises:
            ModelDownloadError: They cannot be fetched, or are not there while `context.offline`.
            EngineUnavailableError: Something is missing that only the user can bring.
        """

    @hookspec(firstresult=True)
    def remove_model(self, engine: str, settings: Any, context: Context) -> int | None:
        """Delete what `ensure_model` has fetched, to give the disk space back.

        Idempotent: nothing there is nothing to do. Called only when the user asks for it. An engine
        without files leaves it out.

        Returns:
            How many bytes were freed, `None` where that is not known.

        Raises:
            EngineUnavailableError: The files are in use, or belong to somebody else.
        """

    @hookspec(firstresult=True)
    def load(self, engine: str, settings: Any, model_files: Any, context: Context) -> Any:
        """Bring the model into memory.

        Returns:
            Any object; it is handed to `synthesize` and `unload`, and shared between threads.

        Raises:
            EngineUnavailableError: A library or setting is missing.
            OutOfMemoryError: It does not fit.
        """

    @hookspec(firstresult=True)
    def synthesize(  # type: ignore[empty-body]  # as above
        self, engine: str, settings: Any, model: Any, request: SpeechRequest, context: Context
    ) -> Iterable[Audio] | AsyncIterable[Audio]:
        """Speak one segment, yielding audio as it becomes ready. Required.

        Called from as many threads at once as `EngineInfo.concurrency` says.

        Args:
            engine: The configured name.
            settings: The engine's settings, filled in.
            model: What `load` returned, `None` without that hook.
            request: What to speak; only features that the engine lists are set.
            context: Of this call; look at `context.cancelled()` between pieces.

        Raises:
            EngineError: One of its subclasses. Anything else counts as a defect of the engine.
        """

    @hookspec(firstresult=True)
    def unload(self, engine: str, settings: Any, model: Any, context: Context) -> None:
        """Give everything back that `load` took; called once for each model."""


class ExtensionSpecs:
    """What an extension may do around engines. Extensions run only when named."""

    @hookspec(firstresult=True)
    def around_synthesize(  # type: ignore[empty-body]  # as above
        self,
        engine: str,
        request: SpeechRequest,
        speak: Callable[[SpeechRequest], Iterator[AudioChunk]],
        context: Context,
    ) -> Iterator[AudioChunk]:
        """Stand around one attempt at one segment: a generator of chunks.

        Usually `yield from speak(request)`. It may change the request, change the chunks, or not
        call `speak` at all; then nothing is prepared or loaded. Errors of the engine come out of
        `speak` and should be left to pass. A fault of the extension's own turns it off for the
        rest of the request and never counts against the engine.

        Args:
            engine: The configured name of the engine whose turn it is.
            request: What is to be spoken.
            speak: Runs what it stands around: the next extension, at last the engine.
            context: Of this attempt.
        """

    @hookspec
    def on_event(self, event: Event) -> None:
        """Look at something that happened. Exceptions are reported and go no further."""
