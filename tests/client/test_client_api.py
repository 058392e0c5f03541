"""facematch.client.__all__ is the whole public interface: what it names, shows, returns and raises; and it is light."""

import builtins
import inspect
import re
import subprocess
import sys
import typing
from collections.abc import Iterator

import pytest

from facematch import client as api
from facematch import errors

HEAVY = ("streamlit", "cv2", "plotly", "pandas", "onnxruntime", "av", "starlette", "facematch.engine", "facematch.ui")
# Their own modules say how they are used: the client takes the one as it is and makes the other.
NOT_CALLED = {"CallLog": "all of it", "LocalService": "__init__"}


def is_ours(thing: object) -> bool:
    return inspect.isclass(thing) and thing.__module__.startswith("facematch")


def classes_in(annotation: object) -> Iterator[type]:
    """Our classes in a type, wherever they stand in it."""
    for inner in typing.get_args(annotation):
        yield from classes_in(inner)
    if is_ours(annotation):
        yield annotation


def public_functions(kind: type) -> Iterator[object]:
    """What a caller may call of *kind*, and its properties."""
    skipped = NOT_CALLED.get(kind.__name__)
    for name, member in vars(kind).items():
        if (name.startswith("_") and name not in ("__init__", "__call__")) or skipped in (name, "all of it"):
            continue
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(function):
            yield function


def raised_by(thing: object) -> Iterator[type]:
    """The errors that the ``Raises`` part of a docstring names."""
    part = (inspect.getdoc(thing) or "").partition("Raises:\n")[2]
    for names in re.findall(r"^\s+([A-Z][\w, ]+):", part, re.MULTILINE):
        ours = [name for name in names.split(", ") if not hasattr(builtins, name)]
        yield from (getattr(errors, name) for name in ours)


def reached_from(thing: object) -> Iterator[type]:
    """Our classes that a caller of *thing* meets: bases, fields, arguments, results, errors."""
    yield from raised_by(thing)
    if inspect.isfunction(thing):
        for annotation in typing.get_type_hints(thing).values():
            yield from classes_in(annotation)
    if not is_ours(thing):
        return
    yield from (base for base in thing.__mro__[1:] if is_ours(base))
    for function in public_functions(thing):
        yield from reached_from(function)
    fields = {name: hint for name, hint in typing.get_type_hints(thing).items() if not name.startswith("_")}
    if thing.__name__ not in NOT_CALLED:
        for annotation in fields.values():
            yield from classes_in(annotation)


@pytest.mark.parametrize("name", api.__all__)
def test_whatever_a_public_name_leads_to_is_public(name):
    reached = set(reached_from(getattr(api, name)))

    assert {each.__name__ for each in reached} - set(api.__all__) == set()


def test_the_walk_reaches_what_a_caller_meets():
    reached = {each.__name__ for each in reached_from(api.FaceMatchClient)}

    assert {
        "Photo",
        "Match",
        "Pending",
        "RunItem",
        "CallLog",
        "Evidence",
        "StillProcessing",
        "HttpStatusError",
    } <= reached
    assert {"Exchange"} <= {each.__name__ for each in reached_from(api.Match)}


def test_every_error_of_a_call_is_public():
    kinds = [each for each in vars(errors).values() if is_ours(each) and issubclass(each, errors.CallError)]

    assert len(kinds) > 15
    assert {each.__name__ for each in kinds} <= set(api.__all__)


def test_names_are_there_once_and_sorted():
    assert sorted(set(api.__all__), key=lambda name: (name.islower(), name)) == api.__all__


@pytest.mark.parametrize(
    "name", [name for name in api.__all__ if inspect.isclass(getattr(api, name)) or name.islower()]
)
def test_every_public_name_says_what_it_is(name):
    thing = getattr(api, name)
    first = (thing.__doc__ or "").partition("\n")[0]
    functions = list(public_functions(thing)) if inspect.isclass(thing) else []

    assert len(first) > 10
    assert not first.startswith(f"{name}(")  # what a dataclass writes by itself
    assert [
        function.__name__ for function in functions if not function.__doc__ and function.__name__ != "__init__"
    ] == []


def test_the_client_loads_nothing_heavy():
    program = "import sys; from facematch.client import FaceMatchClient; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)

    loaded = found.stdout.split()
    assert "requests" in loaded
    assert [name for name in HEAVY if name in loaded] == []
