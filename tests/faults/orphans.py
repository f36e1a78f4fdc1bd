"""A program that speaks with an engine in a process of its own until somebody ends it.

`python -m tests.faults.orphans FOLDER HOW` finds the engine `apart` in the folder, and writes
`ready` to standard output when it speaks.
"""

from __future__ import annotations

import os
import sys

from utterly import Speaker


def main() -> None:
    """Speak, and end as told."""
    folder, how = sys.argv[1:]
    sys.path.insert(0, folder)
    speaker = Speaker("apart", settings={"apart": {"isolation": "process"}})
    speaker.prepare()
    if how == "speak":
        stream = speaker.stream("One. " * 1_000)
        next(stream)
    print("ready", flush=True)  # noqa: T201  # for the test
    match how:
        case "exit":
            os._exit(0)
        case "raise":
            raise RuntimeError
        case "return":
            return
    sys.stdin.read()


if __name__ == "__main__":
    main()
