"""Running the command line in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from utterly.cli import main


@pytest.fixture
def run() -> Callable[..., int]:
    """Run `utterly` with arguments; its exit code."""

    def run_utterly(*arguments: str) -> int:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert isinstance(caught.value.code, int)
        return caught.value.code

    return run_utterly
