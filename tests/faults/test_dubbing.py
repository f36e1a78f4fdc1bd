"""A long film dubbed by a chain: every cue at its time, whatever fails, with flat memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.faults.film import NOTES_FROM, SCENE_SECONDS, FilmCue, make_film, write_srt, write_vtt

from utterly.testing import Heard, hear, tone

MEGABYTE = 1_000_000
NINETY_MINUTES, FOUR_MINUTES = 5_400.0, 240.0
ON_TIME = 0.02
CODE_SECONDS = 0.09
"""Of a coded tone: its start and what it says, which are the same at any speed."""

_DUB = """
import json, resource, sys
from utterly import Policy, Speaker
from utterly.dubbing import CueDubbed
from utterly.testing import Fault, ScriptedEngine, register_engine

file, output, *failing = sys.argv[1:]
kinds = ("raise", "nan", "integers", "stereo")
faults = [
    Fault("after_audio", kinds[place % 4], after=0.1, text=text)
    for place, text in enumerate(failing)
]
first = ScriptedEngine(*faults, name="first", sample_rate=22_050)
second = ScriptedEngine(name="second", sample_rate=48_000)
settled = peak = 0

def watch(event):
    global settled, peak
    if isinstance(event, CueDubbed) and event.cue >= 20:
        peak = max(peak, resident())
        settled = settled or peak
    for engine in (first, second):
        engine.calls.clear()
        engine.requests.clear()

def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

policy = Policy(counted_failures=1_000_000)  # no circuit opens: each cue is tried
with (
    register_engine(first, "first"),
    register_engine(second, "second"),
    Speaker("first,second", language="en", policy=policy, on_event=watch) as speaker,
):
    dub = speaker.dub(file, output=output)
print(json.dumps({**dub.to_dict(), "growth": max(peak, resident()) - settled}))
"""

PERSONA = '[personas.anna]\nfirst = "second"\nsecond = "first"\n'


@dataclass(frozen=True)
class Dubbed:
    """A film that was dubbed.

    Attributes:
        film: What was to be heard.
        report: The dub's own, with the growth of memory.
        track: The file.
        failing: What the first engine could not speak.
    """

    film: tuple[FilmCue, ...]
    report: dict[str, Any]
    track: Path
    failing: frozenset[str]

    @property
    def spoken(self) -> list[FilmCue]:
        """What was to be read aloud, in order."""
        return [cue for cue in self.film if cue.spoken]


def _encode_srt_bom(film: tuple[FilmCue, ...]) -> tuple[str, bytes]:
    return "film.srt", write_srt(film).replace("\n", "\r\n").encode("utf-8-sig")


def _encode_srt_western(film: tuple[FilmCue, ...]) -> tuple[str, bytes]:
    return "film.srt", write_srt(film).replace("♪", "[music]").encode("cp1252")


def _encode_vtt_utf16(film: tuple[FilmCue, ...]) -> tuple[str, bytes]:
    return "film.vtt", write_vtt(film).encode("utf-16")


FILES = {"bom": _encode_srt_bom, "western": _encode_srt_western, "utf16": _encode_vtt_utf16}
LONG = [pytest.mark.slow, pytest.mark.timeout(1200)]
CASES = [
    pytest.param((FOUR_MINUTES, "bom", 0), id="well"),
    pytest.param((FOUR_MINUTES, "western", 5), id="every fifth cue fails"),
    pytest.param((FOUR_MINUTES, "utf16", 5), id="every fifth cue of WebVTT fails"),
    pytest.param((NINETY_MINUTES, "western", 0), id="90 minutes", marks=LONG),
    pytest.param((NINETY_MINUTES, "bom", 5), id="90 minutes, every fifth cue fails", marks=LONG),
]


@pytest.fixture(scope="module", params=CASES)
def dubbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dubbed]:
    """A film, dubbed in a process of its own."""
    seconds, kind, every = request.param
    folder = tmp_path_factory.mktemp("film")
    film = make_film(seconds)
    name, data = FILES[kind](film)
    (folder / name).write_bytes(data)
    (folder / "config.toml").write_text(PERSONA, "utf-8")
    spoken = [cue.spoken for cue in film if cue.spoken]
    failing = spoken[4::every] if every else []
    completed = subprocess.run(
        [sys.executable, "-c", _DUB, name, "film.wav", *failing],
        cwd=folder,
        env={**os.environ, "UTTERLY_CONFIG": str(folder / "config.toml")},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(completed.stdout)
    yield Dubbed(film, report, folder / "film.wav", frozenset(failing))
    (folder / "film.wav").unlink()


def test_guarantee_10_every_cue_starts_on_time(dubbed: Dubbed) -> None:
    """Guarantee 10, one timeline: within 20 ms, also where others speak at the same time."""
    late = {}
    with soundfile.SoundFile(dubbed.track) as file:
        for cue in dubbed.spoken:
            offset = find_offset(file, cue)
            if abs(offset) > ON_TIME:
                late[cue.spoken] = offset

    assert {} == late


def find_offset(file: soundfile.SoundFile, cue: FilmCue) -> float:
    """How much too late a cue begins, in seconds; far too much where it is not heard."""
    rate, reach = file.samplerate, round(0.15 * file.samplerate)
    code = tone(cue.spoken, sample_rate=rate, seconds=0.5)[: round(CODE_SECONDS * rate)]
    first = round(cue.start * rate) - reach
    file.seek(max(0, first))
    around = file.read(2 * reach + len(code), dtype="float32")
    likeness: NDArray[np.floating] = np.correlate(around, code, "valid") / np.dot(code, code)
    best = int(likeness.argmax())
    return (max(0, first) + best) / rate - cue.start if likeness[best] > 0.5 else float("inf")


def test_track_is_as_long_as_the_subtitles(dubbed: Dubbed) -> None:
    """To the sample."""
    info = soundfile.info(dubbed.track)

    assert round(dubbed.film[-1].end * info.samplerate) == info.frames
    assert dubbed.film[-1].end == dubbed.report["duration"]


def test_guarantee_2_every_cue_is_heard_once(dubbed: Dubbed) -> None:
    """Guarantee 2, exactly once: whole, in order, and nothing else is read aloud.

    Where two speak at once, a decoder understands neither; that both are there is tested above.
    """
    alone = [cue.spoken for cue in dubbed.spoken if not cue.overlaps]
    heard: list[Heard] = []
    for block in soundfile.blocks(dubbed.track, round(SCENE_SECONDS * 24_000), dtype="float32"):
        heard += hear(block, 24_000, alone)
        notes = block[round(NOTES_FROM * 24_000) :]
        assert len(notes) < 24_000 or np.abs(notes[: 2 * 24_000]).max() == 0

    assert alone == [tone.text for tone in heard if tone.complete and tone.text]


def test_guarantee_3_report_says_who_spoke(dubbed: Dubbed) -> None:
    """Guarantee 3, honest: the engine and the voice of every cue, as the persona has it."""
    cues = [cue for cue in dubbed.report["cues"] if cue["text"]]
    engines = ["second" if cue.spoken in dubbed.failing else "first" for cue in dubbed.spoken]
    voices = {(cue["speakers"] == ["ANNA"], cue["engine"], cue["voice"]) for cue in cues}

    assert ("complete", bool(dubbed.failing)) == (
        dubbed.report["status"],
        dubbed.report["degraded"],
    )
    assert engines == [cue["engine"] for cue in cues]
    assert voices <= {
        (False, "first", "first"),
        (True, "first", "second"),
        (False, "second", "first"),
        (True, "second", "first"),
    }
    assert ["BOB"] == dubbed.report["unknown_speakers"]


def test_report_says_what_was_too_long(dubbed: Dubbed) -> None:
    """Exactly those run over that do not fit even at the fastest, and not by more than they do."""
    over = Counter(cue["text"].split()[0] for cue in dubbed.report["cues"] if cue["overrun"])
    fast = Counter(cue["text"].split()[0] for cue in dubbed.report["cues"] if cue["stretch"] > 1)
    scenes = len([cue for cue in dubbed.film if cue.spoken.startswith("Short")])

    assert {"This": scenes} == over
    assert {"This": scenes, "Short": scenes} == fast


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory as Linux tells it")
def test_memory_is_flat(dubbed: Dubbed) -> None:
    """Half a minute of silence, or ninety of film, leave no trace in it."""
    assert dubbed.report["growth"] < 30 * MEGABYTE
