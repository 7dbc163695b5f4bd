"""Invented reports of invented outlets, for the desk to be tried with."""

from __future__ import annotations

# One report that tells of two incidents: its own news, and an attack some hours before.
MORNING = """Des sources locales de la province de Deir ez-Zor rapportent que, tôt ce matin, la base du champ \
pétrolier d'Al-Omar a été visée par un missile, ce qui a provoqué un incendie. Deux soldats ont été blessés.
Cette attaque survient quelques heures après une précédente attaque contre la base du champ gazier de Koniko, au nord \
de Deir ez-Zor, au cours de laquelle au moins trois soldats ont été blessés.
Des ambulances se sont rendues sur les lieux et tous les accès ont été fermés."""

# Two tellings of one incident that no program joins: the places lie too far apart.
FIRST = {
    "id": "gazette",
    "publisher": "Gazette des dunes",
    "published": "2024-03-12",
    "lang": "fr",
    "title": "Un dépôt visé à Gao",
    "text": "Deux soldats ont été tués lundi soir dans une attaque à la roquette contre un dépôt à Gao, au Mali, selon "
    "une source militaire.",
}
SECOND = {
    "id": "courier",
    "publisher": "The Dune Courier",
    "published": "2024-03-13",
    "lang": "en",
    "title": "Soldiers killed in rocket attack",
    "text": "Four soldiers were killed on Monday night when rockets hit a depot near Timbuktu, northern Mali, "
    "residents said.",
}
THIRD = {
    "id": "sada",
    "publisher": "صدى الكثبان",
    "published": "2024-02-02",
    "lang": "ar",
    "title": "قصف على خان شيخون",
    "text": "قُتل ثلاثة مدنيين وأصيب طفلان في قصف مدفعي على مدينة خان شيخون أمس الخميس، بحسب الدفاع المدني.",
}
FOURTH = {
    "id": "bulletin",
    "publisher": "Bulletin du fleuve",
    "published": "2024-03-20",
    "lang": "fr",
    "text": "Une bombe artisanale a tué un civil mardi matin près de Gossi, dans le nord du Mali, selon une source "
    "sécuritaire. Les autorités ont fermé la route.",
}
REPORTS = (FIRST, SECOND, THIRD, FOURTH)
