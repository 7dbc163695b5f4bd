"""The register of armed and state actors and cited agencies: its rows, its names, and the rows that a name may mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from constat.errors import PackError
from constat.lexicon import Entry, Sense
from constat.tables import ONTOLOGY, fold_phrase, read_toml, rows
from constat.text import tokens

COLUMNS = (
    *("id", "kind", "country", "from", "to", "names_en", "names_fr", "names_ar", "names_own", "acronyms"),
    *("plover", "acled", "ucdp", "parent"),
)
_SCRIPTS = {"LATIN": "Latn", "ARABIC": "Arab", "CYRILLIC": "Cyrl", "DEVANAGARI": "Deva", "HEBREW": "Hebr"}
_SHORTEST = 5  # letters: below this, another spelling is another name
_SIMILAR = 88
_WORD = 3


class Actor(msgspec.Struct, frozen=True):
    """One row: a stable id, what kind of actor, where and when, its names by language, its names in other codings.

    `common` holds names that are mostly common words: known to `find`, never laid into a lexicon.
    """

    id: str
    kind: str
    countries: tuple[str, ...]
    first: int | None
    last: int | None
    names: Mapping[str, tuple[str, ...]]
    acronyms: tuple[str, ...]
    common: tuple[str, ...]
    plover: str
    acled: str
    ucdp: str
    parent: str
    table: str
    line: int

    @property
    def name(self) -> str:
        """The name to print: the first that there is in English, French, Arabic, its own language."""
        return next((names[0] for names in (*self.names.values(), self.common) if names), self.id)

    def alive(self, year: int) -> bool:
        """Whether it existed in a year, as far as the register knows."""
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


class Candidate(msgspec.Struct, frozen=True):
    """A row that a name may mean, how sure that is (0 to 1), and why."""

    actor: Actor
    confidence: float
    why: str


class _Settings(msgspec.Struct, frozen=True):
    kinds: tuple[str, ...]
    sectors: tuple[str, ...]
    articles: tuple[str, ...]
    standing: tuple[str, ...]
    confidence: dict[str, float]


class ActorRegister:
    """All rows, looked up by name, acronym, part or spelling; opened once and never changed."""

    def __init__(self, actors: Iterable[Actor], settings: _Settings) -> None:
        self.actors = tuple(actors)
        self.by_id = {actor.id: actor for actor in self.actors}
        self._settings = settings

    @cached_property
    def _index(self) -> dict[str, dict[str, tuple[Actor, ...]]]:
        """Folded words -> how they name -> the rows."""
        index: dict[str, dict[str, tuple[Actor, ...]]] = {}
        for actor in self.actors:
            names = [("name", name) for found in actor.names.values() for name in found]
            marked = [*names, *(("acronym", a) for a in actor.acronyms), *(("common", c) for c in actor.common)]
            for how, name in marked:
                found = index.setdefault(self._bare(fold_phrase(name)), {})
                if actor not in found.get(how, ()):
                    found[how] = (*found.get(how, ()), actor)
        return index

    @cached_property
    def _long(self) -> list[str]:
        return [key for key in self._index if len(key) >= _SHORTEST]

    def _bare(self, phrase: str) -> str:
        out = []
        for word in phrase.split():
            article = next((a for a in self._settings.articles if word.startswith(a) and len(word) > len(a) + 2), "")
            out.append(word[len(article) :])
        return " ".join(out)

    def find(self, name: str, country: str | None = None, year: int | None = None) -> tuple[Candidate, ...]:
        """The rows that a name may mean, surest first; none if nothing in the register is like it.

        `country` (ISO alpha-3) is where it acted and `year` when: rows of elsewhere or of other years stay, less sure.
        """
        found = self._exact(name) or self._contained(name) or self._spelled(name)
        best: dict[str, Candidate] = {}
        for actor, base, why in found:
            confidence, reasons = base, [why]
            if country and actor.countries and country not in actor.countries:
                confidence *= self._settings.confidence["other_country"]
                reasons.append(f"not known in {country}")
            if year is not None and not actor.alive(year):
                confidence *= self._settings.confidence["other_year"]
                reasons.append(f"not known in {year}")
            if actor.id not in best or best[actor.id].confidence < confidence:
                best[actor.id] = Candidate(actor, confidence, "; ".join(reasons))
        total = sum(c.confidence for c in best.values())
        top = max((c.confidence for c in best.values()), default=0.0)
        # Where several rows may be meant, each gets its share.
        shared = [Candidate(c.actor, round(top * c.confidence / total, 3), c.why) for c in best.values()]
        return tuple(sorted(shared, key=lambda c: (-c.confidence, c.actor.id)))

    def link(
        self, name: str, country: str | None = None, date: str | None = None, kind: str | None = None
    ) -> tuple[Candidate, ...]:
        """As `find`, for the words of a claim and an ISO date; bare words of a state `kind` mean the country's own."""
        year = int(date[:4]) if date and date[:4].isdigit() else None
        found = self.find(name, country, year)
        if found or not country or kind not in self._settings.standing:
            return found
        confidence = self._settings.confidence["standing"]
        return tuple(
            Candidate(actor, confidence, f"the {kind} of {country}")
            for actor in self.actors
            if actor.kind == kind and actor.countries == (country,) and actor.id.endswith("." + kind)
        )

    def _exact(self, name: str) -> list[tuple[Actor, float, str]]:
        return list(self._hits(name, self._bare(fold_phrase(name)), "", "is {how} of the register"))

    def _contained(self, name: str) -> list[tuple[Actor, float, str]]:
        """The longest part of the words that is a name; a common word as part says nothing."""
        words = [t for t in tokens(name) if t.shape != "p"]
        for size in range(len(words) - 1, 0, -1):
            out: list[tuple[Actor, float, str]] = []
            for i in range(len(words) - size + 1):
                written = name[words[i].start : words[i + size - 1].end]
                key = self._bare(" ".join(w.fold for w in words[i : i + size]))
                out += self._hits(written, key, "contained", "holds {how} of the register, {key!r}")
            if out:
                return out
        return []

    def _hits(self, written: str, key: str, base: str, why: str) -> Iterator[tuple[Actor, float, str]]:
        for how, actors in self._index.get(key, {}).items():
            # Newsrooms write long acronyms as names (Minusma); a short one so is a word. Arabic has neither case.
            word = written.islower() or (written.istitle() and len(written) <= _WORD)
            if (base and how == "common") or (how == "acronym" and word):
                continue
            text = why.format(how="an acronym" if how == "acronym" else "a name", key=key)
            for actor in actors:
                yield actor, self._settings.confidence[base or how], text

    def _spelled(self, name: str) -> list[tuple[Actor, float, str]]:
        from rapidfuzz import fuzz, process  # takes a tenth of the time to start, and few names need it

        key = self._bare(fold_phrase(name))
        if len(key) < _SHORTEST:
            return []
        near = process.extract(key, self._long, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=3)
        base = self._settings.confidence["spelling"]
        return [
            (actor, base * score / 100, f"is spelled like {other!r}")
            for other, score, _ in near
            for how, actors in self._index[other].items()
            if how == "name"
            for actor in actors
        ]

    def entries(self, code: str, script: str) -> Iterator[Entry]:
        """Lexicon entries of the names that a text of this language and script may hold."""
        for number, actor in enumerate(self.actors, 1):
            tag, key = ("AGENCY", "") if actor.kind == "agency" else ("ACT", actor.kind)
            names = [*actor.names.get(code, ()), *(n for n in actor.names["own"] if _script(n) == script)]
            for name in names:
                # One word is a name only with its capital; in several, capitals differ between newsrooms.
                shapes = "ca" if " " not in name and name[0].isupper() else "wcan"
                sense = Sense(tag, "", key, name.casefold(), shapes)
                yield Entry(fold_phrase(name), sense, "register", number)
            for name in actor.acronyms:
                if _script(name) in ("Latn", script):
                    sense = Sense(tag, "", key, name.casefold(), "a", name)
                    yield Entry(fold_phrase(name), sense, "register", number)


def _script(name: str) -> str:
    letter = next((c for c in name if c.isalpha()), "a")
    return "Latn" if letter.isascii() else _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "")


@lru_cache(maxsize=4)
def load_register(overlays: tuple[Path, ...] = ()) -> ActorRegister:
    """The shipped rows with those of a user's `ontology/actors/` folders laid over them by id; raises `PackError`."""
    settings = msgspec.convert(read_toml(ONTOLOGY / "actors.toml"), _Settings)
    found: dict[str, Actor] = {}
    for folder in (ONTOLOGY, *(o / "ontology" for o in overlays)):
        layer: dict[str, Actor] = {}
        for path in sorted((folder / "actors").glob("*.tsv")):
            for line, cells in rows(path, COLUMNS):
                actor = _actor(path, line, cells, settings)
                if (other := layer.get(actor.id)) is not None:
                    cause = f"the id {actor.id!r} is taken by {other.table}:{other.line}; ids must differ"
                    raise PackError(str(path), line, cause)
                layer[actor.id] = actor
        found |= layer
    for actor in found.values():
        if actor.parent and actor.parent not in found:
            raise PackError(actor.table, actor.line, f"no row has the id {actor.parent!r} that `parent` names")
    return ActorRegister(found.values(), settings)


def _actor(path: Path, line: int, cells: Sequence[str], settings: _Settings) -> Actor:
    row = dict(zip(COLUMNS, cells, strict=True))

    def wrong(column: str, right: str) -> PackError:
        return PackError(str(path), line, f"{column} is {row[column]!r}; it should be {right}")

    if not row["id"] or row["id"] != row["id"].lower() or " " in row["id"]:
        raise wrong("id", "lower-case words joined by '.' or '-', such as ml.jnim")
    if row["kind"] not in settings.kinds:
        raise wrong("kind", "one of " + ", ".join(settings.kinds))
    if row["plover"] not in settings.sectors:
        raise wrong("plover", "one of " + ", ".join(settings.sectors))
    countries = _several(row["country"])
    if not all(len(c) == 3 and c.isascii() and c.isupper() for c in countries):
        raise wrong("country", "ISO 3166-1 alpha-3 codes joined by '|', or empty")
    for column in ("from", "to"):
        if row[column] and not (row[column].isdigit() and len(row[column]) == 4):
            raise wrong(column, "a year or empty")
    first, last = (int(row[c]) if row[c] else None for c in ("from", "to"))
    if first and last and first > last:
        raise wrong("to", f"no year before {first}")
    names = {code: _several(row["names_" + code]) for code in ("en", "fr", "ar", "own")}
    acronyms = _several(row["acronyms"])
    if not any(names.values()):
        raise PackError(
            str(path), line, f"{row['id']!r} has no name; give one in names_en, names_fr, names_ar or names_own"
        )
    return Actor(
        id=row["id"],
        kind=row["kind"],
        countries=countries,
        first=first,
        last=last,
        names={code: tuple(n for n in found if n[0] != "?") for code, found in names.items()},
        acronyms=tuple(a for a in acronyms if a[0] != "?"),
        common=tuple(n[1:] for n in (*(n for found in names.values() for n in found), *acronyms) if n[0] == "?"),
        plover=row["plover"],
        acled=row["acled"],
        ucdp=row["ucdp"],
        parent=row["parent"],
        table=str(path),
        line=line,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (p.strip() for p in cell.split("|")) if part) if cell else ()
