"""Run the server by hand: `python -m tests.servers.gemini [FAULT]`."""

from __future__ import annotations

import argparse
from threading import Event

from tests.servers.gemini import API_KEY, FAULTS, STREAM_FAULTS, GeminiServer


def main() -> None:
    """Start, say how to reach it, and serve until interrupted."""
    every = sorted(FAULTS | STREAM_FAULTS)
    parser = argparse.ArgumentParser(
        description="Speak the protocol of the Gemini API on this machine, well or badly.",
        epilog="Faults, as tests/servers/gemini/README.md describes them: " + ", ".join(every),
    )
    parser.add_argument("fault", nargs="?", choices=every, metavar="FAULT", help="see below")
    parser.add_argument("--times", type=int, help="fail so often, then work; default: always")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--shape", choices=("wav", "pcm"), default="wav", help="of unary answers")
    arguments = parser.parse_args()
    with GeminiServer(port=arguments.port, shape=arguments.shape) as server:
        if arguments.fault:
            server.fail(arguments.fault, times=arguments.times)
        try:
            _tell(server)
            Event().wait()
        except KeyboardInterrupt:
            return


def _tell(server: GeminiServer) -> None:
    print(  # noqa: T201  # for the person who started it
        "Serving until interrupted. In another terminal:\n\n"
        f"  export UTTERLY_GEMINI_ENDPOINT={server.url}\n"
        f"  export UTTERLY_GEMINI_API_KEY={API_KEY}\n"
        '  utterly say "One sentence. And another." --engines gemini,espeak -o out.wav -v\n',
        flush=True,
    )


if __name__ == "__main__":
    main()
