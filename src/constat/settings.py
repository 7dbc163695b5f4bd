"""Every limit and path that Constat uses, named with its unit; from a TOML file, the environment, or the defaults.

The environment wins over the file: a setting `max_report_bytes` is the variable CONSTAT_MAX_REPORT_BYTES; folders of
`overlays` (CONSTAT_OVERLAYS) are separated as in PATH; variables for the table `[model]` begin with CONSTAT_MODEL_.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from constat.errors import SettingsError
from constat.records import content_id
from constat.watching import Watch


def default_cache() -> Path:
    """Where derived files such as the place index are kept: CONSTAT_CACHE, or the user's cache folder."""
    if chosen := os.environ.get("CONSTAT_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "constat"


def default_file() -> Path:
    """The settings file that is read if it exists and none is named."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "constat" / "settings.toml"


def default_state() -> Path:
    """Where the copies of anchors and the key that signs them are kept: CONSTAT_STATE, or the user's state folder."""
    if chosen := os.environ.get("CONSTAT_STATE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "constat"


_LISTS = ("overlays", "counted_datasets")  # in the environment their parts are separated as in PATH
# What bears on a reading; the other limits decide what comes into a casebook, never what a text says.
_READING = ("max_report_bytes", "max_line_bytes", "max_report_characters", "max_title_characters")


_Count = Annotated[int, msgspec.Meta(ge=0)]
_AtLeastOne = Annotated[int, msgspec.Meta(ge=1, le=64)]
_Amount = Annotated[float, msgspec.Meta(ge=0)]
_Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[model]`: a language model that may propose. A limit of 0 is none; the key is never in a file."""

    address: str = ""  # of an OpenAI-compatible server, up to what precedes `/chat/completions`
    name: str = ""  # of the model, as the server calls it
    key_variable: str = "CONSTAT_MODEL_KEY"  # the environment variable that holds the key
    output: Literal["schema", "object", "text"] = "schema"  # how the server is asked for JSON
    temperature: Annotated[float, msgspec.Meta(ge=-1)] = 0.0  # -1: not sent, for models that take none
    seed: int | None = None
    limit_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"  # newer models want the second
    max_answer_tokens: _Count = 4_096
    max_characters: _Count = 40_000  # of a report that is sent; a longer one is left to the rules
    confidence: _Share = 0.6  # of a claim that only the model makes

    connect_seconds: _Amount = 10.0
    answer_seconds: _Amount = 120.0  # for one whole answer
    retries: _Count = 2  # after the first try
    retry_pause_seconds: _Amount = 1.0  # doubled each time, unless the server says how long
    concurrency: _AtLeastOne = 2  # requests under way at once
    offline: bool = False  # answers come from the cache or not at all

    # The budget of one run
    max_requests: _Count = 1_000
    max_tokens: _Count = 0
    max_cost: _Amount = 0.0
    price_in: _Amount = 0.0  # of a million tokens sent
    price_out: _Amount = 0.0  # of a million tokens received
    currency: str = ""


class Lowered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where places are told less exactly in what is handed on: the point as the middle of a square of so many km, the
    name as that of the province. `types` are types or sub-types, `countries` ISO alpha-3; empty means all.
    """

    km: float
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`overlays`: folders laid over the shipped packs and ontology, later ones on top."""

    overlays: tuple[Path, ...] = ()
    cache: Path = msgspec.field(default_factory=default_cache)
    max_report_bytes: int = 20_000_000  # of one file or standard input that is one report
    max_line_bytes: int = 20_000_000  # of one line of JSON Lines
    max_report_characters: int = 1_000_000  # some four hundred pages; what is longer is no news report
    max_title_characters: int = 1_000  # a longer title is cut, and the document says so

    # Casebooks
    state: Path = msgspec.field(default_factory=default_state)
    store: str = ""  # `postgresql://…`; empty for the SQLite file in the casebook
    reader: Literal["rules", "model", "both"] = "rules"  # who reads what comes into a casebook
    actor: str = ""  # who is written into the audit log; empty for the name of the user of this machine
    writer_wait_seconds: float = 10.0  # for another process that writes to the same casebook
    anchor_every_entries: int = 1_000  # of the audit log
    anchor_every_hours: float = 24.0
    anchor_command: str = ""  # run with the path of each new anchor: a time stamp or a signature of yours

    # What comes in
    max_capture_bytes: int = 1 << 30  # of one file or archive that is kept as evidence
    max_page_bytes: int = 20_000_000  # of one page or document that is parsed whole, and of one answer of the web
    max_table_bytes: int = 200_000_000  # of one chat export that is parsed whole
    max_archive_members: int = 10_000  # of one archive, folders and links included
    max_archive_bytes: int = 1 << 30  # of one archive unpacked
    max_archive_ratio: int = 100  # unpacked to packed, of one member over a megabyte
    max_archive_depth: int = 3  # of archives in archives
    max_html_depth: int = 2_000  # of elements in elements
    max_parse_seconds: float = 10.0  # of processor time for one report
    max_parse_bytes: int = 512 << 20  # of memory for parsing
    max_source_reports_hour: int = 1_000  # of one web host; what is more waits in quarantine

    # The web
    fetch_seconds: float = 30.0  # for one answer, redirects included
    fetch_pause_seconds: float = 1.0  # between two requests to one host; a longer wish of robots.txt is followed
    max_redirects: int = 5

    # Other people's coded events
    counted_datasets: tuple[str, ...] = ()  # whose rows are tellings of incidents and voices, as `acled`

    # What is handed on
    lowered: tuple[Lowered, ...] = ()  # rules by which exports tell places less exactly

    # Alerts
    watch: tuple[Watch, ...] = ()  # `[[watch]]`: what somebody wants to be told of
    channel: tuple[dict[str, Any], ...] = ()  # `[[channel]]`: where alerts go; each kind knows its own options

    model: ModelSettings = ModelSettings()

    # The desk
    desk_tiles: str = ""  # `https://…/{z}/{x}/{y}.png` of a map server under the map; empty: the map stays offline
    desk_two_people: bool = False  # whether two different people must accept an incident at the desk

    @property
    def digest(self) -> str:
        """The hash of what bears on a reading: limits, not paths; overlays are hashed with the packs they change."""
        return content_id({name: getattr(self, name) for name in _READING})

    @classmethod
    def load(
        cls, path: Path | None = None, environ: Mapping[str, str] | None = None, over: Path | None = None
    ) -> Settings:
        """The settings of a file (CONSTAT_SETTINGS or the user's own), those of the file `over` and the environment.

        Later ones win; raises `SettingsError`.
        """
        env = os.environ if environ is None else environ
        named = path or (Path(env["CONSTAT_SETTINGS"]) if env.get("CONSTAT_SETTINGS") else None)
        values = _file(named) if named else _file(default_file()) if default_file().is_file() else {}
        where = str(named or default_file())
        if over is not None and over.is_file():
            values |= _of_casebook(over)
            where = f"{where} and {over}"
        if given := _of_model(env, values.get("model", {})):
            values["model"] = given
            where = f"{where} and the environment"
        for name in cls.__struct_fields__:
            if name != "model" and (value := env.get(f"CONSTAT_{name.upper()}")):
                values[name] = [p for p in value.split(os.pathsep) if p] if name in _LISTS else value
                where = f"{where} and the environment"
        try:
            settings = msgspec.convert(values, cls, strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            of = ModelSettings if "$.model" in str(error) else cls
            known = ", ".join(of.__struct_fields__)
            raise SettingsError(f"{where}: {error}; the settings are {known}") from error
        for name in cls.__struct_fields__:
            if name.startswith(("max_", "anchor_every_")) and getattr(settings, name) < 1:
                raise SettingsError(f"{where}: `{name}` is {getattr(settings, name)}; it should be 1 or more")
        if any(not 0 < rule.km <= 1_000 for rule in settings.lowered):
            raise SettingsError(f"{where}: a rule of `lowered` has a `km` that is not above 0 and at most 1,000")
        if len({one.check().name for one in settings.watch}) < len(settings.watch):
            raise SettingsError(f"{where}: two `[[watch]]` have one name; alerts are followed by it")
        return settings


def _of_casebook(path: Path) -> dict[str, Any]:
    """The settings of a casebook, which may come from somebody else: they do not say where keys and alerts are sent."""
    values = _file(path)
    if "channel" in values:
        raise SettingsError(
            f"{path}: a casebook does not choose where alerts go; move `[[channel]]` to {default_file()}"
        )
    if "model" in values:
        raise SettingsError(
            f"{path}: a casebook does not choose the language model; move `[model]` to {default_file()}"
        )
    return values


def _of_model(env: Mapping[str, str], table: Any) -> Any:
    """The table `[model]` with what CONSTAT_MODEL_… says laid over it, if that says anything."""
    said = {n: v for n in ModelSettings.__struct_fields__ if (v := env.get(f"CONSTAT_MODEL_{n.upper()}"))}
    return {**table, **said} if said and isinstance(table, dict) else None


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: the settings file cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise NotImplementedError
