"""Every limit and path that Constat uses, named with its unit; from a TOML file, the environment, or the defaults."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import msgspec

from constat.errors import SettingsError


def default_cache() -> Path:
    """Where derived files such as the place index are kept: CONSTAT_CACHE, or the user's cache folder."""
    if chosen := os.environ.get("CONSTAT_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "constat"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`overlays`: folders laid over the shipped packs and ontology, later ones on top; sizes are in bytes."""

    overlays: tuple[Path, ...] = ()
    max_report_bytes: int = 20_000_000
    max_title_characters: int = 1_000

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """The settings of a TOML file (CONSTAT_SETTINGS if none is named); raises `SettingsError`."""
        chosen = path or (Path(named) if (named := os.environ.get("CONSTAT_SETTINGS")) else None)
        if chosen is None:
            return cls()
        try:
            return msgspec.convert(tomllib.loads(chosen.read_text(encoding="utf-8")), cls, strict=False)
        except FileNotFoundError as error:
            raise SettingsError(f"{chosen}: there is no such settings file") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{chosen}: not valid TOML: {error}") from error
        except msgspec.ValidationError as error:
            raise SettingsError(f"{chosen}: {error}; the settings are {', '.join(cls.__struct_fields__)}") from error
