"""One alert, as it is kept until every channel has it, and in words."""

from __future__ import annotations

from typing import Literal

import msgspec

from constat import phrasing
from constat.interface import Words, words
from constat.records import content_id
from constat.standing import Change, Figures, Standing, When

Kind = Literal["new", "update", "merged", "withdrawn"]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report that tells of the incident; `id` is the beginning of its document's."""

    id: str = ""
    publisher: str | None = None
    title: str | None = None
    published: str | None = None
    url: str | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of one incident at one time. `earlier`: the alerts of its thread before it; `into`: the thread that
    it was merged with; `why`: a key of the interface for what a withdrawn one is withdrawn for.
    """

    casebook: str
    watch: str
    thread: str
    number: int
    kind: Kind
    at: str
    lang: str
    incident: str
    standing: Standing = Standing()
    changes: tuple[Change, ...] = ()
    reports: tuple[Report, ...] = ()
    earlier: tuple[str, ...] = ()
    into: str | None = None
    why: str | None = None

    @property
    def id(self) -> str:
        """The same for the same news of the same thread, however often it is raised."""
        return content_id([self.casebook, self.watch, self.thread, self.number, self.kind, self.standing])[:32]

    @property
    def words(self) -> Words:
        """The language it is written in."""
        return words(self.lang)

    @property
    def headline(self) -> str:
        """What, where, when."""
        return phrasing.headline(self.standing, self.words)

    @property
    def subject(self) -> str:
        """One line, by which its kind is seen as well."""
        said = self.words
        return said("alert.subject", watch=self.watch, kind=said(f"alert.{self.kind}"), headline=self.headline)

    @property
    def killed(self) -> int | None:
        """The best figure, the lowest where there is none."""
        dead = self.standing.killed
        return None if dead is None else dead.low if dead.best is None else dead.best

    def text(self, *, headed: bool = True) -> str:
        """The whole alert in lines; not `headed` where its subject stands above."""
        said, blocks = self.words, [[self.headline] if headed else []]
        if self.why:
            blocks[0].append(said(f"alert.{self.why}"))
        if self.into:
            blocks[0].append(said("alert.merged_into", id=self.into))
        if self.changes:
            blocks.append([said("alert.changed"), *(f"- {phrasing.change(c, said)}" for c in self.changes)])
        blocks.append([said("alert.stands"), *(f"- {line}" for line in phrasing.lines(self.standing, said))])
        if self.reports:
            blocks.append([said("alert.reports"), *(f"- {named(r, said)}" for r in self.reports)])
        blocks.append([said("alert.footer", watch=self.watch, id=self.id, number=self.number)])
        return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def named(report: Report, said: Words) -> str:
    """A report in a line: who, when, what."""
    when = phrasing.day(report.published, said) if report.published else None
    who = report.publisher or (said("say.report", id=report.id) if report.id else None)
    return said("say.also").join(part for part in (who, when, report.title, report.url) if part)


def kept(body: str) -> Alert | None:
    """An alert out of its JSON; None where its words were forgotten."""
    if not body:
        return None
    alert = msgspec.json.decode(body, type=Alert)
    return msgspec.structs.replace(alert, changes=tuple(_typed(c) for c in alert.changes))


def _typed(change: Change) -> Change:
    """The values of a change as they were before they were JSON."""
    kinds = {"killed": Figures, "wounded": Figures, "date": When}
    kind = kinds.get(change.field)

    def of(value: object) -> object:
        if isinstance(value, list):
            return tuple(value)
        return msgspec.convert(value, kind) if kind and value is not None else value

    return Change(change.field, of(change.before), of(change.after))
