"""Tests of long texts through eSpeak: flat memory, every word, the right length."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

WORDS = "the quick brown fox jumps over a lazy dog while seven small birds sing in an old garden"
MEGABYTE = 1_000_000

_SPEAK = """
import json, resource, sys
from utterly import Speaker
from utterly.events import SegmentSpoken

settled = peak = 0

def watch(event):
    global settled, peak
    if isinstance(event, SegmentSpoken) and event.segment >= 50:
        peak = max(peak, resident())
        settled = settled or peak

def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

text = open("text.txt", encoding="utf-8").read()
with Speaker("espeak", on_event=watch) as speaker:
    speech = speaker.say(text, output=sys.argv[1])
print(json.dumps({
    "words": sum(len(segment.words) for segment in speech.segments),
    "in order": all(
        a.start <= a.end <= b.start + 0.001
        for segment in speech.segments
        for a, b in zip(segment.words, segment.words[1:])
    ),
    "complete": speech.status == "complete",
    "duration": speech.duration,
    "growth": max(peak, resident()) - settled,
}))
"""


def write_text(path: Path, words: int) -> None:
    """A text of so many words, in sentences and paragraphs."""
    chosen = random.Random(1)  # noqa: S311  # the same text each time
    parts: list[str] = []
    while words:
        length = min(words, chosen.randint(5, 18))
        words -= length
        sentence = " ".join(chosen.choice(WORDS.split()) for _ in range(length))
        parts += [sentence.capitalize(), ".\n\n" if chosen.random() < 0.1 else ". "]
    path.write_text("".join(parts), "utf-8")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory as Linux tells it")
@pytest.mark.parametrize(
    ("words", "output"),
    [
        (800, "book.mp3"),
        (800, "book.opus"),
        pytest.param(100_000, "book.mp3", marks=[pytest.mark.slow, pytest.mark.timeout(1200)]),
        pytest.param(100_000, "book.opus", marks=[pytest.mark.slow, pytest.mark.timeout(1200)]),
    ],
)
def test_long_text_is_spoken_whole_with_flat_memory(
    tmp_path: Path, words: int, output: str
) -> None:
    """Every word has its time, the file its length, and memory does not grow with them."""
    write_text(tmp_path / "text.txt", words)
    completed = subprocess.run(
        [sys.executable, "-c", _SPEAK, output],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(completed.stdout)

    assert (words, True, True) == (told["words"], told["in order"], told["complete"])
    assert told["growth"] < 50 * MEGABYTE
    decoded = sum(len(block) for block in soundfile.blocks(tmp_path / output, 1_000_000))
    rate = soundfile.info(tmp_path / output).samplerate
    assert told["duration"] == pytest.approx(decoded / rate, abs=0.001)


def test_progress_is_shown(tmp_path: Path) -> None:
    """On a terminal, in one line that renews itself, with the time that is left."""
    pty = pytest.importorskip("pty")
    import os

    write_text(tmp_path / "text.txt", 3_000)
    controller, terminal = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "utterly", "say", "-f", "text.txt", "-o", "book.wav"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    try:
        while more := os.read(controller, 65_536):
            shown += more
    except OSError:  # the terminal is gone: the program has ended
        pass
    os.close(controller)

    assert 0 == program.wait(60)
    assert re.search(rb"\r\d+% spoken: .* of speech, .* left", shown)
    assert b"\x1b" not in shown
