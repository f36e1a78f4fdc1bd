"""Serve a folder as a repository, by hand."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path
from typing import get_args

from tests.servers.hub import COMMIT, Content, Fault, Hub


def main() -> None:
    """Serve until interrupted, and tell what was sent."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.hub", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repository", default="hexgrad/Kokoro-82M")
    parser.add_argument("--fault", action="append", default=[], choices=get_args(Fault))
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    paths = [path for path in options.folder.rglob("*") if path.is_file()]
    files = {path.relative_to(options.folder).as_posix(): path.read_bytes() for path in paths}
    with Hub(Content(options.repository, files), options.fault, options.port) as hub:
        sys.stdout.write(f"HF_ENDPOINT={hub.url}\nrevision {COMMIT}; Ctrl-C ends\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write(f"{dict(hub.requests)} {dict(hub.bytes_sent)}\n")


if __name__ == "__main__":
    main()
