"""Lines about plugins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.plugins.origin import ENGINE, EXTENSION, LONGEST_LINE, Fault, Kind, Origin, one_line


@given(st.text(max_size=1_000))
def test_line_is_printable_and_bounded(text: str) -> None:
    """Whatever a plugin puts into a message, it is one short line."""
    line = one_line(text)

    assert line.isprintable()
    assert len(line) <= LONGEST_LINE


@pytest.mark.parametrize(
    ("kind", "hooks"),
    [
        (
            ENGINE,
            (
                "describe",
                "voices",
                "explain_setup",
                "ensure_model",
                "remove_model",
                "load",
                "synthesize",
                "unload",
            ),
        ),
        (EXTENSION, ("around_synthesize", "on_event")),
    ],
)
def test_kind_knows_its_hooks(kind: Kind, hooks: tuple[str, ...]) -> None:
    """The names come from the specifications."""
    assert hooks == kind.hooks()


def test_refusal_carries_plugin_distribution_reason_and_mend() -> None:
    """One line that says who, what and what to do."""
    origin = Origin(ENGINE, "parrot", "utterly-parrot 1.0")

    error = origin.refuse(Fault("it\nis ill", "feed it"))

    assert str(error) == "plugin 'parrot' (from utterly-parrot 1.0): it is ill; feed it"


def test_mend_of_a_registered_plugin_names_no_distribution() -> None:
    """There is nothing to install where code brought the plugin."""
    origin = Origin(ENGINE, "parrot")

    assert ("correct the plugin", "install what is missing") == (
        origin.update_or_disable(),
        origin.reinstall(),
    )
