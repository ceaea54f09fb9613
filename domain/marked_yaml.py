"""YAML that remembers on which line each value stands, and takes no key twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from domain.errors import HeduiError

# the one in C is ten times faster
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Marked:
    """A value read from YAML with its place: a ``dict``, a ``list`` or a scalar's text.

    ``value`` of a mapping is a dict of name to Marked, of a sequence a list of Marked, of a scalar
    the text as written (None for a blank or ``null``). ``is_text`` is true for a quoted scalar.
    """

    value: Any
    path: Path
    line: int

    def plain(self) -> Any:
        """The same as ordinary Python values; every scalar is its text or None."""
        if isinstance(self.value, dict):
            return {name: item.plain() for name, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def refuse(self, key: str, **fields: object) -> HeduiError:
        """The error ``rules_<key>`` with this value's file and line."""
        return HeduiError(f"rules_{key}", file=self.path.name, line=self.line, **fields)

    def mapping(self, what: str) -> Mapping[str, "Marked"]:
        """The value as a mapping; raises HeduiError saying that ``what`` should be one."""
        if not isinstance(self.value, dict):
            raise self.refuse("not_mapping", what=what)
        return self.value

    def sequence(self, what: str) -> list["Marked"]:
        """The value as a list; raises HeduiError saying that ``what`` should be one."""
        if not isinstance(self.value, list):
            raise self.refuse("not_list", what=what)
        return self.value

    def text(self, what: str) -> str:
        """The value as text that is not blank; raises HeduiError naming ``what``."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("not_text", what=what)
        return self.value.strip()


def read_marked(path: Path) -> Marked:
    """The document in ``path``. Raises HeduiError (file, line) where it cannot be read."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise HeduiError("rules_unreadable", file=path.name, line=line) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise HeduiError("rules_unreadable", file=path.name, line=1) from error
    if node is None:
        raise HeduiError("rules_unreadable", file=path.name, line=1)
    return _marked(node, path)


def _marked(node: yaml.Node, path: Path) -> Marked:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Marked(_mapping(node, path), path, line)
    if isinstance(node, yaml.SequenceNode):
        return Marked([_marked(item, path) for item in node.value], path, line)
    is_blank = node.tag == "tag:yaml.org,2002:null"
    return Marked(None if is_blank else node.value, path, line)


def _mapping(node: yaml.MappingNode, path: Path) -> dict[str, Marked]:
    found: dict[str, Marked] = {}
    for name_node, value_node in node.value:
        name = str(name_node.value)
        if name in found:
            raise HeduiError(
                "rules_key_twice", file=path.name, line=name_node.start_mark.line + 1, name=name
            )
        found[name] = _marked(value_node, path)
    return found
