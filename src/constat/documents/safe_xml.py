"""XML read as a stream of elements, with no document type: what needs one is refused, so no entity is ever expanded."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from constat.errors import InputError, LimitError

_DEEPEST = 1_000  # elements in elements; office documents have some twenty


def walk(
    data: bytes,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Call back for each start, end and text; names are local ones. Raises `InputError` for broken or unsafe XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise LimitError(name, parser.CurrentLineNumber, f"more than {_DEEPEST:,} elements in one another")
        start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(_local(tag))

    def refused(*_: object) -> None:
        raise InputError(name, parser.CurrentLineNumber, "the XML declares a document type or entities; it is not read")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InputError(name, error.lineno, f"not XML: {expat.ErrorString(error.code)}") from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
