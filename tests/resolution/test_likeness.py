"""Reports of one make that tell of one town on several days are a list of incidents; one figure revised is not."""

from __future__ import annotations

import pytest
from by_hand import DAY, telling

from constat.resolution.resolve import resolve

MAKE = "On {0} April gunmen killed {1} soldiers in an attack near Kassala, Sudan, residents of the town said."


def groups(*told: tuple[int, int]) -> int:
    """How many incidents are found in reports of one make, each with its day and its dead."""
    made = [
        telling(f"t{n}", text=MAKE.format(day, dead), first=DAY + day, last=DAY + day, killed=(dead, dead))
        for n, (day, dead) in enumerate(told)
    ]
    return len(resolve(made).groups)


@pytest.mark.parametrize("days", [2, 3])
@pytest.mark.parametrize("dead", [(8, 14), (3, 40), (20, 12)])
def test_another_day_and_another_number_is_another_incident(days: int, dead: tuple[int, int]) -> None:
    assert groups((3, dead[0]), (3 + days, dead[1])) == 2


@pytest.mark.parametrize("dead", [(8, 8), (8, 14)])
def test_the_same_day_is_one_incident_whether_or_not_its_figure_was_revised(dead: tuple[int, int]) -> None:
    assert groups((3, dead[0]), (3, dead[1])) == 1
