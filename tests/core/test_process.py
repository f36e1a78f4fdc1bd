"""What a fork and the end of the process do to speakers."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest


def run(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own; it must end by itself."""
    prelude = """
        import os, sys, threading
        from utterly import Speaker
        from utterly.testing import Fault, ScriptedEngine, register_engine
    """
    source = textwrap.dedent(prelude) + textwrap.dedent(script)
    return subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False
    )


def test_speakers_are_closed_at_exit() -> None:
    """A model that is still loaded when the program ends is given back."""
    finished = run("""
        engine = ScriptedEngine()
        engine._record_unload = lambda model: print("unloaded", flush=True)
        with register_engine(engine, "first"):
            speaker = Speaker("first")
            speaker.say("One.")
    """)

    assert ("unloaded\n", "", 0) == (finished.stdout, finished.stderr, finished.returncode)


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
def test_hung_engine_does_not_hold_up_the_exit(is_async: bool) -> None:
    """Threads are daemons: the program ends though an engine never returns."""
    finished = run(f"""
        engine = ScriptedEngine(
            Fault("before_audio", kind="hang", stubborn=True), is_async={is_async}
        )
        with register_engine(engine, "first"):
            speaker = Speaker("first")
            threading.Thread(target=lambda: speaker.say("One."), daemon=True).start()
            while not engine.requests:
                pass
            os.write(1, b"leaving")
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.exit(0)
    """)

    assert ("leaving", 0) == (finished.stdout, finished.returncode)


def test_hung_look_up_of_a_name_does_not_hold_up_the_exit() -> None:
    """What an engine's event loop hands to threads is on daemons as well."""
    finished = run("""
        import asyncio
        from utterly.engine.loop import EngineLoop

        begun = threading.Event()

        def look_up():
            begun.set()
            threading.Event().wait()

        EngineLoop("first").start(asyncio.to_thread(look_up))
        begun.wait()
        os.write(1, b"leaving")
        sys.exit(0)
    """)

    assert ("leaving", 0) == (finished.stdout, finished.returncode)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_after_a_fork_both_processes_speak() -> None:
    """The child forgets the parent's model, threads and loops, and loads its own."""
    finished = run("""
        for is_async in (False, True):
            engine = ScriptedEngine(is_async=is_async)
            with register_engine(engine, "first"), Speaker("first") as speaker:
                speaker.say("One.")
                child = os.fork()
                status = speaker.say("Two.").status
                if child == 0:
                    os.write(1, f"child {status} loads={engine.loads}\\n".encode())
                    os._exit(0)
                os.waitpid(child, 0)
                os.write(1, f"parent {status} loads={engine.loads}\\n".encode())
    """)

    told = ["child complete loads=2", "parent complete loads=1"] * 2
    assert (told, 0) == (finished.stdout.splitlines(), finished.returncode)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_fork_while_others_speak_leaves_the_child_free() -> None:
    """Locks that other threads held at the moment of the fork hold up nobody in the child."""
    finished = run("""
        import numpy
        from utterly import Audio, EngineInfo, hookimpl

        class Engine:  # without locks of its own, which a fork could leave taken
            utterly_api = 1
            @hookimpl
            def describe(self):
                return EngineInfo("Tone", "local", ("en",), 22_050)
            @hookimpl
            def synthesize(self):
                yield Audio(numpy.sin(numpy.arange(2_205) / 10), 22_050)

        with register_engine(Engine(), "first"), Speaker("first") as speaker:
            speaker.say("Zero.")  # a fork in the middle of an import is beyond our reach
            stop = threading.Event()
            def chatter():
                while not stop.is_set():
                    speaker.say("One. Two.")
            threads = [threading.Thread(target=chatter, daemon=True) for _ in range(4)]
            for thread in threads:
                thread.start()
            for _ in range(10):
                child = os.fork()
                if child == 0:
                    os._exit(0 if speaker.say("Three.").status == "complete" else 1)
                assert os.waitpid(child, 0)[1] == 0
            stop.set()
            for thread in threads:
                thread.join()
    """)

    assert ("", 0) == (finished.stderr, finished.returncode)
