"""Say in plain words what stands at a place of a file; messages and the reference page share it."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from mopsnb.strategy.models import Part, Strategy
from mopsnb.strategy.values import Kind


def describe_path(path: Sequence[str | int], whole: type[Part] = Strategy) -> str:
    """Return what is expected at a path, for example at ``("goals", 0, "deadline")``."""
    return describe_type(find_type(path, whole))


def find_type(path: Sequence[str | int], whole: type[Part] = Strategy) -> Any:
    """Return the declared type at a path of keys and positions in the file that ``whole`` describes.

    Raises
    ------
    KeyError
        The models know no such key.
    """
    found: Any = whole
    for step in path:
        found = strip_type(found)
        if isinstance(found, type) and issubclass(found, Part):
            found = found.model_fields[str(step)].rebuild_annotation()
        else:
            found = get_args(found)[-1]  # the item of a list, the value of a mapping
    return found


def strip_type(declared: Any) -> Any:
    """Return a type without ``| None`` and without annotations."""
    if get_origin(declared) is Annotated:
        return strip_type(get_args(declared)[0])
    if get_origin(declared) in (Union, types.UnionType):
        others = [arg for arg in get_args(declared) if arg is not type(None)]
        return strip_type(others[0]) if len(others) == 1 else declared
    return declared


def find_part(declared: Any) -> type[Part] | None:
    """Return the block of keys that a type holds, directly or as the item of a list."""
    bare = strip_type(declared)
    if get_origin(bare) is list:
        bare = strip_type(get_args(bare)[0])
    return bare if isinstance(bare, type) and issubclass(bare, Part) else None


def describe_type(declared: Any) -> str:
    """Return in plain words what a type accepts."""
    kind = _find_kind(declared)
    if kind:
        return kind.words
    bare = strip_type(declared)
    part = find_part(bare)
    if get_origin(bare) is list:
        return "a list of entries" if part else f"a list, each item {describe_type(get_args(bare)[0])}"
    if part:
        return f"keys with values: {', '.join(part.model_fields)}"
    if get_origin(bare) is dict:
        return f"keys with values, each value {describe_type(get_args(bare)[1])}"
    if get_origin(bare) is Literal:
        return f"one of {', '.join(map(str, get_args(bare)))}"
    raise TypeError(f"no words for {declared!r}")


def _find_kind(declared: Any) -> Kind | None:
    if get_origin(declared) is Annotated:
        kinds = [extra for extra in declared.__metadata__ if isinstance(extra, Kind)]
        return kinds[0] if kinds else _find_kind(get_args(declared)[0])
    if get_origin(declared) in (Union, types.UnionType):
        found = [_find_kind(arg) for arg in get_args(declared)]
        return next((kind for kind in found if kind), None)
    return None
