"""Many threads through one speaker."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from utterly import Speaker, Speech
from utterly.testing import Fault, ScriptedEngine, hear

InstallEngine = Callable[..., ScriptedEngine]


def speak_in_threads(speaker: Speaker, count: int) -> dict[int, Speech]:
    """Say something different on each of many threads, all at once."""
    results: dict[int, Speech] = {}
    barrier = Barrier(count)

    def speak(number: int) -> None:
        barrier.wait(60)
        results[number] = speaker.say(f"Thread {number} is speaking. It says {number} twice.")

    threads = [Thread(target=speak, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    return results


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
def test_two_hundred_threads_share_one_speaker(install: InstallEngine, is_async: bool) -> None:
    """Each gets its own audio; the model is loaded once and given back once."""
    engine = install("first", is_async=is_async)

    with Speaker("first") as speaker:
        results = speak_in_threads(speaker, 200)

    for number, speech in results.items():
        texts = [f"Thread {number} is speaking.", f"It says {number} twice."]
        found = hear(speech.samples, speech.sample_rate, texts)
        assert texts == [tone.text for tone in found if tone.complete]
    assert (200, 1, 1, 0) == (len(results), engine.loads, engine.unloads, engine.loaded)


def test_no_more_than_the_engines_concurrency_at_once(install: InstallEngine) -> None:
    """An engine that speaks two segments at a time is never asked for three."""
    engine = install("first", concurrency=2, delay=0.01)

    with Speaker("first") as speaker:
        speak_in_threads(speaker, 20)

    assert 2 == engine.most_concurrent


def test_guarantee_2_holds_for_every_thread(install: InstallEngine) -> None:
    """Guarantee 2, exactly once: a failing first engine disturbs no other request."""
    install("first", Fault("after_audio", after=0.1, times=30))
    install("second")

    with Speaker("first,second") as speaker:
        results = speak_in_threads(speaker, 40)

    for number, speech in results.items():
        texts = [f"Thread {number} is speaking.", f"It says {number} twice."]
        found = hear(speech.samples, speech.sample_rate, texts)
        assert [(text, True) for text in texts] == [(tone.text, tone.complete) for tone in found]
