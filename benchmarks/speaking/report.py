# ruff: noqa: INP001  # benchmarks are no package
"""The tables that the documentation shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def as_markdown(values: dict[str, Any]) -> str:
    """All that was measured, part by part."""
    lines = [f"{values['machine']}", ""]
    for part, table in _TABLES.items():
        if part in values:
            lines += [*table(values[part]), ""]
    return "\n".join(lines).rstrip()


def _sentence(values: dict[str, Any]) -> Iterator[str]:
    yield f"A sentence of {values['phonemes']} phonemes, from phonemes to audio:"
    yield ""
    yield from _ways(values, {"seconds": "seconds", "real_time_factor": "real-time factor"})
    yield ""
    yield f"Compiling, in the background, once on a machine: {values['compiling_seconds']:.0f} s."


def _paragraph(values: dict[str, Any]) -> Iterator[str]:
    yield "A paragraph of three hundred words, from text to audio:"
    yield ""
    columns = {"seconds": "seconds", "first_audio": "first audio", "audio": "seconds of audio"}
    yield from _ways(values, {**columns, "longest_gap": "longest gap"})


def _ways(values: dict[str, Any], columns: dict[str, str]) -> Iterator[str]:
    yield "| | " + " | ".join(columns.values()) + " | of the library's time |"
    yield "|---|" + "---|" * (len(columns) + 1)
    for name, found in values["ways"].items():
        cells = [_spread(found[key]) for key in columns]
        parts = [
            f"{found[key]['of_library']:.3f} ({columns[key]})"
            for key in columns
            if "of_library" in found[key]
        ]
        yield f"| {name} | " + " | ".join([*cells, ", ".join(parts)]) + " |"


def _spread(found: dict[str, float]) -> str:
    return f"{found['median']:.2f} ({found['lowest']:.2f} to {found['highest']:.2f})"


def _decoder(values: dict[str, Any]) -> Iterator[str]:
    yield (
        f"The decoder alone, {values['plan']}: {values['decoder_engine_s']:.3f} s for a second of"
        f" audio, the library's {values['decoder_library_s']:.3f} s, ratio"
        f" {values['decoder_ratio']:.3f}."
    )


def _memory(values: dict[str, Any]) -> Iterator[str]:
    yield (
        f"Memory over {values['utterances']} utterances of 3 to 32 words:"
        f" {values['warm_mb']:.0f} MB after 20, {values['half_mb']:.0f} MB after half,"
        f" {values['last_mb']:.0f} MB after all"
        f" ({values['growth']:+.1%}, second half {values['growth_of_second_half']:+.1%}),"
        f" {values['after_unload_mb']:.0f} MB after unload."
    )


def _floor(values: dict[str, Any]) -> Iterator[str]:
    yield f"A process that has only imported the library: {values['fresh_mb']:.0f} MB."


def _quality(values: dict[str, Any]) -> Iterator[str]:
    yield f"Quality, {values['plan']}:"
    yield ""
    yield "| | log-mel correlation to the library, mean (lowest) | word error rate | DNSMOS |"
    yield "|---|---|---|---|"
    for name in ("library", "engine", "engine with the same noise", "another seed"):
        found = values["likeness"].get(name)
        likeness = f"{found['mean']:.4f} ({found['lowest']:.4f})" if found else ""
        rate, mos = values["word_error_rate"].get(name), values["dnsmos"].get(name)
        heard = ("", "") if rate is None else (f"{rate:.3f}", f"{mos:.3f}")
        yield f"| {name} | {likeness} | {heard[0]} | {heard[1]} |"


def _variety(values: dict[str, Any]) -> Iterator[str]:
    yield f"From phonemes to audio, {values['plan']}:"
    yield ""
    yield "| | seconds of audio | of the library's time | log-mel correlation, same noise |"
    yield "|---|---|---|---|"
    for name, row in values["rows"].items():
        yield f"| {name} | {row['audio']:.2f} | {row['of_library']:.3f} | {row['likeness']:.4f} |"


_TABLES = {
    "sentence": _sentence,
    "decoder": _decoder,
    "paragraph": _paragraph,
    "memory": _memory,
    "floor": _floor,
    "quality": _quality,
    "languages": _variety,
    "lengths": _variety,
}
