"""The studio: a page in the browser that speaks, for people who do not write Python.

`utterly studio` serves it. Everything runs on one event loop and is only touched there; the engines
work on threads of the speaker's, and their events are brought over.
"""

from __future__ import annotations
