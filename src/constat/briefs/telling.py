"""The sentences about one incident, each with what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from constat import phrasing
from constat.briefs.notes import Notes, Sentence, Sources
from constat.exports.dossier import Dossier
from constat.interface import Words
from constat.records import Incident, Stated
from constat.standing import Change, Figures, Standing, changes

RIVALS = ("type", "subtype", "date", "place", "perpetrator", "claimed_by")
_SEVERAL = frozenset({"weapons", "responses", "sources"})
_LISTS = (("weapons", "with"), ("responses", "done"))


class Telling:
    """The sentences about one incident."""

    def __init__(self, dossier: Dossier, stands: Standing, rests: Sources, notes: Notes, words: Words) -> None:
        self.one: Incident = dossier.incident
        self.stands, self.rests, self.notes, self.words = stands, rests, notes, words
        self.reports = tuple(d.id for d in dossier.documents)
        self.decisions = dossier.decisions

    def headline(self) -> Sentence:
        """What, where, when."""
        fields = ("type", "subtype", "place", "date")
        return self._said(phrasing.headline(self.stands, self.words), *map(self._behind, fields))

    def all(self) -> Iterator[Sentence]:
        """All that is told of it."""
        yield from self._tolls()
        yield from self._actors()
        for field, key in _LISTS:
            fused = self.one.field(field)
            if fused and fused.value:
                value = phrasing.value(field, fused.value, self.words)
                yield self._said(self.words(f"brief.{key}", **{field: value}), self._behind(field))
        if damage := self.one.field("damage"):
            said = self.words("brief.lost", damage=phrasing.value("damage", damage.value, self.words))
            yield self._said(said, self._behind("damage"))
        yield from self._doubts()

    def changed(self, before: Standing, fresh: frozenset[str]) -> Iterator[Sentence]:
        """What changed, each change with the reports or decisions that it came with."""
        moved = changes(before, self.stands)
        for change in moved:
            yield self._said(_capital(phrasing.change(change, self.words)) + ".", self._cause(change, fresh))
        yield from self._tolls({change.field for change in moved})
        yield from self._doubts()

    def disputed(self, rivals: tuple[Sentence, ...]) -> Iterator[Sentence]:
        """That it is contested, beside the values that are told first."""
        if rivals:
            numbers = sorted({n for s in rivals for n in s.notes})
            yield Sentence(self.words("brief.disputed", section=self.words("brief.contested")), tuple(numbers))

    def rivals(self) -> Iterator[Sentence]:
        """Values that are stated against one another, each with who says so; denials."""
        for name in RIVALS:
            fused = self.one.field(name)
            if fused and self._is_contested(fused.stated):
                yield self._against(name, fused.stated)
        for toll in self.one.tolls:
            if len({s.value for s in toll.stated}) > 1:
                yield self._against(toll.field, toll.stated, toll.group)
        for denied in self.one.denials:
            key = "denied_by" if denied.by else "denied_outlet"
            by = phrasing.voice(denied.by or denied.voice, self.words)
            yield self._said(self.words(f"brief.{key}", by=by), [c.id for c in denied.claims], [denied.document])

    def _tolls(self, told: Collection[str] = ()) -> Iterator[Sentence]:
        """The tolls that are not told yet; that no dead are stated is said, for it is not zero."""
        for name in ("killed", "wounded"):
            if name in told:
                continue
            total: Figures | None = getattr(self.stands, name)
            if total is None:
                if name == "killed":
                    yield self._said(self.words("brief.silent"), self.reports)
                continue
            held = [t for t in self.one.tolls if t.field == name]
            groups = [
                f"{self.words.named('group', t.group)} {phrasing.figures(t, self.words)}" for t in held if t.group
            ]
            said = {"name": self.words.named("field", name), "value": phrasing.figures(total, self.words)}
            key, more = ("toll_groups", {"groups": phrasing.listed(groups, self.words)}) if groups else ("toll", {})
            claims = [c for t in held for s in t.stated for c in s.claims]
            yield self._said(_capital(self.words(f"brief.{key}", **said, **more)), claims)

    def _actors(self) -> Iterator[Sentence]:
        s = self.stands
        if s.perpetrator:
            certainty = self.words.named("certainty", s.certainty)
            key = "by" if certainty else "by_plain"
            said = self.words(f"brief.{key}", actor=s.perpetrator, certainty=certainty)
            yield self._said(said, self._behind("perpetrator"), self._behind("perpetrator_certainty"))
        if s.claimed_by:
            yield self._said(self.words("brief.claim", actor=s.claimed_by), self._behind("claimed_by"))
        if s.target:
            yield self._said(self.words("brief.against", target=s.target), self._behind("target"))

    def _doubts(self) -> Iterator[Sentence]:
        if self.stands.uncertain:
            yield self._said(self.words("brief.unsure"), self._behind("uncertain"))
        grade = self.words(f"information.{self.stands.information}")
        yield self._said(self.words("brief.graded", grade=grade, voices=len(self.stands.voices)), self.reports)
        if self.stands.status == "accepted":
            yield self._said(self.words("brief.reviewed"), [d.id for d in self.decisions if d.kind == "accept"])
        elif self.stands.status == "open":
            yield self._said(self.words("brief.unreviewed"), self.reports)

    def _behind(self, field: str) -> list[str]:
        """The claims that state the value of a field, and the decisions that set it."""
        fused = self.one.field(field)
        if fused is None:
            return []
        claims = [c for s in fused.stated if s.value == fused.value or field in _SEVERAL for c in s.claims]
        return claims + [d.id for d in self.decisions if d.kind == "value" and d.field == field]

    def _cause(self, change: Change, fresh: frozenset[str]) -> list[str]:
        """What a change came with: new reports that tell of the field, decisions on it; else all there is."""
        if change.field == "status":
            return [d.id for d in self.decisions if d.kind in ("accept", "reject", "undo")]
        if change.field == "voices":
            return sorted(fresh & set(self.reports)) or list(self.reports)
        if change.field == "denials":
            return [c.id for d in self.one.denials for c in d.claims]
        tolls = [c for t in self.one.tolls if t.field == change.field for s in t.stated for c in s.claims]
        every = tolls or self._behind(change.field)
        late = [c for c in every if any(d in fresh for d, _ in self.rests.found(c))]
        return late or every or list(self.reports)

    def _is_contested(self, stated: Iterable[Stated]) -> bool:
        """Whether one value has others behind it than another: another reading of one sentence is no dispute."""
        sides = {(s.voices, tuple(self.rests.cited(s.claims))) for s in stated}
        return len(sides) > 1

    def _against(self, field: str, stated: Iterable[Stated], group: str | None = None) -> Sentence:
        sides = list(stated)
        said = []
        for side in sides:
            names = phrasing.listed((phrasing.voice(v, self.words) for v in side.voices), self.words)
            cited = phrasing.listed((c for c in self.rests.cited(side.claims) if c), self.words)
            if cited:
                names = self.words("brief.citing", voice=names, source=cited)
            said.append(self.words("brief.says", voices=names, value=phrasing.value(field, side.value, self.words)))
        name = self.words.named("field", field)
        if group:
            name = self.words("brief.of_group", name=name, group=self.words.named("group", group))
        values = self.words("say.also").join(said)
        text = _capital(self.words("brief.contested_of", name=name, values=values)) + "."
        return self._said(text, [claim for side in sides for claim in side.claims])

    def _said(self, text: str, *groups: Iterable[str]) -> Sentence:
        sentence = self.notes.said(text, self.rests, *groups)
        return sentence if sentence.notes else self.notes.said(text, self.rests, self.reports)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
