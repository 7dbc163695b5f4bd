"""Names of people: out of the log, of exports and of what is shown; after erasure no byte of them is left."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from constat.casebook import Casebook
from constat.cli import app
from constat.records import Document, Reading
from constat.settings import Settings
from constat.store.searching import Cover, Words

NAMES = 200


class Plain:
    """Reads nothing in a report; stumbles over one that says so."""

    def read(self, document: Document) -> Reading:
        if "stumble" in document.text:
            raise RuntimeError(document.text)
        return Reading(document=document, events=())


def planted() -> list[str]:
    rng = random.Random(1)
    parts = ["".join(rng.choices("bdgklmnprst", k=3)) for _ in range(NAMES)]
    return [f"Xa{part}o Qe{part}i{n}z" for n, part in enumerate(parts)]


def every_byte(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_no_name_leaves_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names, folder = planted(), tmp_path / "book"
    source = tmp_path / "wires.jsonl"
    rows = [
        {"text": f"The witness {n} saw the attack.{' stumble' * (i % 9 == 0)}", "title": n, "publisher": n}
        for i, n in enumerate(names)
    ]
    source.write_text("\n".join(json.dumps(row) for row in rows))
    with Casebook.init(folder, Settings(actor="tester")) as book:
        account = book.add([str(source)], reader=Plain)
        assert account.stored == NAMES and account.unread > 10
        book.export_evidence(tmp_path / "bag")
        book.restrict(names[:100])
        hits = [hit for name in names[:100] for hit in book.search(name.split()[0])]
    assert len(hits) >= 100 and not any(n in f"{h.title} {h.snippet} {h.publisher}" for h in hits for n in names[:100])
    run = CliRunner()
    said = [run.invoke(app, [c, "--casebook", str(folder)]) for c in ("status", "verify")]
    shown = "".join(r.stdout + r.stderr for r in said) + "".join(capsys.readouterr())
    out = every_byte(tmp_path / "bag").decode() + shown
    assert not [n for n in names if n in out or n.split()[1] in out], "leaked"


def test_nothing_is_left_of_what_was_erased(tmp_path: Path) -> None:
    folder, names = tmp_path / "book", planted()[:30]
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for n, name in enumerate(names):
        (inbox / f"{n}.txt").write_text(f"The witness {name} saw the attack on the town.")
    with Casebook.init(folder, Settings(actor="tester")) as book:
        book.add([str(inbox)], reader=Plain)
        for stored in list(book.documents()):
            if any(name in stored.document.text for name in names[:10]):
                book.erase(stored.document.id)
        assert len(list(book.documents())) == 20
        findings = book.verify()
        assert findings.faults == [] and findings.anchored > 0
        left = every_byte(folder).decode("utf-8", "replace").lower()
    for name in names[:10]:
        for part in name.lower().split():
            assert part not in left, part
    assert all(name.lower() in left for name in names[10:])


def test_a_covered_name_is_covered_in_any_spelling() -> None:
    assert Cover(["Amélie Testnom"])("On a vu AMÉLIE Testnom hier, et Amelie-Testnom.").count("▮▮▮") == 2
    assert Cover(["احمد المثال"])("قال أحمد المثال ذلك") == "قال ▮▮▮ ذلك"


def test_particles_written_onto_a_name_do_not_uncover_it(tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text("قال الشاهد لأحمد المثال إن الهجوم وقع ليلا، وأحمد المثال نفى ذلك في المدينة.", encoding="utf-8")
    with Casebook.init(tmp_path / "book", Settings(actor="tester")) as book:
        assert "ل" in book.words.particles and "و" in book.words.particles
        book.add([str(report)], reader=Plain)
        book.restrict(["أحمد المثال"])
        (hit,) = book.search("الشاهد")
        assert hit.snippet.count("▮▮▮") == 2 and "المثال" not in hit.snippet and "أحمد" not in hit.snippet
        (hit,) = book.search("المثال")
        assert "أحمد" not in hit.snippet and "المثال" not in hit.snippet


def test_arabic_particles_and_letter_variants_do_not_count() -> None:
    words = Words(["ال", "وال", "بال", "و", "ب"])
    indexed = words.folded("أصيب جنود في هجوم بالقاعدة والمدينة").split()
    for asked in ("قاعدة", "القاعده", "مدينة", "هجوم"):
        assert set(words.query(asked)[0]) & set(indexed), asked
    assert words.folded("Dépôt d’Armes") == "depot d armes"
