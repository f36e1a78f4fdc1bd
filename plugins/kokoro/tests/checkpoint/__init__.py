"""Builds models for the tests: the real one, and a tiny one of random weights."""

from __future__ import annotations

from plugins.kokoro.tests.checkpoint.layout import compute_sums
from plugins.kokoro.tests.checkpoint.rebuilt import build_model, cached_model
from plugins.kokoro.tests.checkpoint.tiny import build_tiny_model

__all__ = ["build_model", "build_tiny_model", "cached_model", "compute_sums"]
