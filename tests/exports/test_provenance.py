"""The data package by frictionless, PROV by its own library, and the chain-of-custody sheet."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from dossiers import dossier, with_document, with_field, with_incident
from test_every_format import written

from constat.exports import Step
from constat.exports.cells import read_csv
from constat.exports.formats import custody, data_package
from constat.records import Voice


def unpacked(folder: Path, data: bytes) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extractall(folder)
    return folder / "datapackage.json"


TOLD = [
    with_field(dossier(1), "target", "=1+1, “x”\nnext"),
    with_incident(dossier(2), voices=(Voice("Ⅻ", "outlet", ("a",)),)),
    dossier(3, fields=(), tolls=(), voices=(), notes=(), ties=(), claims=()),
]


def test_frictionless_finds_nothing(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="NOT CHECKED: pip install frictionless")
    described = unpacked(tmp_path, written("data_package", TOLD))
    package = frictionless.Package(str(described), basepath=str(tmp_path))
    report = package.validate()
    assert report.valid, report.flatten(["type", "note"])
    rows = package.get_resource("incidents").read_rows()
    assert [r["killed_best"] for r in rows] == [4, 4, None] and str(rows[0]["date_start"]) == "2024-03-06"
    assert package.get_resource("claims").read_rows()[0]["start"] == 69


def test_frictionless_would_find_a_broken_key(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="NOT CHECKED: pip install frictionless")
    described = unpacked(tmp_path, written("data_package", TOLD))
    claims = tmp_path / "claims.csv"
    claims.write_bytes(claims.read_bytes().replace(TOLD[0].incident.id.encode(), b"no-such-incident"))
    report = frictionless.Package(str(described), basepath=str(tmp_path)).validate()
    assert not report.valid


def test_both_descriptions_agree() -> None:
    with zipfile.ZipFile(io.BytesIO(written("data_package", TOLD))) as packed:
        package = json.loads(packed.read("datapackage.json"))
        for resource in package["resources"]:
            web = json.loads(packed.read(f"{resource['path']}-metadata.json"))
            names = [c["name"] for c in web["tableSchema"]["columns"]]
            head = packed.read(resource["path"]).decode().split("\r\n")[0].split(",")
            assert names == [f["name"] for f in resource["schema"]["fields"]] == head
    assert len(package["resources"]) == 1 + len(data_package.BESIDE)


def test_prov_is_read_by_its_library() -> None:
    model = pytest.importorskip("prov.model", reason="NOT CHECKED: pip install prov")
    data = written("prov", [dossier(1), dossier(2)])
    document = model.ProvDocument.deserialize(content=data.decode(), format="json")
    kinds = {type(r).__name__ for r in document.get_records()}
    assert {"ProvEntity", "ProvActivity", "ProvAgent", "ProvDerivation", "ProvAssociation"} <= kinds


def test_an_incident_leads_back_to_the_bytes() -> None:
    found = json.loads(written("prov", [dossier()]))
    used: dict[str, set[str]] = {}
    for relation in found["wasDerivedFrom"].values():
        used.setdefault(relation["prov:generatedEntity"], set()).add(relation["prov:usedEntity"])
    here, steps = {f"constat:incident-{dossier().incident.id}"}, []
    while here:
        assert here <= set(found["entity"])
        steps.append(sorted(e.split(":")[1].split("-")[0] for e in here))
        here = {to for e in here for to in used.get(e, ())}
    assert steps == [["incident"], ["claim", "claim"], ["report"], ["capture"]]
    names = {"entity": found["entity"], "activity": found["activity"], "agent": found["agent"]}
    for kind in ("used", "wasGeneratedBy", "wasAssociatedWith", "wasAttributedTo"):
        for relation in found[kind].values():
            for end, name in relation.items():
                assert name in names[end.removeprefix("prov:")]


def test_the_custody_sheet_tells_who_had_what_when() -> None:
    one = dossier()
    (row,) = read_csv(written("custody", [one]))
    assert tuple(row) == custody.COLUMNS
    item = one.custody[0]
    assert (row["sha256"], row["collector"], row["http_status"]) == (item.sha256, "ana", "200")
    assert row["method"] == "web" and row["item"].startswith("urn:uuid:")
    assert item.log == (Step("2024-03-07T08:00:00Z", "ana", "captured", "9" * 64),)
    assert row["log"] == f"2024-03-07T08:00:00Z ana: captured ({'9' * 64})"


def test_a_missing_title_is_an_empty_cell() -> None:
    (row,) = read_csv(written("custody", [with_document(dossier(), title=None)]))
    assert row["title"] == ""
