"""The register of actors: its rows are sound, names find them with reasons, and packs gain the names."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from constat.actors import COLUMNS, ActorRegister, load_register
from constat.errors import PackError
from constat.packs import Pack, load_pack

ROW = {"id": "xx.front", "kind": "armed_group", "country": "MLI", "names_en": "Blue Front", "plover": "REB"}


@pytest.fixture(scope="module")
def register() -> ActorRegister:
    return load_register()


@cache
def pack(code: str) -> Pack:
    return load_pack(code)


def tags(code: str, text: str) -> list[tuple[str, str]]:
    return [(c.tag, c.key) for s in pack(code).sentences(text, "text", 0, None) for c in s.chunks]


def write(folder: Path, *rows: dict[str, str]) -> Path:
    table = folder / "ontology" / "actors" / "mine.tsv"
    table.parent.mkdir(parents=True)
    lines = ["\t".join(COLUMNS), *("\t".join(row.get(c, "") for c in COLUMNS) for row in rows)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_register_is_wide(register: ActorRegister) -> None:
    assert len(register.actors) >= 1500
    assert sum(a.kind != "agency" for a in register.actors) >= 1200
    assert sum(bool(a.names["ar"]) for a in register.actors) >= 1300
    assert len({c for a in register.actors for c in a.countries}) >= 100


def test_a_parent_is_another_row(register: ActorRegister) -> None:
    for actor in register.actors:
        assert not actor.parent or (actor.parent != actor.id and actor.parent in register.by_id), actor.id


@pytest.mark.parametrize(
    ("name", "country", "year", "wanted"),
    [
        ("JNIM", "MLI", 2024, "ml.jnim"),
        ("GSIM", None, None, "ml.jnim"),
        ("نصرة الإسلام والمسلمين", "BFA", 2023, "ml.jnim"),
        ("«قسد»", "SYR", 2021, "sy.sdf"),
        ("حوثيون", "YEM", None, "ye.houthi"),
        ("قوات الدعم السريع", "SDN", 2024, "sd.rsf"),
        ("rebelles du M23", "COD", 2025, "cd.m23"),
        ("Rapid Support Forces (RSF)", "SDN", 2023, "sd.rsf"),
        ("armée malienne", "MLI", 2022, "ml.military"),
        ("Hezbolah", "LBN", None, "lb.hezbollah"),
        ("Сили територіальної оборони", "UKR", 2023, "ua.tdf"),
    ],
)
def test_a_name_finds_its_row(
    register: ActorRegister, name: str, country: str | None, year: int | None, wanted: str
) -> None:
    found = register.find(name, country, year)
    assert found, name
    assert found[0].actor.id == wanted
    assert 0.5 < found[0].confidence <= 1
    assert found[0].why


def test_the_country_tells_namesakes_apart(register: ActorRegister) -> None:
    at_home, abroad = register.find("SNA", "SOM")
    assert (at_home.actor.id, abroad.actor.id) == ("so.military", "sy.sna")
    assert at_home.confidence > 2 * abroad.confidence
    assert "not known in SOM" in abroad.why


def test_a_name_out_of_its_years_is_less_sure(register: ActorRegister) -> None:
    (then,), (now,) = register.find("Boko Haram", "NGA", 2014), register.find("Boko Haram", "NGA", 1990)
    assert now.confidence < then.confidence
    assert "1990" in now.why


@pytest.mark.parametrize("name", ["des hommes armés", "pis", "villagers", "مجهولون", "Let", ""])
def test_ordinary_words_name_nobody(register: ActorRegister, name: str) -> None:
    assert register.find(name, "MLI", 2024) == ()


def test_bare_words_of_a_state_mean_the_force_of_the_country(register: ActorRegister) -> None:
    (found,) = register.link("the army", "MLI", "2024-05-03", "military")
    assert (found.actor.id, found.why) == ("ml.military", "the military of MLI")
    assert register.link("the army", "MLI", "2024-05-03") == ()
    assert register.link("gunmen", "MLI", "2024-05-03", "armed_group") == ()


@pytest.mark.parametrize(
    ("code", "text", "wanted"),
    [
        ("en", "Fighters of Twirwaneho left.", ("ACT", "militia")),
        ("fr", "La FPAC a quitté le col.", ("ACT", "militia")),
        ("en", "The Mujahideen Brigades left the pass.", ("ACT", "armed_group")),
        ("fr", "L'annonce vient de Radio Ndeke Luka.", ("AGENCY", "")),
        ("ar", "انسحب مقاتلو جيش التحالف الوطني الديمقراطي في ميانمار.", ("ACT", "armed_group")),
        ("ar", "وقالت وكالة سانا إن الجسر أغلق.", ("AGENCY", "")),
        ("en", "An officer of LeT spoke.", ("ACT", "armed_group")),
        ("en", "Kraze Baryè held the road.", ("ACT", "bandits")),
    ],
)
def test_packs_know_the_names(code: str, text: str, wanted: tuple[str, str]) -> None:
    found = tags(code, text)
    assert wanted in found or any(t == wanted[0] for t, _ in found), found


@pytest.mark.parametrize("text", ["Let them speak.", "They fpac and gnla.", "The mapi was open."])
def test_an_acronym_is_no_word(text: str) -> None:
    assert not [t for t, _ in tags("en", text) if t in ("ACT", "AGENCY")]


def test_a_pack_keeps_its_own_word(tmp_path: Path) -> None:
    mine = write(tmp_path, ROW | {"names_en": "the|said|yesterday|Blue Front"})
    before, after = load_pack("en"), load_pack("en", [mine])
    text = "Yesterday the mayor said it."
    assert [c.tag for s in after.sentences(text, "text", 0, None) for c in s.chunks] == [
        c.tag for s in before.sentences(text, "text", 0, None) for c in s.chunks
    ]
    assert before.digest != after.digest
    assert "ACT" in [c.tag for s in after.sentences("It was the Blue Front.", "text", 0, None) for c in s.chunks]


def test_parts_of_a_name_stay_unknown_names(tmp_path: Path) -> None:
    mine = load_pack("en", [write(tmp_path, ROW | {"names_en": "Zorbat Quillem"})])
    found = [(c.tag, c.key) for s in mine.sentences("They met Zorbat there.", "text", 0, None) for c in s.chunks]
    assert ("NAME", "zorbat") in found


def test_a_row_of_the_user_stands_before_the_shipped_one(tmp_path: Path) -> None:
    mine = load_register((write(tmp_path, ROW | {"id": "ml.jnim"}),))
    assert mine.by_id["ml.jnim"].name == "Blue Front"
    assert len(mine.actors) == len(load_register().actors)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "gang"}, "kind is 'gang'"),
        ({"id": "ML JNIM"}, "lower-case"),
        ({"country": "Mali"}, "alpha-3"),
        ({"from": "2012", "to": "1999"}, "2012"),
        ({"from": "x"}, "a year or empty"),
        ({"plover": "ARMY"}, "plover"),
        ({"names_en": ""}, "no name"),
        ({"parent": "xx.nobody"}, "xx.nobody"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, change: dict[str, str], says: str) -> None:
    with pytest.raises(PackError) as error:
        load_register((write(tmp_path, ROW | change),))
    assert says in str(error.value)
    assert "mine.tsv:2" in str(error.value)


def test_an_id_is_given_once(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"mine\.tsv:3.*taken"):
        load_register((write(tmp_path, ROW, ROW),))
