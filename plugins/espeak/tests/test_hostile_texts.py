"""Hostile texts, spoken by the real library in a process of their own: it may end the process."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.core.hostile_texts import HOSTILE_TEXTS

PROGRAM = """
import sys
from itertools import islice

from tests.core.hostile_texts import HOSTILE_TEXTS
from utterly import AllEnginesFailedError, Speaker
from utterly.text import split_segments

first, last, languages = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
with Speaker("espeak", unload="never") as speaker:
    for number, text in islice(enumerate(HOSTILE_TEXTS), first, last):
        text = text[:600]  # the beginning of a long one is as hostile as the rest
        for language in languages:
            print(number, language, flush=True)
            try:
                speech = speaker.say(text, language=language or None)
            except AllEnginesFailedError as error:
                # No voice has these letters, and what is silent is not called complete.
                assert text[0] in "\\ua9b2\\U00030020", (number, language)
                assert "silence from beginning to end" in str(error)
                continue
            assert speech.status == "complete"
            cut = split_segments(text, language or "en")
            assert not language or len(speech.segments) == len(cut), (number, language)
print("done")
"""

STEP = 50


@pytest.mark.parametrize("first", range(0, len(HOSTILE_TEXTS), STEP))
def test_hostile_texts_are_spoken(first: int) -> None:
    """No text ends the process, fails or is lost, in its own language or in that of others."""
    arguments = [str(first), str(first + STEP), "", "en", "de", "zh"]

    completed = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False
    )

    assert (0, "done") == (completed.returncode, completed.stdout.split("\n")[-2]), (
        completed.stdout[-40:] + completed.stderr[-2000:]
    )
