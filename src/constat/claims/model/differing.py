"""Where rules and model differ, as a page for people: how often, field by field, and then report by report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from constat.claims.model.compare import Difference
from constat.claims.model.propose import Refusal
from constat.records import DateValue, PlaceValue, Toll, Value


def page(differences: Sequence[Difference], refused: Sequence[Refusal]) -> str:
    """The page, in Markdown."""
    return "\n".join((*_head(differences, refused), *_reports(differences, refused))) + "\n"


def _head(differences: Sequence[Difference], refused: Sequence[Refusal]) -> Iterator[str]:
    reports = {d.document for d in differences} | {r.document for r in refused}
    yield "# Where rules and model differ"
    yield ""
    yield f"{len(differences)} differences and {len(refused)} refused quotes in {len(reports)} reports."
    if differences:
        yield ""
        yield "| field | only the rules | only the model | not the same |"
        yield "|---|---:|---:|---:|"
        kinds = Counter((d.field, _kind(d)) for d in differences)
        for field in sorted({d.field for d in differences}):
            rules, model, both = (kinds[field, kind] for kind in ("rules", "model", "both"))
            yield f"| {field} | {rules} | {model} | {both} |"
    if refused:
        yield ""
        yield "| refused because | times |"
        yield "|---|---:|"
        yield from (f"| {why} | {n} |" for why, n in Counter(r.why for r in refused).most_common())


def _kind(difference: Difference) -> str:
    return "rules" if difference.model is None else "model" if difference.rules is None else "both"


def _reports(differences: Iterable[Difference], refused: Iterable[Refusal]) -> Iterator[str]:
    lines: dict[str, list[str]] = {}
    for d in differences:
        sides = (("rules", d.rules, d.rules_quotes), ("model", d.model, d.model_quotes))
        told = "; ".join(f"{who}: {_side(value, quotes)}" for who, value, quotes in sides)
        lines.setdefault(d.document, []).append(f"- {d.field}: {told}")
    for r in refused:
        lines.setdefault(r.document, []).append(f"- {r.field}: the model's {_quoted((r.quote,))} is refused: {r.why}")
    for document, told_of in lines.items():
        yield from ("", f"## {_line(document)}", "", *told_of)


def _side(value: Value | None, quotes: Sequence[str]) -> str:
    return "nothing" if value is None else f"{_text(value)} {_quoted(quotes)}"


def _text(value: Value) -> str:
    match value:
        case Toll(low=low, high=None):
            return f"at least {low}"
        case Toll(low=low, high=high):
            return str(low) if low == high else f"{low} to {high}"
        case DateValue():
            return value.value or "no calendar date"
        case PlaceValue():
            return ", ".join(_line(part) for part in (value.name, value.country) if part)
        case bool():
            return "yes" if value else "no"
        case str():
            return _line(value)


def _quoted(quotes: Iterable[str]) -> str:
    return " … ".join(f"“{_line(quote)}”" for quote in quotes)


def _line(words: str) -> str:
    """Words of a report on one line, in which nothing is markup."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|&" else c for c in " ".join(words.split()))
