"""What somebody wants to be told of: filters, an area, where it is told, and when it is not."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from constat.errors import SettingsError, UsageError
from constat.filters import Filters
from constat.records import content_id

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_TOLD = ("name", "channels", "quiet", "time_zone", "urgent_killed", "write_in")
Corner = tuple[float, float]


class Watch(Filters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[watch]]` of the settings: filters, of which all must hold, and how what meets them is told."""

    name: str
    area: tuple[Corner, ...] = ()  # corners of a polygon, degrees north and east; not across ±180°
    channels: tuple[str, ...] = ("terminal",)
    quiet: str = ""  # hours without alerts, as "22:00-06:30"; what is raised then is told afterwards
    time_zone: str = ""  # of the quiet hours, as "Africa/Khartoum"; empty: that of this machine
    urgent_killed: int | None = None  # from so many dead, quiet hours do not count
    write_in: str = "en"

    def check(self) -> Watch:
        """The watch itself; raises `SettingsError` where it makes no sense."""
        where = f"watch {self.name!r}"
        try:
            super().check()
        except UsageError as error:
            raise SettingsError(f"{where}: {error}") from error
        if not self.name.strip() or len(self.name) > 60 or not self.name.isprintable():
            raise SettingsError(f"{where}: a name of 1 to 60 signs is wanted")
        if self.area and len(self.area) < 3:
            raise SettingsError(f"{where}: an `area` has three corners or more, each [north, east]")
        if any(not (-90 <= lat <= 90 and -180 <= lon <= 180) for lat, lon in self.area):
            raise SettingsError(f"{where}: corners of `area` are [degrees north, degrees east]")
        if not self.channels:
            raise SettingsError(f"{where}: name a channel; `terminal` is always there")
        if self.quiet and not _HOURS.fullmatch(self.quiet):
            raise SettingsError(f"{where}: `quiet` {self.quiet!r} should be hours such as 22:00-06:30")
        try:
            self._zone()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise SettingsError(f"{where}: no `time_zone` {self.time_zone!r}; one is Africa/Khartoum") from None
        return self

    @property
    def digest(self) -> str:
        """The hash of what it asks for; how it is told does not count."""
        return content_id({n: getattr(self, n) for n in self.__struct_fields__ if n not in _TOLD})

    def is_quiet(self, at: dt.datetime) -> bool:
        """Whether a time is in the quiet hours."""
        found = _HOURS.fullmatch(self.quiet)
        if not found:
            return False
        h, m, to_h, to_m = map(int, found.groups())
        now = at.astimezone(self._zone()).time().replace(tzinfo=None)
        start, end = dt.time(h, m), dt.time(to_h, to_m)
        return start <= now < end if start <= end else now >= start or now < end

    def holds(self, lat: float | None, lon: float | None) -> bool:
        """Whether a point is in the area; every point and none is where no area is given."""
        if not self.area:
            return True
        if lat is None or lon is None:
            return False
        inside = False
        for (a, b), (c, d) in zip(self.area, (*self.area[1:], self.area[0]), strict=True):
            if (a > lat) != (c > lat) and lon < (d - b) * (lat - a) / (c - a) + b:
                inside = not inside
        return inside

    @property
    def filters(self) -> Filters:
        """The filters alone."""
        return msgspec.convert({n: getattr(self, n) for n in Filters.__struct_fields__}, Filters)

    def _zone(self) -> dt.tzinfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None
