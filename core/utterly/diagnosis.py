"""Whether an engine speaks here and now: it is given one word, and what it says is looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any, Literal, TypeAlias

from utterly.api import engines
from utterly.chain import resolve_chain
from utterly.errors import (
    AllEnginesFailedError,
    EngineError,
    EngineUnavailableError,
    InvalidRequestError,
    ModelDownloadError,
    SettingsError,
)
from utterly.events import Event
from utterly.languages import match_language
from utterly.plugins import PluginReport
from utterly.plugins.names import OWN_ENGINES
from utterly.policy import Policy
from utterly.speaker import Speaker

WORDS = {
    "ar": "مرحبا.",
    "de": "Hallo.",
    "en": "Hello.",
    "es": "Hola.",
    "fr": "Bonjour.",
    "hi": "नमस्ते।",
    "it": "Ciao.",
    "ja": "こんにちは。",
    "ko": "안녕하세요.",
    "nl": "Hallo.",
    "pl": "Cześć.",
    "pt": "Olá.",
    "ru": "Привет.",
    "uk": "Привіт.",
    "zh": "你好。",
}
"""A greeting by the first subtag of its language."""

DIGITS = "1 2 3"
"""What is said in a language without a greeting here: every language reads digits."""

PATIENCE = Policy(buffered_retries=0)
"""The ordinary deadlines, and no second try: an engine that needs one is not well."""

MENDABLE = frozenset({ModelDownloadError.__name__, EngineUnavailableError.__name__})
"""Errors that say that something is missing."""

DiagnosisState: TypeAlias = Literal["ok", "missing", "failed", "disabled", "skipped"]
"""Missing: something can be installed, downloaded or entered. Skipped: a cloud engine unasked."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What became of one engine's word.

    Attributes:
        engine: Configured name.
        state: How it stands.
        reason: Why it is not well, and what to do about it; empty where it is.
        advice: What would be better, although it works.
        distribution: Name and version of what brought it; empty where it is not installed.
        voice: What spoke, as `engine:id`.
        duration: Seconds of audio.
        seconds: Seconds it took, without loading.
        peak: The loudest sample in dBFS.
        setup: What it works with here, and why; empty where it has no choice.
    """

    engine: str
    state: DiagnosisState
    reason: str = ""
    advice: str = ""
    distribution: str = ""
    voice: str = ""
    duration: float = 0.0
    seconds: float = 0.0
    peak: float | None = None
    setup: str = ""

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Doctor:
    """Examines engines.

    Attributes:
        settings: Of engines, by configured name, then by field.
        pull: Whether missing models are fetched; else the network is not used.
        on_event: Told every event, from several threads.
    """

    settings: Mapping[str, Mapping[str, Any]]
    pull: bool = False
    on_event: Callable[[Event], object] | None = None

    def examine(self, named: Sequence[str] = ()) -> Iterator[Diagnosis]:
        """Examine engines, one after the other.

        Args:
            named: Which; by default all that are installed or could be. No cloud engine is given
                a word, or contacted at all, unless it is named.

        Raises:
            InvalidRequestError: No engine has a name that was given.
        """
        reports = _engine_reports()
        if named:
            resolve_chain(named, tuple(reports), (), "")
        for name in named or dict.fromkeys((*reports, *OWN_ENGINES)):
            for report in reports.get(name, ()):
                yield self._examine(report, is_named=bool(named))
            if name not in reports:
                yield Diagnosis(name, "missing", f"not installed: pip install utterly-{name}")

    def _examine(self, report: PluginReport, *, is_named: bool) -> Diagnosis:
        """Examine one engine."""
        if report.state != "ready":
            reason = f"{report.reason}; {report.mend}"
            return Diagnosis(report.name, report.state, reason, distribution=report.distribution)
        assert report.info is not None  # noqa: S101  # for the type checker: engines have facts
        is_cloud = report.info.kind == "cloud"
        if is_cloud and not is_named:
            reason = f"it needs the network: utterly doctor --engines {report.name}"
            return Diagnosis(report.name, "skipped", reason, distribution=report.distribution)
        try:
            return self._listen(
                report, report.info.languages[0], offline=not (is_cloud or self.pull)
            )
        except AllEnginesFailedError as error:
            attempt = error.attempts[-1]
            return self._report_failure(report, attempt.error, attempt.message)
        except (EngineError, InvalidRequestError) as error:
            return self._report_failure(report, type(error).__name__, str(error))

    def _report_failure(self, report: PluginReport, error: str, message: str) -> Diagnosis:
        """Tell what the user can bring from what is broken."""
        state: DiagnosisState = "missing" if error in MENDABLE else "failed"
        if error == ModelDownloadError.__name__ and not self.pull:
            message += f"; utterly models pull {report.name}"
        return Diagnosis(report.name, state, message, distribution=report.distribution)

    def _listen(self, report: PluginReport, language: str, *, offline: bool) -> Diagnosis:
        """Have an engine speak a word, and nobody stand in for it."""
        with Speaker(
            report.name,
            settings=self.settings,
            policy=PATIENCE,
            strict=True,
            offline=offline,
            on_event=self.on_event,
        ) as speaker:
            speaker.prepare()
            began = monotonic()
            speech = speaker.say(word_in(language), language=language)
            seconds = monotonic() - began
        (segment,) = speech.segments
        return Diagnosis(
            report.name,
            "ok",
            advice=_advise(report, self.settings.get(report.name, {})),
            distribution=report.distribution,
            voice=f"{segment.engine}:{segment.voice}",
            duration=speech.duration,
            seconds=seconds,
            peak=20 * math.log10(float(abs(speech.samples).max())),
            setup=report.setup,
        )


def _advise(report: PluginReport, arguments: Mapping[str, Any]) -> str:
    """Recommend a process of its own for an engine that runs in ours and would rather not."""
    found = {setting.name: setting.value for setting in report.settings}
    is_apart = arguments.get("isolation", found.get("isolation")) == "process"
    if is_apart or report.info is None or report.info.recommended_isolation == "none":
        return ""
    variable = f"UTTERLY_{report.name.upper()}_ISOLATION=process"
    return f"in a program that runs for long, give it a process of its own: {variable}"


def word_in(language: str) -> str:
    """One word to say in a language, or the digits 1 to 3."""
    fitting = (word for known, word in WORDS.items() if match_language(language, known))
    return next(fitting, DIGITS)


def _engine_reports() -> dict[str, list[PluginReport]]:
    """Every engine by name: more than one where distributions contend for it."""
    try:
        reports = engines()
    except SettingsError:  # nothing can speak until the user's file is mended; its check tells
        return {}
    named: dict[str, list[PluginReport]] = {}
    for report in reports:
        if report.group == "engine":
            named.setdefault(report.name, []).append(report)
    return named
