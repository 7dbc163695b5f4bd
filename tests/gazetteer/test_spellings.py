"""French, English and Arabic names of places that lists know otherwise find the place where it is."""

from __future__ import annotations

import pytest

from constat.gazetteer import Gazetteer, kilometres
from constat.gazetteer.tables import rows

SPELLED = """
Souleimaniyeh 35.56 45.43|Nabatiyeh 33.38 35.48|النبطية 33.38 35.48|Mossoul 36.34 43.12|Falloujah 33.35 43.78
Bakouba 33.75 44.64|Nassiriya 31.04 46.26|Kirkouk 35.47 44.39|Lattaquié 35.52 35.79|Hassaké 36.5 40.75
Kamechliyé 37.05 41.22|Manbidj 36.53 37.95|Kobané 36.89 38.35|Palmyre 34.56 38.27|Soueïda 32.71 36.57
Deraa 32.62 36.1|Maaret al-Noumane 35.64 36.67|Khan Cheikhoun 35.44 36.65|Naplouse 32.22 35.26|Jénine 32.46 35.3
Khan Younès 31.34 34.3|Beit Hanoun 31.54 34.54|Nousseirat 31.45 34.39|Hodeïda 14.8 42.95|Taëz 13.58 44.02
Saada 16.94 43.76|Moukalla 14.54 49.13|Syrte 31.2 16.58|Misrata 32.38 15.09|Sebha 27.04 14.43|Mourzouq 25.92 13.92
El-Facher 13.63 25.35|El-Obeid 13.18 30.22|Port-Soudan 19.62 37.22|Gedaref 14.03 35.39|Wad Madani 14.4 33.52
Baïdoa 3.11 43.65|Mogadiscio 2.04 45.34|Galkayo 6.77 47.43|Tombouctou 16.77 -3.01|Ménaka 15.92 2.4
Ndjaména 12.11 15.04|Abéché 13.83 20.83|Makalé 13.5 39.47|Axoum 14.12 38.72|Addis-Abeba 9.02 38.75
Kaboul 34.53 69.17|Koundouz 36.73 68.86|Djalalabad 34.43 70.45|Mazar-e-Charif 36.71 67.11|Miranshah 33.0 70.07
Marioupol 47.1 37.55|Bakhmout 48.6 38.0|Zaporijia 47.85 35.12|Avdiïvka 48.14 37.75|Tchassiv Yar 48.59 37.84
Kostiantynivka 48.53 37.71|Soumy 50.92 34.8|Tchernihiv 51.5 31.3|Louhansk 48.57 39.31|Koupiansk 49.71 37.61
Vovtchansk 50.29 36.94|Sébastopol 44.6 33.53|Koursk 51.73 36.19|Belgorod 50.6 36.6|Makhatchkala 42.98 47.5
Rangoun 16.8 96.16|Manille 14.6 120.98|Stepanakert 39.82 46.75|Chouchi 39.76 46.75|Athènes 37.98 23.73
زابوريجيا 47.85 35.12|ماريوبول 47.1 37.55|أفدييفكا 48.14 37.75|كورسك 51.73 36.19|مزار شريف 36.71 67.11
واغادوغو 12.37 -1.53|تمبكتو 16.77 -3.01|نجامينا 12.11 15.04|مايدوغوري 11.85 13.16|أديس أبابا 9.02 38.75
كيسمايو -0.36 42.55|بيدوا 3.11 43.65|ديار بكر 37.91 40.22|سريناغار 34.09 74.8|كاشغر 39.47 75.99
"""
PLACES = [
    (name, float(lat), float(lon))
    for item in SPELLED.replace("\n", "|").split("|")
    if item.strip()
    for name, lat, lon in [item.rsplit(" ", 2)]
]
WIDE = [
    ("Mediterranean Sea", "mer Méditerranée", "البحر المتوسط"),
    ("Atlantic Ocean", "océan Atlantique", "المحيط الأطلسي"),
    ("Euphrates", "Euphrate", "نهر الفرات"),
    ("Litani River", "Litani", "نهر الليطاني"),
    ("European Union", "Union européenne", "الاتحاد الأوروبي"),
    ("Jordan Valley", "vallée du Jourdain", "غور الأردن"),
]


@pytest.mark.parametrize(("name", "lat", "lon"), PLACES)
def test_spelled(gazetteer: Gazetteer, name: str, lat: float, lon: float) -> None:
    assert any(kilometres(p.lat, p.lon, lat, lon) <= 12 for p in gazetteer.lookup(name))


@pytest.mark.parametrize("names", WIDE)
def test_what_is_wide_is_an_area_in_every_language(gazetteer: Gazetteer, names: tuple[str, ...]) -> None:
    found = [{p.id for p in gazetteer.lookup(name) if p.kind in ("area", "continent")} for name in names]
    assert set.intersection(*found)


def test_no_spelling_stands_twice() -> None:
    table = [(row["country"], row["town"]) for row in rows("spellings.tsv")]
    assert len(table) == len(set(table)) >= 590
    assert sum(len(row["names"].split("|")) for row in rows("spellings.tsv")) >= 1000
