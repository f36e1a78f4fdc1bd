"""eSpeak NG for Utterly."""

from __future__ import annotations
