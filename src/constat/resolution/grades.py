"""How far an incident can be believed: the Admiralty code's 1 to 6, by the agreement of independent voices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tomllib import TOMLDecodeError, loads

from constat.errors import SettingsError
from constat.records import Denied, Fused, FusedToll, Grade, Voice

_CONFIRMING = 3  # voices, or two of which one is graded A or B
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E", "F")


def information(
    voices: Sequence[Voice], fields: Iterable[Fused], tolls: Sequence[FusedToll], denials: Sequence[Denied] = ()
) -> tuple[int, str]:
    """The grade of what is told, 1 confirmed to 6 cannot be judged, and why in words.

    A voice that retracts what it told counts no more. What other voices deny is improbable if they are as many; what a
    party to the conflict denies is doubtful, however many tell it.
    """
    held = {fused.field: fused for fused in fields}
    telling = {document for voice in voices for document in voice.documents}
    # What a report tells and doubts in its own voice it does not retract.
    retracting = {d.voice for d in denials if d.by is None and d.document not in telling}
    usable = [voice for voice in voices if voice.grade != "E" and voice.name not in retracting]
    agreeing = len(usable)
    told_by = {voice.name for voice in voices}
    against = sorted(retracting - told_by)
    parties = sorted({d.by for d in denials if d.by is not None})
    if "date" not in held and "place" not in held:
        return 6, "neither when nor where is known, so that nothing can be compared"
    if not usable:
        gone = sorted(retracting & told_by)
        return 5, f"retracted by {', '.join(gone)}" if gone else "told by sources alone that are graded unreliable"
    if against:
        said = f"denied by {', '.join(against)}, told by {agreeing} voice{'s' if agreeing > 1 else ''}"
        return (5 if len(against) >= agreeing else 4), said
    if parties:
        return 4, f"told by {agreeing} voice{'s' if agreeing > 1 else ''}, denied by {', '.join(parties)}"
    rivals = sorted(t.field for t in tolls if t.best is not None and t.high is not None and t.high > 2 * max(t.best, 1))
    apart = f"; they differ widely on the {' and '.join(rivals)}" if rivals else ""
    graded = any(voice.grade in ("A", "B") for voice in usable)
    if agreeing >= _CONFIRMING or (agreeing == _CONFIRMING - 1 and graded):
        return (2 if rivals else 1), f"told by {agreeing} independent voices{apart}"
    if agreeing == _CONFIRMING - 1:
        return (3 if rivals else 2), f"told by two independent voices, neither graded A or B{apart}"
    doubt = held.get("uncertain")
    if doubt is not None and doubt.value is True:
        return 4, "told by one voice that itself calls it unconfirmed"
    return 3, f"told by one voice alone, of grade {usable[0].grade}"


def source_grades(path: Path) -> dict[str, Grade]:
    """The user's own list of sources and grades, a TOML file of `"name" = "B"`; raises `SettingsError`."""
    try:
        data: Mapping[str, object] = loads(path.read_text(encoding="utf-8"))
    except (OSError, TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the grades of sources cannot be read: {error}") from error
    out: dict[str, Grade] = {}
    for name, value in data.items():
        grade = next((g for g in GRADES if g == value), None)
        if grade is None:
            raise SettingsError(f"{path}: {name!r} is graded {value!r}; a grade is one of {', '.join(GRADES)}")
        out[name] = grade
    return out
