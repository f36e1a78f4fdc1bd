"""Start the server by hand: `python -m tests.servers.gemini [--port N] [--fault NAME]`."""

# ruff: noqa: T201  # a program prints
from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from threading import Event

from tests.servers.gemini import API_KEY, FAULTS, STREAM_FAULTS, GeminiServer

parser = ArgumentParser(prog="python -m tests.servers.gemini", description=__doc__)
parser.add_argument("--port", type=int, default=8765)
parser.add_argument("--shape", choices=("wav", "pcm"), default="wav")
parser.add_argument("--fault", choices=sorted(FAULTS | STREAM_FAULTS))
arguments = parser.parse_args()

with GeminiServer(port=arguments.port, shape=arguments.shape) as server:
    if arguments.fault:
        server.fail(arguments.fault)
    print(f"UTTERLY_GEMINI_ENDPOINT={server.url} UTTERLY_GEMINI_API_KEY={API_KEY}", flush=True)
    with suppress(KeyboardInterrupt):
        Event().wait()
