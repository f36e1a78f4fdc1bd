"""What is checked before a plugin is accepted, one guard at a time.

Every guard is in `PLUGIN_CHECKS` or `INFO_CHECKS`, in the order in which they run; a later one may
rely on the earlier ones. A guard returns the fault it found. Guards may raise whatever a strange
object raises when it is looked at; `utterly.plugins.loading` takes care of that.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from utterly.hookspecs import UTTERLY_API
from utterly.plugins.candidate import Candidate
from utterly.plugins.names import nearest_name
from utterly.plugins.origin import KINDS, Fault, Kind
from utterly.plugins.plugin import is_async_function

MARKER = "utterly_impl"
"""The attribute that `hookimpl` leaves on a function: pluggy's project name and `_impl`."""


def check_not_a_class(candidate: Candidate) -> Fault | None:
    """Registering a class succeeds, and its first call fails: `self` is missing."""
    if not inspect.isclass(candidate.target):
        return None
    name = candidate.target.__name__
    return Fault(
        f"its entry point names the class {name}, not an instance",
        f"make one in the module, such as plugin = {name}(), and name that",
    )


def check_api_declared(candidate: Candidate) -> Fault | None:
    """The version of the contract must be known before anything is made of the hooks."""
    if getattr(candidate.target, "utterly_api", None) is not None:
        return None
    return Fault(
        "it does not say which contract it was written for",
        f"write utterly_api = {UTTERLY_API} into the plugin",
    )


def check_api_known(candidate: Candidate) -> Fault | None:
    """Hooks of another contract would be called with the wrong things."""
    version = candidate.target.utterly_api
    if type(version) is int and version == UTTERLY_API:
        return None
    newer = type(version) is int and version > UTTERLY_API
    return Fault(
        f"it was written for utterly_api = {version!r}, and this is {UTTERLY_API}",
        "pip install --upgrade utterly" if newer else "install a newer version of the plugin",
    )


def check_hooks_marked(candidate: Candidate) -> Fault | None:
    """A function with a hook's name and without `@hookimpl` is never called."""
    for hook in filter(candidate.lacks, candidate.kind.hooks()):
        if _defines(candidate.target, hook):
            return Fault(f"{hook}() is not marked as a hook", "write @hookimpl above it")
    return None


def check_marked_are_functions(candidate: Candidate) -> Fault | None:
    """Pluggy passes over a marked object that is no function, without a word."""
    for attribute in dir(candidate.target):
        marked = getattr(inspect.getattr_static(candidate.target, attribute), MARKER, None)
        if isinstance(marked, dict) and candidate.lacks(marked.get("specname") or attribute):
            return Fault(
                f"{attribute} is marked as a hook and is not a function",
                "write @hookimpl above a plain def, outermost",
            )
    return None


def check_no_wrappers(candidate: Candidate) -> Fault | None:
    """Pluggy's wrappers see success before the first lazy chunk, and cannot change a request."""
    for implementation in candidate.implementations:
        options = implementation.options
        if options.get("wrapper") or options.get("hookwrapper"):
            return Fault(
                f"{implementation.hook}() is a pluggy wrapper, and those are not taken",
                "write an extension with around_synthesize, in the group utterly.extensions",
            )
    return None


def check_hooks_known(candidate: Candidate) -> Fault | None:
    """A misspelt hook is registered and never called."""
    for implementation in candidate.implementations:
        known = implementation.hook in candidate.kind.hooks()
        if not known and not implementation.options.get("optionalhook"):
            return Fault(
                f"there is no {candidate.kind.name} hook {implementation.hook}()",
                _mend_unknown_hook(candidate.kind, implementation.hook),
            )
    return None


def check_required_hooks(candidate: Candidate) -> Fault | None:
    """Without these there is nothing to call."""
    missing = tuple(filter(candidate.lacks, candidate.kind.required))
    if missing:
        return Fault(f"it has no {missing[0]}()", "write it, with @hookimpl above it")
    if all(map(candidate.lacks, candidate.kind.hooks())):
        return Fault("it has no hooks", f"write {' or '.join(candidate.kind.hooks())}")
    return None


def check_parameter_kinds(candidate: Candidate) -> Fault | None:
    """Pluggy passes by position, and versions differ in what they do with a default."""
    for implementation in candidate.implementations:
        for parameter in implementation.parameters():
            problem = _parameter_problem(parameter)
            if problem:
                return Fault(
                    f"{implementation.hook}() has {problem} {parameter.name!r}",
                    "name plain parameters only, without defaults",
                )
    return None


def check_parameter_names(candidate: Candidate) -> Fault | None:
    """Arguments are passed by name, so a wrong one can never be filled in."""
    for implementation in candidate.implementations:
        if implementation.hook not in candidate.kind.hooks():
            continue
        offered = spec_parameters(candidate.kind, implementation.hook)
        for parameter in implementation.parameters():
            if parameter.name not in offered:
                return Fault(
                    f"{implementation.hook}() asks for {parameter.name!r}, which it cannot have",
                    _mend_parameter(parameter.name, offered),
                )
    return None


def check_not_async(candidate: Candidate) -> Fault | None:
    """Some hooks are called where no event loop runs."""
    for implementation in candidate.implementations:
        may_be = candidate.kind.may_be_async
        if implementation.hook not in may_be and is_async_function(implementation.function):
            return Fault(f"{implementation.hook}() is async", "write it with a plain def")
    return None


Check = Callable[[Candidate], Fault | None]

PLUGIN_CHECKS: tuple[Check, ...] = (
    check_not_a_class,
    check_api_declared,
    check_api_known,
    check_hooks_marked,
    check_marked_are_functions,
    check_no_wrappers,
    check_hooks_known,
    check_required_hooks,
    check_parameter_kinds,
    check_parameter_names,
    check_not_async,
)


def find_fault(candidate: Candidate) -> Fault | None:
    """The first thing wrong with a candidate."""
    return next((fault for check in PLUGIN_CHECKS if (fault := check(candidate))), None)


def spec_parameters(kind: Kind, hook: str) -> tuple[str, ...]:
    """The parameters that a hook may ask for."""
    return tuple(inspect.signature(getattr(kind.specs, hook)).parameters)[1:]


def _defines(target: Any, name: str) -> bool:
    """Whether the target itself defines a function; one imported from elsewhere is no mistake."""
    function = inspect.getattr_static(target, name, None)
    if not inspect.isfunction(function):
        return False
    return not inspect.ismodule(target) or function.__module__ == target.__name__


def _mend_unknown_hook(kind: Kind, hook: str) -> str:
    """What the author of an unknown hook probably wants."""
    for other in KINDS.values():
        if hook in other.hooks():
            return f"it is an {other.name} hook: move it to a plugin in the group {other.group}"
    meant = nearest_name(hook, kind.hooks())
    return f"did you mean {meant}()?" if meant else "take @hookimpl off it"


def _mend_parameter(name: str, offered: tuple[str, ...]) -> str:
    """Which parameter was probably meant."""
    meant = nearest_name(name, offered)
    if meant:
        return f"did you mean {meant!r}?"
    return f"it can ask for {', '.join(offered)}" if offered else "it takes no parameters"


def _parameter_problem(parameter: inspect.Parameter) -> str:
    """What is wrong with the form of a parameter, empty where nothing is."""
    if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        return "the catch-all parameter"
    if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
        return "the keyword-only parameter"
    return "" if parameter.default is inspect.Parameter.empty else "a default for"
