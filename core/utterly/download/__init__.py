"""Model files from a Hugging Face hub, fetched once and verified: what `ensure_model` calls.

::

    from utterly import download, hookimpl

    @hookimpl
    def ensure_model(context):
        files = {"config.json": None, "weights.pth": "496dba11…"}
        return download.fetch_files("hexgrad/Kokoro-82M", "f3ff3571…", files, None, context)

It comes with `pip install "utterly[hub]"`.
"""

from __future__ import annotations

from utterly.download.fetching import fetch_files
from utterly.download.finding import find_files
from utterly.download.removing import remove_files

__all__ = ["fetch_files", "find_files", "remove_files"]
