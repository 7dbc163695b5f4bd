"""Loads, validates, compiles and hashes language packs; lays a user's own folder over the shipped ones."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from constat.actors import load_register
from constat.errors import PackError
from constat.folding import fold_word
from constat.grammar import Alphabet, Rule, RuleError, Rules
from constat.lexicon import Clitics, Entry, Lexicon, Sense
from constat.marking import Names, mark
from constat.patterns import formed_tags, keyed_tags
from constat.tables import LANGUAGES as LANGUAGES
from constat.tables import ONTOLOGY as ONTOLOGY
from constat.tables import fold_phrase, rows
from constat.tables import read_toml as read_toml
from constat.text import Sentence, sentences

LEXICON_COLUMNS = ("phrase", "inflect", "tag", "key", "example")
RULE_COLUMNS = ("name", "pattern", "set", "example")
INFLECTION_COLUMNS = ("class", "form", "cut", "add", "prefix")
FORMS = "nvpgia"
_NO_RULES = Rules()
_COUNTS = {
    "NUMW": re.compile(r"\d{1,9}(?:\.\d+)?"),
    "SOME": re.compile(r"(?:\d{1,9})?(?:/\d{1,9})?"),
}  # keys of numbers
_CAPTURE = re.compile(r"\{([a-z_0-9]+):([^{}]*)\}")


class Tags(msgspec.Struct, frozen=True):
    """The tags that tables and rules may use, in order of precedence, those the program gives, and the aliases."""

    order: tuple[str, ...]
    given: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]]


class Pack(msgspec.Struct, frozen=True):
    """A language, compiled: its lexicon, its rules by table, and the hash of all that made it."""

    code: str
    name: str
    native: str
    script: str
    direction: str
    capitals: bool
    frequent: frozenset[str]
    abbreviations: frozenset[str]
    lexicon: Lexicon
    alphabet: Alphabet
    rules: Mapping[str, Rules]
    digest: str

    def table(self, name: str) -> Rules:
        """The rules of a table, none if the pack has no such table."""
        return self.rules.get(name, _NO_RULES)

    def sentences(self, text: str, part: str, first: int, names: Names | None) -> list[Sentence]:
        """The sentences of one part of a document, marked."""
        cut = sentences(text, part, self.abbreviations, self.capitals, first)  # type: ignore[arg-type]
        return [mark(s, text, self.lexicon, self.alphabet, names) for s in cut]


class Tokens(msgspec.Struct, frozen=True):
    """`[tokens]` of a `pack.toml`: what is written onto words (prefix -> its tags), the article, the feminine ends."""

    prefixes: Mapping[str, tuple[str, ...]] = {}
    enclitics: tuple[str, ...] = ()
    article: str = ""
    feminine: tuple[str, str] = ("", "")
    particles: tuple[str, ...] = ()


class ExampleResult(msgspec.Struct, frozen=True):
    """Whether one example of a pack was read as its line says; `why` tells what was found instead."""

    table: str
    line: int
    example: str
    ok: bool
    why: str = ""


def read_tags(path: Path = ONTOLOGY / "tags.toml") -> Tags:
    """The tag list of the ontology; raises `PackError`."""
    data = read_toml(path)
    return Tags(
        tuple(data["order"]), tuple(data["given"]), {name: tuple(members) for name, members in data["aliases"].items()}
    )


Paradigms = dict[str, list[tuple[str, str, str, str]]]


def read_inflections(path: Path, into: Paradigms) -> None:
    """Adds the inflection classes of a table to those already read."""
    for line, (name, form, cut, add, prefix) in rows(path, INFLECTION_COLUMNS):
        if form not in FORMS:
            raise PackError(str(path), line, f"form {form!r}; it should be one of {', '.join(FORMS)}")
        into.setdefault(name, []).append((form, cut, add, prefix))


def inflect(word: str, paradigm: Iterable[tuple[str, str, str, str]]) -> Iterator[tuple[str, str]]:
    """The (form, spelling) pairs of a word under one inflection class."""
    for form, cut, add, prefix in paradigm:
        if cut.isdigit():
            stem = word[: len(word) - int(cut)] if int(cut) else word
        elif not cut:
            stem = word
        elif word.endswith(cut):
            stem = word[: -len(cut)]
        else:
            continue
        yield form, prefix + stem + add


def _forms(phrase: str, classes: str, paradigms: Paradigms, path: Path, line: int) -> Iterator[tuple[str, str]]:
    # A hyphen is a word border; where each word has its class, the parts of a compound are words.
    words = (phrase.replace("-", " ") if "+" in classes else phrase).split()
    starred = next((k for k, w in enumerate(words) if w.startswith("*")), 0)
    words = [w.lstrip("*") for w in words]
    if not classes:
        yield "", " ".join(words)
        return
    parts = classes.split("+")
    slots = list(range(len(parts))) if len(parts) > 1 else [starred]
    spelled: list[tuple[str, list[str]]] = [("", words)]
    for slot, name in zip(slots, parts, strict=True):
        if name == "-":
            continue
        if name not in paradigms:
            raise PackError(str(path), line, f"no inflection class {name!r}; there are {', '.join(sorted(paradigms))}")
        if slot >= len(words):
            raise PackError(
                str(path), line, f"{classes!r} inflects {len(parts)} words, but {phrase!r} has {len(words)}"
            )
        spelled = [
            (form if slot == slots[0] or not kept else kept, [*done[:slot], new, *done[slot + 1 :]])
            for kept, done in spelled
            for form, new in inflect(done[slot], paradigms[name])
        ]
    seen = set()
    for form, done in spelled:
        pair = (form, " ".join(done))
        if pair not in seen:
            seen.add(pair)
            yield pair


def read_lexicon(path: Path, tags: Tags, paradigms: Paradigms, into: dict[tuple[str, str, str], Entry]) -> None:
    """Adds the entries of a lexicon table, every inflected form, to those already read; `!` lines take entries away."""
    table = path.name.removesuffix(".tsv")
    for line, (phrase, classes, tag, key, example) in rows(path, LEXICON_COLUMNS):
        off = phrase.startswith("!")
        phrase = phrase.lstrip("! ")
        if tag not in tags.order:
            raise PackError(str(path), line, f"no tag {tag!r}; docs/packs.md lists them: {', '.join(tags.order)}")
        if not fold_phrase(phrase.replace("*", "")):
            raise PackError(str(path), line, f"the phrase {phrase!r} holds no word")
        if tag in _COUNTS and not _COUNTS[tag].fullmatch(key):
            raise PackError(str(path), line, f"key {key!r} of {tag}; it should be a number (or 2/5 for SOME)")
        # What a table writes in capitals only is no word in small letters: MEND, PIS.
        shapes = "can" if phrase.isupper() and len(phrase) > 1 else "wcan"
        for form, spelled in _forms(phrase, classes, paradigms, path, line):
            folded = fold_phrase(spelled)
            if off:
                into.pop((spelled.casefold(), tag, key), None)
            else:
                written = spelled.casefold()
                sense = Sense(tag, form, key, written, shapes)
                into.setdefault((written, tag, key), Entry(folded, sense, table, line, example))


def read_rules(path: Path) -> list[Rule]:
    """The rules of a table; raises `PackError` that names the line."""
    out = []
    for line, (name, pattern, sets, example) in rows(path, RULE_COLUMNS):
        constants = {}
        for pair in filter(None, (p.strip() for p in sets.split(";"))):
            key, sign, value = pair.partition("=")
            if not sign:
                raise PackError(str(path), line, f"{pair!r} in `set`; it should be name=value")
            constants[key.strip()] = value.strip()
        if not example:
            raise PackError(str(path), line, f"rule {name!r} has no example; write one sentence that it reads")
        out.append(Rule(name, pattern, constants, example, path.name.removesuffix(".tsv"), line))
    return out


class Tables(msgspec.Struct, frozen=True):
    """What the files of a language say, a user's own laid over the shipped ones; rules by table, each with its file."""

    code: str
    layers: tuple[Path, ...]
    tags: Tags
    meta: Mapping[str, Any]
    entries: tuple[Entry, ...]
    rules: Mapping[str, tuple[tuple[Path, Rule], ...]]


def read_tables(code: str, overlays: Sequence[Path] = ()) -> Tables:
    """The files of a language; raises `PackError`."""
    layers = tuple(folder / code for folder in (LANGUAGES, *overlays) if (folder / code).is_dir())
    if not layers:
        raise PackError(
            str(LANGUAGES / code), None, f"there is no pack for {code!r}; there are {', '.join(codes(overlays))}"
        )
    tags = read_tags()
    meta = read_toml(next((d / "pack.toml" for d in layers if (d / "pack.toml").exists()), layers[0] / "pack.toml"))
    paradigms: Paradigms = {}
    for path in (d / "inflections.tsv" for d in layers if (d / "inflections.tsv").exists()):
        read_inflections(path, paradigms)
    found: dict[tuple[str, str, str], Entry] = {}
    rules: dict[str, tuple[tuple[Path, Rule], ...]] = {}
    for layer in layers:
        for path in sorted(layer.glob("*.tsv")):
            if path.name.endswith(".rules.tsv"):
                name = path.name.removesuffix(".rules.tsv")
                rules[name] = (*rules.get(name, ()), *((path, rule) for rule in read_rules(path)))
            elif path.name != "inflections.tsv":
                read_lexicon(path, tags, paradigms, found)
    return Tables(code, layers, tags, meta, tuple(found.values()), rules)


def load_pack(code: str, overlays: Sequence[Path] = ()) -> Pack:
    """One language with the user's own folders laid over it; raises `PackError`."""
    # Nothing that loading makes is garbage; looking for some among a hundred thousand entries takes half the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return compile_pack(read_tables(code, overlays), overlays)
    finally:
        if collecting:
            gc.enable()


def compile_pack(tables: Tables, overlays: Sequence[Path] = ()) -> Pack:
    """The pack of the tables and of the user's register of actors; raises `PackError`."""
    code, tags, meta = tables.code, tables.tags, tables.meta
    alphabet = _alphabet(tables)
    rank = {tag: n for n, tag in enumerate(tags.order)}
    where = str(next((d / "pack.toml" for d in tables.layers if (d / "pack.toml").exists()), tables.layers[0]))
    try:
        tokens = msgspec.convert(meta.get("tokens", {}), Tokens)
        language = msgspec.convert(meta.get("language", {}), dict[str, Any])
    except msgspec.ValidationError as error:
        raise PackError(
            where, None, f"`[tokens]` or `[language]`: {error}; docs/packs.md says what they hold"
        ) from error
    for tag in (tag for found in tokens.prefixes.values() for tag in found if tag not in tags.order):
        raise PackError(where, None, f"no tag {tag!r} for a prefix; there are {', '.join(tags.order)}")
    clitics = Clitics(
        {fold_word(p): t for p, t in sorted(tokens.prefixes.items(), key=lambda pair: -len(pair[0]))},
        tuple(fold_word(s) for s in tokens.enclitics),
        fold_word(tokens.article),
        tokens.feminine,
    )
    capitals = bool(meta.get("capitals", language.get("capitals", True)))
    script = str(meta.get("script", "Latn"))
    registers = [folder / "actors" for folder in (ONTOLOGY, *(o / "ontology" for o in overlays))]
    digest = hashlib.sha256()
    for layer in (*tables.layers, *(folder for folder in registers if folder.is_dir())):
        for path in sorted(p for p in layer.iterdir() if p.suffix in (".tsv", ".toml", ".jsonl")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return Pack(
        code=code,
        name=str(meta.get("name", code)),
        native=str(meta.get("native", meta.get("native_name", code))),
        script=script,
        direction=str(meta.get("direction", "ltr")),
        capitals=capitals,
        frequent=frozenset(fold_word(w) for w in language.get("frequent", ())),
        abbreviations=frozenset(e.phrase for e in tables.entries if e.sense.tag == "ABBR"),
        lexicon=Lexicon(
            (e for e in tables.entries if e.sense.tag != "ABBR"),
            rank,
            clitics,
            capitals,
            map(fold_word, tokens.particles),
            load_register(tuple(overlays)).entries(code, script),
        ),
        alphabet=alphabet,
        rules={name: _compiled(rules, alphabet) for name, rules in tables.rules.items()},
        digest=digest.hexdigest(),
    )


def _alphabet(tables: Tables) -> Alphabet:
    patterns = [rule.pattern for rules in tables.rules.values() for _, rule in rules]
    keyed = [pair for pattern in patterns for pair in keyed_tags(pattern)]
    written = [*patterns, *(member for members in tables.tags.aliases.values() for member in members)]
    formed = [pair for pattern in written for pair in formed_tags(pattern)]
    return Alphabet((*tables.tags.order, *tables.tags.given), tables.tags.aliases, keyed, formed)


def _compiled(rules: Sequence[tuple[Path, Rule]], alphabet: Alphabet) -> Rules:
    try:
        return Rules((rule for _, rule in rules), alphabet)
    except RuleError as error:
        path = next(path for path, rule in rules if rule is error.rule)
        raise PackError(str(path), error.rule.line, f"rule {error.rule.name!r}: {error}") from error


def codes(overlays: Sequence[Path] = ()) -> list[str]:
    """The codes of the languages that have a pack, shipped or the user's own."""
    found = {p.parent.name for folder in (LANGUAGES, *overlays) if folder.is_dir() for p in folder.glob("*/pack.toml")}
    return sorted(found)


def check_examples(pack: Pack, tables: Tables, names: Names | None = None) -> list[ExampleResult]:
    """Runs every example of a pack's tables and rules; a failed one says what was found instead."""
    return [*_check_entries(pack, tables.entries, names), *_check_rules(pack, names)]


def _check_entries(pack: Pack, entries: Iterable[Entry], names: Names | None) -> Iterator[ExampleResult]:
    seen: set[tuple[str, int]] = set()
    for entry in entries:
        if not entry.example or entry.sense.tag == "ABBR" or (entry.table, entry.line) in seen:
            continue
        seen.add((entry.table, entry.line))
        chunks = [c for s in pack.sentences(entry.example, "text", 0, names) for c in s.chunks]
        wanted = (entry.sense.tag, entry.sense.key)
        ok = any((c.tag, c.key) == wanted or any((t, k) == wanted for t, _, k in c.others) for c in chunks)
        why = "" if ok else "found " + " ".join(f"{c.tag}={c.key}" for c in chunks if c.tag not in ("W", "STOP"))
        yield ExampleResult(entry.table, entry.line, entry.example, ok, why)


def _check_rules(pack: Pack, names: Names | None) -> Iterator[ExampleResult]:
    for of_table, rule in ((rules, rule) for rules in pack.rules.values() for rule in rules):
        plain, wanted = unmark(rule.example)
        ok, found = False, []
        for sentence in pack.sentences(plain, "text", 0, names):
            found.append(" ".join(c.tag + (":" + c.form if c.form else "") for c in sentence.chunks))
            for match in of_table.matches(sentence, rule):
                spans = {n: sentence.span(plain, *p) for n, p in match.parts.items() if p[0] < p[1]}
                if all(n in spans and spans[n].start < e and s < spans[n].end for n, s, e in wanted):
                    ok = True
        yield ExampleResult(rule.table, rule.line, rule.example, ok, "" if ok else "the tags are " + " / ".join(found))


def unmark(example: str) -> tuple[str, list[tuple[str, int, int]]]:
    """A rule's example without its `{name:words}` marks, and the captures as (name, start, end)."""
    out, captures, position, size = [], [], 0, 0
    for hit in _CAPTURE.finditer(example):
        out.append(example[position : hit.start()])
        size += hit.start() - position
        captures.append((hit[1], size, size + len(hit[2])))
        out.append(hit[2])
        size += len(hit[2])
        position = hit.end()
    out.append(example[position:])
    return "".join(out), captures
