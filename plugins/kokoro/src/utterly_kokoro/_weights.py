"""From verified files to a model in memory, with every weight in its place."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from utterly import EngineUnavailableError, OutOfMemoryError
from utterly_kokoro._library import import_kokoro, without_side_effects
from utterly_kokoro._memory import is_out_of_memory
from utterly_kokoro._settings import REPOSITORY

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from utterly_kokoro._files import ModelFiles

_PARALLEL_PREFIX = "module."
"""What torch puts before each name when a module was trained on several cards."""

_MEND = "let the settings name the files of a Kokoro-82M, or leave them out"
"""The files are what the settings say that they should be."""

_UNUSED = ("position_ids", "token_type_ids")
"""Buffers of BERT that older releases of transformers kept in checkpoints."""


def build_model(model_files: ModelFiles) -> Any:
    """Build the model and fill in its weights.

    kokoro's own loading ignores names that it does not know, and leaves random numbers where there
    are none.

    Raises:
        EngineUnavailableError: A library is missing, or a weight is missing, has another shape, or
            is not finite.
        OutOfMemoryError: It does not fit.
    """
    kokoro = import_kokoro()
    import torch

    # A checkpoint without any module: kokoro would otherwise load, or download, one of its own.
    nothing = BytesIO()
    torch.save({}, nothing)
    nothing.seek(0)
    try:
        config = model_files.read_config()
        with without_side_effects():  # torch warns of what kokoro is built from
            model = kokoro.model.KModel(repo_id=REPOSITORY, config=config, model=nothing)
        checkpoint = torch.load(model_files.weights, map_location="cpu", weights_only=True)
        _fill(model, checkpoint)
    except EngineUnavailableError:
        raise
    except Exception as error:  # what torch, pickle, json and kokoro raise on files of other forms
        if is_out_of_memory(error):
            raise OutOfMemoryError("the model does not fit into memory") from error
        reason = str(error).partition("\n")[0][:120]
        raise EngineUnavailableError(
            f"the model cannot be loaded ({type(error).__name__}: {reason})", mend=_MEND
        ) from error
    return model.eval()


def _fill(model: Module, checkpoint: Any) -> None:
    modules = dict(model.named_children())
    if not isinstance(checkpoint, Mapping) or set(checkpoint) != set(modules):
        raise _refusal("it does not hold the model's modules")
    for name, module in modules.items():
        state = _without_prefix(checkpoint[name])
        _check_names(name, module, set(state))
        for key, value in state.items():
            _check_finite(f"{name}.{key}", value)
        try:
            module.load_state_dict(state, strict=False)
        except RuntimeError as error:  # of another shape
            raise _refusal(f"{name} does not fit: {str(error).splitlines()[-1].strip()}") from error


def _without_prefix(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(_PARALLEL_PREFIX): value for key, value in state.items()}


def _check_names(name: str, module: Module, found: set[str]) -> None:
    wanted = set(module.state_dict())
    missing = wanted - found - _optional_names(module)
    strange = {key for key in found - wanted if not key.endswith(_UNUSED)}
    if missing or strange:
        what = f"lacks {min(missing)}" if missing else f"has an unknown {min(strange)}"
        raise _refusal(f"{name} {what}")


def _optional_names(module: Module) -> set[str]:
    """Weights that hexgrad's model was trained without: kokoro adds them with neutral values."""
    import torch

    return {
        f"{path}.{name}"
        for path, child in module.named_modules()
        if isinstance(child, torch.nn.InstanceNorm1d)
        for name, _ in child.named_parameters(recurse=False)
    }


def _check_finite(name: str, value: Tensor) -> None:
    if not bool(value.isfinite().all()):
        raise _refusal(f"{name} is not finite")


def _refusal(reason: str) -> EngineUnavailableError:
    return EngineUnavailableError(f"the weights are not those of Kokoro-82M: {reason}", mend=_MEND)
