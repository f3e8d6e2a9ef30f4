"""What the code records in the audit trail, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

APPS = (
    *("accounts", "companies", "core", "kompetenslyft"),
    *("networks", "reporting", "trainings"),
)
# They record, or hand the facts that they are given on to what does; what else they
# are told is no fact.
DOORS = {
    "record": {"people"},
    "record_rows": set(),
    "record_roster": set(),
    "record_reading": set(),
    "_erase": {"actor"},
}


@dataclass
class Call:
    """One call of a door; `action` is empty where no constant stands for it.

    `facts` are the names that stand in the source, `unread` what it unfolds besides.
    """

    place: str
    action: str
    facts: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)


def recorded_actions() -> Iterator[str]:
    """Find what the code records, by the calls whose name begins with `record`."""
    for _place, tree in sources():
        yield from _actions_in(tree)


def recorded_calls() -> Iterator[Call]:
    """Find every call that records, and the facts that it gives."""
    for place, tree in sources():
        for function in _functions(tree):
            for call in _own_calls(function):
                if _name(call.func) in DOORS:
                    yield _read(place, function, call)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "tests" not in path.parts and "migrations" not in path.parts:
                place = str(path.relative_to(settings.BASE_DIR))
                yield place, ast.parse(path.read_text(encoding="utf-8"))


def _actions_in(tree):
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func).startswith("record"):
            for argument in call.args[:2]:
                if isinstance(argument, ast.Constant) and "." in str(argument.value):
                    yield argument.value


def _name(called):
    return getattr(called, "attr", None) or getattr(called, "id", "")


def _functions(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _own_calls(function):
    """Yield the calls of a function that stand in no function inside it."""
    inside = {
        node
        for inner in ast.walk(function)
        if isinstance(inner, ast.FunctionDef) and inner is not function
        for node in ast.walk(inner)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and node not in inside:
            yield node


def _read(place, function, call):
    constants = [a.value for a in call.args if isinstance(a, ast.Constant)]
    action = next((str(text) for text in constants if "." in str(text)), "")
    found = Call(place, action)
    for keyword in call.keywords:
        if keyword.arg is None:
            _unfold(found, function, keyword.value)
        elif keyword.arg not in DOORS[_name(call.func)]:
            found.facts.add(keyword.arg)
    return found


def _unfold(found, function, value):
    """Read the names of a dictionary that a call unfolds, if they stand in sight."""
    handed_on = function.args.kwarg and function.args.kwarg.arg == ast.unparse(value)
    if handed_on and function.name in DOORS:
        return
    written = [text for text in _values_of(function, value) if _is_plain(text)]
    if not written:
        found.unread.add(f"{found.place}: {ast.unparse(value)}")
    for text in written:
        keys = (key for node in ast.walk(text) for key in getattr(node, "keys", []))
        found.facts |= {key.value for key in keys if isinstance(key, ast.Constant)}


def _values_of(function, name):
    """Yield what a function puts into a name."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        (target,) = node.targets
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=True))
        for put_into, value in pairs:
            if ast.unparse(put_into) == ast.unparse(name):
                yield value


def _is_plain(value):
    """Whether it is a dictionary whose names are all written out, or one of several."""
    if isinstance(value, ast.IfExp):
        return _is_plain(value.body) and _is_plain(value.orelse)
    return isinstance(value, ast.Dict) and all(
        isinstance(key, ast.Constant) for key in value.keys
    )
