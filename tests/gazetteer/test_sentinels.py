"""A hundred places that reports of the last years name must be found where they are, whatever is changed."""

from __future__ import annotations

import pytest

from constat.gazetteer import Gazetteer, kilometres

SENTINELS = """
Aleppo 36.2 37.16|حلب 36.2 37.16|Deir ez-Zor 35.34 40.14|دير الزور 35.34 40.14|Raqqa 35.95 39.01|Idlib 35.93 36.63
Hama 35.13 36.75|Homs 34.73 36.71|Palmyra 34.56 38.27|تدمر 34.56 38.27|Manbij 36.53 37.95|Kobani 36.89 38.35
Qamishli 37.05 41.22|al-Tanf 33.5 38.62|Daraa 32.62 36.1|Afrin 36.51 36.87|Mosul 36.34 43.12|الموصل 36.34 43.12
Kirkuk 35.47 44.39|Ramadi 33.42 43.3|Fallujah 33.35 43.78|Erbil 36.19 44.01|Basra 30.5 47.8|Tikrit 34.6 43.68
Baghdad 33.33 44.4|بغداد 33.33 44.4|Beirut 33.89 35.5|Naqoura 33.12 35.14|Tyre 33.27 35.2|صور 33.27 35.2
Gaza 31.5 34.46|Rafah 31.29 34.25|رفح 31.29 34.25|Khan Yunis 31.34 34.3|Jenin 32.46 35.3|Nablus 32.22 35.26
Sanaa 15.35 44.2|صنعاء 15.35 44.2|Marib 15.46 45.32|مأرب 15.46 45.32|Hodeidah 14.8 42.95|Aden 12.78 45.03
Taiz 13.58 44.02|Tripoli 32.89 13.19|طرابلس 32.89 13.19|Benghazi 32.11 20.07|Sirte 31.2 16.58|Khartoum 15.55 32.53
الخرطوم 15.55 32.53|El Fasher 13.63 25.35|Nyala 12.05 24.88|El Geneina 13.45 22.45|Omdurman 15.64 32.48
Port Sudan 19.62 37.22|Gao 16.27 -0.04|Kidal 18.44 1.41|Timbuktu 16.77 -3.01|Tombouctou 16.77 -3.01
Menaka 15.92 2.4|Mopti 14.49 -4.19|Djibo 14.1 -1.63|Dori 14.03 -0.03|Fada N'gourma 12.06 0.36
Ouagadougou 12.37 -1.53|Diffa 13.32 12.61|Tillabéri 14.21 1.45|Maiduguri 11.85 13.16|Damaturu 11.75 11.96
Gusau 12.17 6.66|Chibok 10.87 12.85|Bama 11.52 13.69|Jos 9.92 8.89|Goma -1.68 29.23|Beni 0.49 29.47
Butembo 0.14 29.29|Bunia 1.56 30.25|Bukavu -2.5 28.86|Bangui 4.36 18.56|Bria 6.54 21.99|Mogadishu 2.04 45.34
مقديشو 2.04 45.34|Kismayo -0.36 42.55|Baidoa 3.11 43.65|Beledweyne 4.74 45.2|Pemba -12.97 40.52|Palma -10.77 40.48
Macomia -12.25 40.13|Mocímboa da Praia -11.35 40.35|Lamu -2.27 40.9|Kabul 34.53 69.17|كابول 34.53 69.17
Kandahar 31.61 65.71|Kunduz 36.73 68.86|Quetta 30.18 67.0|Peshawar 34.01 71.58|Kharkiv 49.98 36.25
خاركيف 49.98 36.25|Kherson 46.64 32.62|Bakhmut 48.6 38.0|Avdiivka 48.14 37.75|Mariupol 47.1 37.55
Pokrovsk 48.28 37.18|Sumy 50.92 34.8|Zaporizhzhia 47.85 35.12|Odesa 46.48 30.73|Донецьк 48.02 37.8
Myitkyina 25.38 97.4|Sittwe 20.15 92.9|Lashio 22.93 97.75|Cúcuta 7.89 -72.5|Tumaco 1.8 -78.78
Port-au-Prince 18.54 -72.34|Culiacán 24.8 -107.39
"""
PLACES = [
    (name, float(lat), float(lon))
    for item in SENTINELS.replace("\n", "|").split("|")
    if item.strip()
    for name, lat, lon in [item.rsplit(" ", 2)]
]


def test_there_are_a_hundred() -> None:
    assert len(PLACES) >= 100


@pytest.mark.parametrize(("name", "lat", "lon"), PLACES)
def test_found_where_it_is(gazetteer: Gazetteer, name: str, lat: float, lon: float) -> None:
    found = [*gazetteer.lookup(name), *gazetteer.propose(name)]
    assert any(kilometres(p.lat, p.lon, lat, lon) <= 12 for p in found)
