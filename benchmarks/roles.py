"""Whether the frames name who did it, to whom, and who claims it: for those who write `frames.rules.tsv`.

usage: python benchmarks/roles.py LANG GOLD.jsonl... [--missed ROLE] [--wrong ROLE] [--rules]

recall: of the incidents whose field is named in a sentence with an event word, how many have a mention of it with the
role. precision: of the roles given, how many agree with that field of an incident of the report. `training/reports/`
holds reports enough; no choice has been made yet, so a wrong role may still be passed over.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from constat.agreement import alike
from constat.facts import SentenceFacts
from constat.pipeline import Reader
from constat.records import Document
from constat.settings import Settings

FIELDS = {"perp": "perpetrator", "target": "target", "claimant": "claimed_by"}
SMALL = ("DET", "DE", "CM", "AND", "QU", "PA", "PZ", "IN", "ON", "WHO", "W", "NUM", "NUMW", "BE", "HAVE")


class Given(NamedTuple):
    """A role that a frame gives: the sentence, the chunks, the frame."""

    facts: SentenceFacts
    role: str
    first: int
    last: int
    rule: str

    def names(self) -> Iterator[str]:
        """What the role's words may be alike to: all of them, and each that is no small word."""
        yield self.facts.quote(self.first, self.last).quote
        for i in range(self.first, self.last):
            if self.facts.sentence.chunks[i].tag not in SMALL:
                yield self.facts.quote(i, i + 1).quote


def given(report: Sequence[SentenceFacts]) -> Iterator[Given]:
    """Every role of a report."""
    for facts in report:
        for event in facts.events:
            for role, (first, last) in event.roles.items():
                if role in FIELDS:
                    yield Given(facts, role, first, last, event.given.get(role, ""))


def shown(facts: SentenceFacts, first: int, last: int) -> str:
    """A sentence with its tags, some chunks marked."""
    words = []
    for i, chunk in enumerate(facts.sentence.chunks):
        mark = ">>" if first <= i < last else ""
        words.append(f"{mark}{facts.quote(i, i + 1).quote}/{chunk.tag}")
    return " ".join(words)


class Tally:
    """The counts over all reports, and what is to be listed."""

    def __init__(self, missed: str, wrong: str) -> None:
        self.count: Counter[tuple[str, str]] = Counter()
        self.rules: Counter[tuple[str, str, bool]] = Counter()
        self._missed, self._wrong = missed, wrong

    def report(self, row: dict[str, Any], report: Sequence[SentenceFacts]) -> None:
        """Count one coded report."""
        roles = list(given(report))
        for one in roles:
            fields = (FIELDS[one.role], "claimed_by") if one.role == "perp" else (FIELDS[one.role],)
            wanted = [i[f] for i in row["incidents"] for f in fields if i.get(f)]
            right = any(alike(name, w) for name in one.names() for w in wanted)
            self.count[one.role, "given"] += 1
            self.count[one.role, "right"] += right
            self.rules[one.role, one.rule, right] += 1
            if one.role == self._wrong and not right:
                print(row["id"], one.rule, json.dumps(wanted, ensure_ascii=False))
                print("   ", shown(one.facts, one.first, one.last))
        for incident in row["incidents"]:
            for role, field in FIELDS.items():
                if incident.get(field):
                    self._named(row["id"], incident[field], role, [r for r in roles if r.role == role], report)

    def _named(
        self, report_id: str, value: str, role: str, roles: Sequence[Given], report: Sequence[SentenceFacts]
    ) -> None:
        hit = any(alike(name, value) for one in roles for name in one.names())
        near = next(((f, i) for f in report if f.events for i in _mentions(f, value)), None)
        if near is None and not hit:
            return
        self.count[role, "named"] += 1
        self.count[role, "found"] += hit
        if role == self._missed and not hit and near is not None:
            print(report_id, value)
            print("   ", shown(near[0], near[1], near[1] + 1))


def _mentions(facts: SentenceFacts, value: str) -> Iterator[int]:
    for i, chunk in enumerate(facts.sentence.chunks):
        if chunk.tag not in SMALL and alike(facts.quote(i, i + 1).quote, value):
            yield i


def main(argv: list[str]) -> None:
    """Read the reports' texts and print the table."""
    lang, *paths = [
        a for n, a in enumerate(argv) if not a.startswith("--") and argv[n - 1] not in ("--missed", "--wrong")
    ]
    missed, wrong = (argv[argv.index(f) + 1] if f in argv else "" for f in ("--missed", "--wrong"))
    reader = Reader.open(Settings())
    tally = Tally(missed, wrong)
    for path in map(Path, paths):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["lang"] != lang or not row["incidents"]:
                continue
            document = Document(id=row["id"], text=row["text"], title=row["title"], lang=lang)
            tally.report(row, reader.facts(document))
    print(f"{lang:10}{'recall':>8}{'of':>7}{'precision':>11}{'of':>7}")
    for role in FIELDS:
        found, named, right, said = (tally.count[role, k] for k in ("found", "named", "right", "given"))
        print(f"{role:10}{found / (named or 1):8.3f}{named:7}{right / (said or 1):11.3f}{said:7}")
    if "--rules" in argv:
        for role, rule in sorted({(role, rule) for role, rule, _ in tally.rules}):
            yes, no = tally.rules[role, rule, True], tally.rules[role, rule, False]
            print(f"{role:10}{rule:32}{yes:5} of {yes + no}")


if __name__ == "__main__":
    main(sys.argv[1:])
