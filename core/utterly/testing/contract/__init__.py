"""What every engine must do, as tests to be inherited.

::

    from utterly.testing import EngineContract

    class TestParrot(EngineContract):
        engine = "parrot"                          # an installed engine's name, or a plugin object

Each check is one test. Where it fails, the first line says what to change in the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import pytest

from utterly.errors import PluginError
from utterly.testing.contract.engine import EngineUnderTest, Loaded
from utterly.testing.contract.error_checks import ErrorChecks
from utterly.testing.contract.fact_checks import FactChecks
from utterly.testing.contract.feature_checks import FeatureChecks
from utterly.testing.contract.life_checks import LifeChecks
from utterly.testing.contract.settings_checks import SettingsChecks
from utterly.testing.contract.speech_checks import SpeechChecks
from utterly.testing.contract.voice_checks import VoiceChecks


class EngineContract(
    FactChecks,
    SettingsChecks,
    VoiceChecks,
    SpeechChecks,
    FeatureChecks,
    ErrorChecks,
    LifeChecks,
):
    """The acceptance tests of an engine; subclass it and name the engine.

    Attributes:
        engine: Name of an installed engine, or a plugin object.
        settings: Values for its settings; the environment plays no part.
        isolation: Where its hooks run: `"none"` is this process, `"process"` one of its own, which
            only an installed engine can have.
        sentences: What to say in a language, by the tag in `EngineInfo.languages`; for languages
            without a built-in sentence, which are spoken as `"1 2 3"`.
        length_tolerance: How much the same text may differ in length from one time to the next,
            as a share; more for engines that draw lots.
        growth_cycles: How often the model is loaded and unloaded while memory is watched, after
            half as many times to warm up.
        growth_limit_mb: How much memory may grow by in that time.
    """

    engine: ClassVar[Any] = None
    settings: ClassVar[Mapping[str, Any]] = {}
    isolation: ClassVar[Literal["none", "process"]] = "none"
    sentences: ClassVar[Mapping[str, str]] = {}
    length_tolerance: ClassVar[float] = 0.05
    growth_cycles: ClassVar[int] = 20
    growth_limit_mb: ClassVar[float] = 10.0

    @pytest.fixture(scope="class")
    @classmethod
    def tested(cls) -> Iterator[EngineUnderTest]:
        """The engine; what is refused at registration is left to the check for that."""
        try:
            tested = EngineUnderTest(cls.engine, cls.settings, cls.sentences, cls.isolation)
        except PluginError as error:
            pytest.skip(f"the engine is refused, see test_is_accepted: {error.reason}")
        yield tested
        tested.close()

    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, tested: EngineUnderTest) -> Iterator[Loaded]:
        """The engine with a model that the checks of a class share."""
        with tested.loaded() as loaded:
            yield loaded
