"""How fast everything is on this machine, and as ratios that can be compared between machines.

usage: python benchmarks/speed.py [--check] [--keep] [--million] [--desk] [--plot FILE.svg]

The reports are those in `training/reports`, invented like the examples. Each figure is also given as a ratio to a
reference pass over the same text in the same run: its words found by a regular expression and counted. --check measures
only the ratios of reading and exits with 1 if one is worse by a quarter than the last that were kept in `speed.json`;
--keep adds this run to them; --million also resolves a million tellings; --desk also runs `desk.py`.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from constat import __version__
from constat.ahead import Ahead
from constat.casebook import Casebook
from constat.engines.pool import cores
from constat.engines.reading import read_all
from constat.engines.work import Job, json_line
from constat.facts import SentenceFacts
from constat.marking import mark
from constat.mentions.measures import measures
from constat.mentions.places import places
from constat.mentions.quantities import tolls
from constat.mentions.sources import sources
from constat.mentions.times import times
from constat.mentions.triggers import event_words
from constat.pipeline import Reader
from constat.records import Document
from constat.resolution.resolve import resolve
from constat.settings import Settings
from constat.sources.files import raw_reports
from constat.text import sentences

HERE = Path(__file__).parent
KEPT = HERE / "speed.json"
REPORTS = HERE.parent / "training" / "reports"
LANGUAGES = ("ar", "en", "fr")
WORD = re.compile(r"\w+")
WORSE = 1.25  # times the ratio that was kept, from which a check fails
ROUNDS = 5  # of which the best counts: others use the machine, too
AGAIN = 4  # times that a check measures anew before it fails
SLICE = 10  # reports measured at a stretch: what disturbs one stretch is gone in another round
START = "from constat.pipeline import Reader; from constat.settings import Settings; r = Reader.open(Settings())"
PACKS = f"{START}; [r.pack(code) for code in r.languages()]"

Figures = dict[str, float]


def corpus(lang: str, most: int) -> list[Document]:
    """So many reports of a language, the same in every version."""
    texts = [path.read_text("utf-8") for path in sorted(REPORTS.glob(f"{lang}-0?.jsonl"))]
    found = [json.loads(row) for text in texts for row in text.splitlines()][:most]
    fields = ("id", "text", "title", "publisher", "published", "lang")
    return [Document(**{name: row.get(name) for name in fields}) for row in found]


def calm(lang: str) -> list[Document]:
    """Reports of a language that tell of no incident, as most of an archive do; these lean to what sounds like one."""
    texts = [path.read_text("utf-8") for path in sorted(REPORTS.glob(f"{lang}-*.jsonl"))]
    found = [row for row in map(json.loads, "".join(texts).splitlines()) if not row["incidents"]]
    return [Document(**{name: row.get(name) for name in ("id", "text", "title", "published", "lang")}) for row in found]


def best(slices: Sequence[Sequence[Any]], passes: dict[str, Callable[[Any], object]], rounds: int) -> Figures:
    """Seconds of processor time of each pass over everything, the best of some rounds for each slice."""
    least: dict[tuple[int, str], float] = {}
    for _ in range(rounds):
        for number, some in enumerate(slices):
            for name, work in passes.items():
                start = time.process_time()
                for one in some:
                    work(one)
                spent = time.process_time() - start
                least[number, name] = min(spent, least.get((number, name), spent))
    out: Figures = defaultdict(float)
    for (_, name), spent in least.items():
        out[name] += spent
    return dict(out)


def reference(document: Document) -> None:
    """The reference pass: what reading is compared with."""
    Counter(match.group() for match in WORD.finditer(f"{document.title or ''}\n{document.text}"))


def sliced(documents: Sequence[Document]) -> list[Sequence[Document]]:
    """Stretches of reports."""
    return [documents[i : i + SLICE] for i in range(0, len(documents), SLICE)]


def ratios(reader: Reader, documents: Sequence[Document], rounds: int) -> tuple[float, int, float, float]:
    """The ratio of reading to the reference pass; sentences; seconds of both."""
    count = sum(len(reader.facts(document)) for document in documents)
    spent = best(sliced(documents), {"reference": reference, "read": reader.read}, rounds)
    return spent["read"] / spent["reference"], count, spent["read"], spent["reference"]


def stages(reader: Reader, documents: Sequence[Document], rounds: int) -> Figures:
    """Seconds of processor time for each stage over all reports."""
    pack = reader.pack(documents[0].lang or "")
    frames, modality = pack.table("frames"), pack.table("modality")
    tables = {name: pack.table(name) for name in ("tolls", "times", "attribution", "measures")}
    cut = {d.id: sentences(d.text, "text", pack.abbreviations, pack.capitals) for d in documents}
    marked = {
        d.id: [mark(s, d.text, pack.lexicon, pack.alphabet, reader.gazetteer) for s in cut[d.id]] for d in documents
    }
    facts: dict[str, list[SentenceFacts]] = {d.id: reader.facts(d) for d in documents}
    readings = {d.id: reader.claims(d, facts[d.id]) for d in documents}

    def rules(d: Document) -> None:
        for s in marked[d.id]:
            event_words(s, frames, modality)
            tolls(s, tables["tolls"])
            times(s, tables["times"])
            sources(s, d.text, tables["attribution"])
            measures(s, tables["measures"])

    def marking(d: Document) -> None:
        for s in cut[d.id]:
            mark(s, d.text, pack.lexicon, pack.alphabet, reader.gazetteer)

    return best(
        sliced(documents),
        {
            "cut": lambda d: sentences(d.text, "text", pack.abbreviations, pack.capitals),
            "mark": marking,
            "rules": rules,
            "places": lambda d: places(marked[d.id], {"text": d.text, "title": ""}, reader.gazetteer),
            "claims": lambda d: reader.claims(d, facts[d.id]),
            "json": lambda d: json_line(readings[d.id]),
        },
        rounds,
    )


def check(reader: Reader) -> int:
    """Whether no ratio is worse by a quarter than what was kept; the exit status."""
    kept = _kept()
    if not kept:
        print(f"{KEPT.name} holds no run to compare with; --keep makes one")
        return 0
    before, failed = kept[-1]["ratios"], 0
    for lang in LANGUAGES:
        documents, ratio = corpus(lang, 60), float("inf")
        for _ in range(AGAIN):
            ratio = min(ratio, ratios(reader, documents, ROUNDS)[0])
            if ratio <= WORSE * before[lang]:
                break
        worse = ratio > WORSE * before[lang]
        failed += worse
        told = " — TOO SLOW" if worse else ""
        print(f"{lang}: {ratio:.0f} times the reference pass, {before[lang]:.0f} when kept{told}")
    return int(failed > 0)


def started(code: str) -> tuple[float, float]:
    """Seconds and megabytes that a Python program takes, the best of some."""
    seconds, size = float("inf"), 0.0
    said = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    for _ in range(ROUNDS):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", f"{code}\n{said}"], capture_output=True, text=True, check=True)
        seconds, size = min(seconds, time.perf_counter() - start), int(done.stdout) / 1024
    return seconds, size


def everything(asked: argparse.Namespace) -> dict[str, Any]:
    """All figures, printed as they come."""
    say(f"constat {__version__}, Python {platform.python_version()}, {cores()} cores, {platform.machine()}\n")
    bare, _ = started("pass")
    alone, one = started(START)
    packed, three = started(PACKS)
    shown = f"{1000 * bare:.0f} ms Python, {1000 * alone:.0f} ms with the place index"
    say(f"start     {shown}, {1000 * packed:.0f} ms with all packs")
    say(f"memory    {one:.0f} MB with the place index, {three:.0f} MB with all packs\n")
    reader = Reader.open(Settings())
    ratio: Figures = {}
    figures: dict[str, Any] = {"start": packed, "start ratio": packed / bare, "memory": three}
    names = "  ".join(("cut", "mark", "rules", "places", "claims", "json"))
    say(f"one core  reports/s  sentences/s  ratio    µs a sentence: {names}")
    for lang in LANGUAGES:
        documents = corpus(lang, 150)
        ratio[lang], count, spent, referred = ratios(reader, documents, ROUNDS)
        parts = stages(reader, documents, ROUNDS)
        shown = "  ".join(f"{1e6 * value / count:.0f}" for value in parts.values())
        say(f"{lang:8}{len(documents) / spent:11.0f}{count / spent:13.0f}{ratio[lang]:7.0f}    {shown}")
        figures[lang] = {"sentences/s": count / spent, "reports/s": len(documents) / spent, "reference s": referred}
        figures[lang] |= {name: value / referred for name, value in parts.items()}
    for lang in LANGUAGES:
        quiet = calm(lang)
        of_calm, count, spent, _ = ratios(reader, quiet, 2)
        say(
            f"{lang:8}{len(quiet) / spent:11.0f}{count / spent:13.0f}{of_calm:7.0f}    reports that tell of no incident"
        )
        figures[lang]["calm sentences/s"] = count / spent
    say(f"peak      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")
    figures["cores"] = on_cores()
    figures["adds/s"] = adds()
    figures["resolution"] = resolution([1_000, 10_000, 100_000, *([1_000_000] if asked.million else [])])
    if asked.desk:
        subprocess.run([sys.executable, str(HERE / "desk.py"), "--incidents", "20000"], check=True)
    return {"version": __version__, "python": platform.python_version(), "ratios": ratio, "figures": figures}


def on_cores() -> Figures:
    """Reports a second from a file to lines, by one process and by all."""
    out: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.jsonl"
        documents = [d for lang in LANGUAGES for d in corpus(lang, 400)]
        path.write_bytes(b"".join(msgspec.json.encode(d) + b"\n" for d in documents))
        for workers in dict.fromkeys((1, 2, cores())):
            best_of = float("inf")
            for _ in range(2):
                start = time.perf_counter()
                count = sum(
                    1 for _ in read_all(raw_reports([str(path)], Settings()), Job(settings=Settings()), workers)
                )
                best_of = min(best_of, time.perf_counter() - start)
            out[str(workers)] = count / best_of
            say(f"{workers:2} processes  {count / best_of:6.0f} reports/s from a file to lines of JSON")
    return out


def adds() -> float:
    """Reports a second into a casebook, read by all cores."""
    with tempfile.TemporaryDirectory() as name:
        folder, settings = Path(name), Settings(actor="benchmark", state=Path(name) / "state")
        documents = [d for lang in LANGUAGES for d in corpus(lang, 200)]
        (folder / "reports.jsonl").write_bytes(b"".join(msgspec.json.encode(d) + b"\n" for d in documents))
        with Casebook.init(folder / "book", settings) as book:
            start = time.perf_counter()
            book.add([str(folder / "reports.jsonl")], reader=lambda: Ahead(Reader.open(settings), settings, None))
            speed = len(documents) / (time.perf_counter() - start)
    say(f"casebook      {speed:6.0f} reports/s read and stored")
    return speed


def resolution(counts: Iterable[int]) -> Figures:
    """Microseconds of processor time a telling, at several numbers of tellings."""
    from resolution import invented

    out: Figures = {}
    for count in counts:
        tellings = invented(count)
        start = time.process_time()
        resolve(tellings)
        out[str(count)] = 1e6 * (time.process_time() - start) / count
        say(f"resolution    {out[str(count)]:6.0f} µs a telling at {count:,}")
    return out


def plot(runs: Sequence[dict[str, Any]], path: Path) -> None:
    """The ratios of all runs that were kept, a line a language; lower is faster."""
    wide, high, edge = 640, 300, 40
    top = 1.1 * max(max(run["ratios"].values()) for run in runs)
    step = (wide - 2 * edge) / max(1, len(runs) - 1)
    size = f'viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="11"'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>']
    for lang, colour in zip(LANGUAGES, ("#1b7f5c", "#2a5db0", "#b0432a"), strict=True):
        heights = [run["ratios"][lang] / top * (high - 2 * edge) for run in runs]
        points = [(edge + n * step, high - edge - height) for n, height in enumerate(heights)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        out.append(f'<text x="{points[-1][0] + 6:.1f}" y="{points[-1][1] + 4:.1f}" fill="{colour}">{lang}</text>')
    out += [f'<text x="{edge + n * step:.1f}" y="{high - 20}">{run["version"]}</text>' for n, run in enumerate(runs)]
    out.append('<text x="8" y="16">Reading a text, in times of finding its words by a regular expression</text></svg>')
    path.write_text("\n".join(out) + "\n", encoding="utf-8")


def say(line: str) -> None:
    """One line, at once."""
    print(line, flush=True)


def _kept() -> list[dict[str, Any]]:
    return json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else []


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("check", "keep", "million", "desk"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    if asked.check:
        return check(Reader.open(Settings()))
    if asked.plot is None or asked.keep:
        run = everything(asked)
        if asked.keep:
            KEPT.write_text(json.dumps([*_kept(), run], indent=1) + "\n", encoding="utf-8")
    if asked.plot is not None:
        plot(_kept(), asked.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
