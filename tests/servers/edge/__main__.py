"""Run the server by hand: `python -m tests.servers.edge [FAULT]`."""

from __future__ import annotations

import argparse
from threading import Event

from tests.servers.edge import FAULTS, LIST_FAULTS, EdgeServer


def main() -> None:
    """Start, say how to reach it, and serve until interrupted."""
    every = FAULTS | LIST_FAULTS
    parser = argparse.ArgumentParser(
        description="Speak the protocol of Edge's service on this machine, well or badly.",
        epilog="\n".join(f"{name:24}{what}" for name, what in every.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("fault", nargs="?", choices=tuple(every), metavar="FAULT", help="see below")
    parser.add_argument("--times", type=int, help="fail so often, then work; default: always")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    arguments = parser.parse_args()
    with EdgeServer(port=arguments.port) as server:
        if arguments.fault:
            server.fail(arguments.fault, arguments.times)
        try:
            _tell(server)
            Event().wait()
        except KeyboardInterrupt:
            return


def _tell(server: EdgeServer) -> None:
    print(  # noqa: T201  # for the person who started it
        "Serving until interrupted. In another terminal:\n\n"
        f"  export UTTERLY_EDGE_ENDPOINT=127.0.0.1:{server.port}\n"
        f"  export UTTERLY_EDGE_CERTIFICATE={server.certificate}\n"
        '  utterly say "One sentence. And another." --engines edge,espeak -o out.wav -v\n',
        flush=True,
    )


if __name__ == "__main__":
    main()
