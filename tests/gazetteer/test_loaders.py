"""What users add: every row kept or refused with a reason, and found afterwards."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from constat.errors import GazetteerError
from constat.gazetteer import Gazetteer, Place
from constat.gazetteer import layers as added
from constat.gazetteer.build import _write
from constat.gazetteer.layers import Added
from constat.gazetteer.loaders import Loaded, Reject, events, geonames, own, table, whosonfirst
from constat.gazetteer_cli import app

ISO3 = {"SY": "SYR", "ML": "MLI"}


def parted(loaded: Loaded) -> tuple[list[Added], list[Reject]]:
    items = list(loaded)
    return [i for i in items if isinstance(i, Added)], [i for i in items if isinstance(i, Reject)]


def dump_row(id: str, name: str, code: str, lat: str, alternate: str = "") -> str:
    after = ["SY", "", "07", "", "", "", "1200", "", "210", "Asia/Damascus", "2024-01-01"]
    return "\t".join([id, name, name, alternate, lat, "40.1", "P", code, *after])


def test_geonames_dump_in_its_zip_with_names(tmp_path: Path) -> None:
    text = "\n".join(
        [dump_row("1", "Qasrabad", "PPL", "35.2", "qsrabad,Kasrabad"), dump_row("2", "Tall Namud", "OILF", "35.3"),
         dump_row("3", "Wadi", "WAD", "35.3"), dump_row("4", "Nowhere", "PPL", "135"), "5\tshort"]
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "SY.zip", "w") as archive:
        archive.writestr("readme.txt", "columns")
        archive.writestr("SY.txt", text + "\n")
    with zipfile.ZipFile(tmp_path / "names.zip", "w") as archive:
        archive.writestr("names.txt", "9\t1\tar\tقصر آباد\n10\t1\tlink\thttp://x\n")
    kept, refused = parted(geonames(tmp_path / "SY.zip", tmp_path / "names.zip", ISO3))
    assert len(kept) + len(refused) == 5
    assert [(a.place.name, a.place.kind, a.place.country) for a in kept] == [
        ("Qasrabad", "village", "SYR"),
        ("Tall Namud", "site", "SYR"),
    ]
    assert kept[0].names == ("Kasrabad", "قصر آباد")
    assert [r.where for r in refused] == ["SY.zip:3", "SY.zip:4", "SY.zip:5"]


def test_whosonfirst_folder_and_table(tmp_path: Path) -> None:
    point = {"geom:latitude": 35.0, "geom:longitude": 38.0}
    what = {"wof:id": 7, "wof:name": "Bir Hadra", "wof:placetype": "locality", "wof:country": "SY"}
    feature = {"properties": {**what, **point, "name:ara_x_preferred": ["بئر حدرا"]}}
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "7.geojson").write_text(json.dumps(feature), encoding="utf-8")
    (tmp_path / "a" / "8.geojson").write_text("{}", encoding="utf-8")
    kept, refused = parted(whosonfirst(tmp_path, ISO3))
    assert [a.names for a in kept] == [("بئر حدرا",)] and len(refused) == 1
    rows = "id\tname\tclass\tcode\tcc\tadm1\tlat\tlon\tpop\taltnames\nwof:1\tBir\tP\tPPL\tSY\t\t35\t38\t\tبئر\n"
    (tmp_path / "t.tsv").write_text(rows, encoding="utf-8")
    kept, refused = parted(table(tmp_path / "t.tsv", ISO3))
    assert kept[0].place.source == "Who's On First" and not refused


def test_ucdp_places_stand_in_the_middle_of_their_events(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent.csv"
    head = "id,country,adm_1,where_coordinates,where_prec,latitude,longitude"
    path.write_text(
        f"{head}\n1,Mali,Mopti region,Nangou village,1,14.0,-3.0\n2,Mali,Mopti region,Nangou village,2,14.2,-3.2\n"
        "3,Mali,,Mopti region,4,14,-4\n",
        encoding="utf-8",
    )
    kept, refused = parted(events(path, ISO3))
    assert [(a.place.name, a.place.lat, a.place.kind) for a in kept] == [("Nangou", 14.1, "village")]
    assert len(refused) == 1 and "where_prec 4" in refused[0].why


def test_own_list(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "name,lat,lon,kind,country,names\nDepot 9,34.1,38.2,site,SY,المستودع 9\nX,95,0,,,\nY,1,1,moon,,\nZ,1,1,,QQQ,\n",
        encoding="utf-8",
    )
    kept, refused = parted(own(path, ISO3))
    assert [a.place.country for a in kept] == ["SYR"] and len(refused) == 3
    path.write_text("name,lat\nA,1\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"mine\.csv:1: the header lacks lon"):
        list(own(path, ISO3))


def test_a_layer_is_kept_and_replaced(tmp_path: Path) -> None:
    here = Added(Place("x:1", "Here", "village", "PPL", "SYR", "", 35.0, 40.0, 1.0, 10, "t", "point"), ("هنا",))
    first, count = added.write("mine", [here], tmp_path)
    second, none = added.write("mine", [], tmp_path)
    assert (count, none) == (1, 0) and added.layers(tmp_path) == [second] and not first.exists()
    path, _ = added.write("mine", [here], tmp_path)
    assert list(added.read(path)) == [here] and added.folded(here) == {"here", "هنا"}
    path.write_bytes(b"no gzip")
    with pytest.raises(GazetteerError, match=r"mine-"):
        list(added.read(path))
    small = tmp_path / "i.sqlite"
    _write(small, [(here.place, added.folded(here))])
    assert Gazetteer.open(small).lookup("هنا") == (here.place,)


def test_a_source_without_a_place_is_told_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_PLACES", str(tmp_path / "places"))
    (tmp_path / "tables").mkdir()
    added.write(
        "wof-tables", [Added(Place("x:1", "Here", "village", "PPL", "SYR", "", 35.0, 40.0, 1.0, 10, "t", "point"), ())]
    )
    result = CliRunner().invoke(app, ["add", "--wof", str(tmp_path / "tables"), "--no-build"])
    assert result.exit_code == 2 and "not one place in it" in result.output and "*.geojson" in result.output
    assert len(added.layers(tmp_path / "places")) == 1, "what was added before is gone"
