"""The timeline as a picture: one SVG of phases, impact, severity, status and entries, on its own white ground.

Nothing but the Document decides what is drawn, so the same record gives the same bytes. Shapes are paths, so that no
font has to know them; colours differ in brightness too, for print and for eyes that see few colours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from bot.documents.printing import clock_text, read_time
from bot.documents.scale import Scale, scale
from bot.documents.svg import SHAPES, clean, cut, text, width
from bot.domain.times import format_duration

WIDTH = 1000.0
_LEFT, _RIGHT = 92.0, WIDTH - 24.0
_LANE, _LANE_GAP = 20.0, 8.0
_ROW = 19.0
_BADGE = 21.0
#: What is shown while nothing has a time.
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 40" width="1000" height="40"/>\n'
#: So many entries are numbered and told below; of more, the weightiest.
MOST_NUMBERED = 24
_INK, _SOFT, _LINE = "#1c2330", "#5b6475", "#d5dae2"
_PHASES = (
    ("undetected", "not yet detected", "#f2b8b5"),
    ("responding", "responding", "#f9dc9c"),
    ("recovering", "watching the fix", "#c9e7cf"),
)
_SEVERITIES = ("#8c1d18", "#c4501b", "#a5790a", "#41618a", "#6b7280")
_STATUSES = {
    "triage": "#e4e7ec",
    "investigating": "#f9dc9c",
    "identified": "#f5c99a",
    "monitoring": "#cfe2f7",
    "resolved": "#c9e7cf",
    "closed": "#dfe3ea",
}
#: marker -> colour and shape within a circle of radius 1.
_MARKERS: Mapping[str, tuple[str, str]] = {
    "failure": ("#b3261e", "cross"),
    "degraded": ("#b26a00", "triangle"),
    "detected": ("#b3261e", "ring"),
    "in_progress": ("#1a56b0", "square"),
    "restored": ("#1e7d3c", "diamond"),
    "healthy": ("#1e7d3c", "diamond"),
    "recovered": ("#1e7d3c", "diamond"),
}


@dataclass(frozen=True, slots=True)
class _Entry:
    at: datetime
    clock: str
    text: str
    marker: str | None
    weight: int


@dataclass(frozen=True, slots=True)
class _Span:
    start: datetime
    end: datetime
    label: str
    colour: str


def timeline_picture(document: Mapping[str, Any], *, clock12: bool = False) -> str | None:
    """The picture as SVG, or None when nothing has a time. Times are UTC; where clock times are hidden, spans."""
    entries = list(_entries(document, clock12=clock12))
    times = {name: _moment(time) for name, time in document["times"].items() if isinstance(time, Mapping)}
    known = {name: at for name, at in times.items() if at}
    lanes = {
        "Phase": list(_phases(known)),
        "Impact": list(_impact(document, known)),
        "Severity": list(_severities(document, known, entries)),
        "Status": list(_statuses(document, known, entries)),
    }
    spans = [span for lane in lanes.values() for span in lane]
    moments = [entry.at for entry in entries]
    moments += [at for span in spans for at in (span.start, span.end)]
    if not moments:
        return None
    axis = scale(moments, _LEFT, _RIGHT)
    hidden = bool(document["display"].get("hide_clock_times"))
    zero = known.get("impact_start") or min(moments)
    return "\n".join(_svg(document, axis, lanes, entries, zero if hidden else None)) + "\n"


# --- what is drawn -----------------------------------------------------------------------------------------------------


def _moment(time: Mapping[str, Any]) -> datetime | None:
    return read_time(time).utc


def _entries(document: Mapping[str, Any], *, clock12: bool) -> Iterator[_Entry]:
    for line in document["timeline"]:
        at = _moment(line["time"])
        if at is None or line.get("system"):
            continue
        weight = 4 * bool(line.get("key")) + 3 * bool(line.get("marker")) + (line.get("kind") in _WEIGHTY)
        label = f"{line['label']}: " if line.get("label") else ""
        face = clock_text(line["time"], seconds=bool(line.get("seconds")), clock12=clock12)
        yield _Entry(at, face, clean(f"{label}{line['text']}".replace("`", "")), line.get("marker"), weight)


_WEIGHTY = frozenset({"decision", "detection", "action"})


def _phases(known: Mapping[str, datetime]) -> Iterator[_Span]:
    """From the beginning of the trouble to its end, as far as the turns are known."""
    end = known.get("resolved")
    stops = [known.get("impact_start"), known.get("detected"), known.get("mitigated")]
    for number, (_, label, colour) in enumerate(_PHASES):
        start = stops[number]
        until = next((stop for stop in (*stops[number + 1 :], end) if stop), None)
        if start and until and until > start:
            yield _Span(start, until, label, colour)


def _impact(document: Mapping[str, Any], known: Mapping[str, datetime]) -> Iterator[_Span]:
    """The stated windows; one without a beginning that anybody stated is not drawn."""
    if "impact_start" not in known:
        return
    for window in document["times"].get("impact_windows", []):
        start = _moment(window["start"])
        end = _moment(window["end"]) if window.get("end") else None
        if start and end and end > start:
            yield _Span(start, end, format_duration((end - start).total_seconds()), "#d9534a")


def _severities(
    document: Mapping[str, Any], known: Mapping[str, datetime], entries: Sequence[_Entry]
) -> Iterator[_Span]:
    """Each severity from when it was given to the next; the first from the declaration."""
    incident = document["incident"]
    now = incident.get("severity")
    stops = [(_instant(change["at"]), str(change["to"])) for change in incident["severity_history"]]
    if now and not stops:
        stops = [(known["declared"], str(now["label"]))]
    if not stops:
        return
    for start, end, label in _spans(stops, _over(known, entries)):
        yield _Span(start, end, label, _SEVERITIES[_rung(label, now)])


def _rung(label: str, now: Mapping[str, Any] | None) -> int:
    """How far from the worst, as an index of colours: the number in the label, or that of the present severity."""
    number = re.search(r"\d+", label)
    lowest = 0 if now and now["scheme"] == "P" else 1
    level = int(number[0]) if number else int(now["level"]) if now and now["label"] == label else lowest + 2
    return max(0, min(level - lowest, len(_SEVERITIES) - 1))


def _statuses(
    document: Mapping[str, Any], known: Mapping[str, datetime], entries: Sequence[_Entry]
) -> Iterator[_Span]:
    changes = [
        (_instant(change["at"]), str(change["to"])) for change in document["incident"]["status_history"]
    ]
    if not changes:
        return
    over = _over(known, entries)
    for start, end, label in _spans([change for change in changes if change[0] <= over], over):
        yield _Span(start, end, label, _STATUSES.get(label, "#e4e7ec"))


def _over(known: Mapping[str, datetime], entries: Sequence[_Entry]) -> datetime:
    """Where the picture ends: closing long after the last entry is no part of what happened."""
    told = [entry.at for entry in entries]
    told += [known[name] for name in ("resolved", "mitigated", "declared") if name in known]
    return max(told)


def _spans(
    stops: Sequence[tuple[datetime, str | None]], over: datetime
) -> Iterator[tuple[datetime, datetime, str]]:
    ordered = sorted(((at, label) for at, label in stops if label), key=lambda stop: stop[0])
    for (start, label), (end, _) in pairwise([*ordered, (over, "")]):
        if end > start:
            yield start, end, label


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- drawing -----------------------------------------------------------------------------------------------------------


def _svg(
    document: Mapping[str, Any],
    axis: Scale,
    lanes: Mapping[str, Sequence[_Span]],
    entries: Sequence[_Entry],
    zero: datetime | None,
) -> Iterator[str]:
    drawn = {name: spans for name, spans in lanes.items() if spans}
    numbered = _numbered(entries)
    top = 16.0
    axis_y = top + len(drawn) * (_LANE + _LANE_GAP) + 44.0
    badge_y = axis_y + 62.0
    rows = -(-len(numbered) // 2) if len(numbered) > 8 else len(numbered)
    list_y = badge_y + 34.0 if numbered else axis_y + 44.0
    key_y = list_y + rows * _ROW + 14.0
    height = key_y + 22.0 + _ROW
    ref, title = str(document["incident"]["ref"]), clean(str(document["incident"]["title"]))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" '
        f'height="{height:g}" role="img" aria-labelledby="timeline-title timeline-desc" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif" font-size="12">'
    )
    yield f'<title id="timeline-title">{escape(f"Timeline of {ref}: {title}")}</title>'
    yield f'<desc id="timeline-desc">{escape(_described(drawn, entries, numbered))}</desc>'
    yield f'<rect width="{WIDTH:g}" height="{height:g}" rx="8" fill="#fff"/>'
    yield from _axis(axis, axis_y, top, zero)
    for number, (name, spans) in enumerate(drawn.items()):
        yield from _lane(name, spans, axis, top + number * (_LANE + _LANE_GAP))
    yield from _ticks(entries, axis, axis_y)
    yield from _badges(numbered, axis, axis_y, badge_y)
    yield from _listed(numbered, list_y, rows, hide_clock=zero is not None)
    small = dict.fromkeys(
        (span.label, span.colour) for spans in drawn.values() for span in spans if not _fits(span, axis)
    )
    yield from _key(entries, numbered, small, key_y)
    yield "</svg>"


def _described(
    drawn: Mapping[str, Sequence[_Span]], entries: Sequence[_Entry], numbered: Sequence[_Entry]
) -> str:
    parts = [f"{name}: {', '.join(span.label for span in spans)}." for name, spans in drawn.items()]
    told = f", {len(numbered)} of them numbered and told below the axis" if numbered else ""
    return " ".join([*parts, f"{len(entries)} entries{told}."])


def _numbered(entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries that are told in words: all, or the weightiest and, among equals, evenly spread ones."""
    if len(entries) <= MOST_NUMBERED:
        return list(entries)
    chosen: set[int] = set()
    for weight in sorted({entry.weight for entry in entries}, reverse=True):
        equals = [at for at, entry in enumerate(entries) if entry.weight == weight]
        room = MOST_NUMBERED - len(chosen)
        if len(equals) > room:
            last = max(room - 1, 1)
            equals = [equals[n * (len(equals) - 1) // last] for n in range(room)]
        chosen |= set(equals)
    return [entries[at] for at in sorted(chosen)]


def _lane(name: str, spans: Sequence[_Span], axis: Scale, y: float) -> Iterator[str]:
    yield text(_LEFT - 10, y + 14, name, anchor="end", fill=_SOFT, size=11)
    for span in spans:
        left, right = axis.place(span.start), axis.place(span.end)
        across = max(right - left, 2.0)
        yield (
            f'<rect x="{left:.1f}" y="{y:g}" width="{across:.1f}" height="{_LANE:g}" rx="3" fill="{span.colour}">'
            f"<title>{escape(span.label)}</title></rect>"
        )
        if _fits(span, axis):
            fill = "#fff" if span.colour in (*_SEVERITIES, "#d9534a") else _INK
            yield text(left + 6, y + 14, span.label, fill=fill, size=11)


def _fits(span: _Span, axis: Scale) -> bool:
    return width(span.label, 11) + 10 <= axis.place(span.end) - axis.place(span.start)


def _axis(axis: Scale, y: float, top: float, zero: datetime | None) -> Iterator[str]:
    yield f'<path d="M{_LEFT:g} {y:g}H{_RIGHT:g}" stroke="{_SOFT}" stroke-width="1.2"/>'
    day = None
    ticks = list(axis.ticks(64.0))
    seconds = any(moment.second for moment, _ in ticks)
    for moment, x in ticks:
        yield f'<path d="M{x:.1f} {top:g}V{y + 4:g}" stroke="{_LINE}" stroke-width=".8"/>'
        if zero is not None:
            yield text(x, y - 8, _elapsed(moment, zero), anchor="middle", fill=_SOFT, size=11)
            continue
        face = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
        yield text(x, y - 8, face, anchor="middle", fill=_SOFT, size=11)
        if moment.date() != day:
            day = moment.date()
            yield text(x, y - 22, f"{day:%d %b %Y}", anchor="middle", fill=_INK, size=11)
    if zero is None:
        yield text(_LEFT - 10, y + 4, "UTC", anchor="end", fill=_SOFT, size=11)
    for piece in axis.pieces:
        if piece.silent:
            middle = (piece.left + piece.right) / 2
            yield (
                f'<rect x="{piece.left + 3:.1f}" y="{y - 5:g}" width="{piece.right - piece.left - 6:.1f}" height="10" '
                'fill="#fff"/>'
            )
            yield (
                f'<path d="M{middle - 8:.1f} {y + 5:g}l6-10m4 10l6-10" stroke="{_SOFT}" stroke-width="1.2" fill="none"/>'
            )
            length = format_duration(_coarse((piece.end - piece.start).total_seconds()))
            yield text(middle, y + 20, length, anchor="middle", fill=_SOFT, size=10, style="italic")


def _coarse(seconds: float) -> float:
    """A silence is told roughly: in hours when it took hours, else in minutes."""
    unit = 3600 if seconds >= 3 * 3600 else 60
    return round(seconds / unit) * unit


def _elapsed(moment: datetime, zero: datetime) -> str:
    seconds = (moment - zero).total_seconds()
    return "start" if not seconds else ("+" if seconds > 0 else "") + format_duration(seconds)


def _ticks(entries: Sequence[_Entry], axis: Scale, y: float) -> Iterator[str]:
    """A stroke for every entry, in one path: five hundred of them are still a small picture."""
    places = sorted({round(axis.place(entry.at), 1) for entry in entries})
    if places:
        strokes = "".join(f"M{x:g} {y - 1:g}v9" for x in places)
        yield f'<path d="{strokes}" stroke="{_INK}" stroke-width="1" stroke-opacity=".55" fill="none"/>'


def _badges(numbered: Sequence[_Entry], axis: Scale, axis_y: float, y: float) -> Iterator[str]:
    places = _spread([axis.place(entry.at) for entry in numbered])
    for number, (entry, x) in enumerate(zip(numbered, places, strict=True), 1):
        at = axis.place(entry.at)
        colour, shape = _MARKERS.get(entry.marker or "", (_SOFT, "dot"))
        yield (
            f'<path d="M{at:.1f} {axis_y + 8:g}L{x:.1f} {y - 26:g}" stroke="{colour}" stroke-width=".9" '
            'stroke-opacity=".7"/>'
        )
        yield f'<path d="{SHAPES[shape]}" transform="translate({x:.1f} {y - 20:g}) scale(6)" fill="{colour}"/>'
        yield text(x, y + 1, str(number), anchor="middle", fill=_INK, size=11)


def _spread(places: Sequence[float]) -> list[float]:
    """Places moved apart so that badges do not cover each other, each as near to its own as may be."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + _BADGE) if moved else place)
    edge = _RIGHT
    for at in reversed(range(len(moved))):
        moved[at] = min(moved[at], edge)
        edge = moved[at] - _BADGE
    return moved


def _listed(numbered: Sequence[_Entry], y: float, rows: int, *, hide_clock: bool) -> Iterator[str]:
    """The numbered entries in words, in one column or two."""
    columns = 1 if rows == len(numbered) else 2
    room = (WIDTH - 48) / columns
    dated = len({entry.at.date() for entry in numbered}) > 1
    faces = [
        "" if hide_clock else f"{entry.at:%d %b} {entry.clock}" if dated else entry.clock
        for entry in numbered
    ]
    indent = 26 + max((width(face, 11) + 12 for face in faces if face), default=0)
    for at, (entry, face) in enumerate(zip(numbered, faces, strict=True)):
        left = 24 + (at // rows) * room
        line = y + (at % rows) * _ROW + 10
        yield text(left + 16, line, f"{at + 1}", anchor="end", fill=_SOFT, size=11)
        yield text(left + 26, line, face, fill=_SOFT, size=11)
        yield text(left + indent, line, cut(entry.text, room - indent - 14, 12), fill=_INK, size=12)


def _key(
    entries: Sequence[_Entry], numbered: Sequence[_Entry], small: Iterable[tuple[str, str]], y: float
) -> Iterator[str]:
    """What the signs mean, of those that occur, and the stretches that were too short for their words."""
    yield f'<path d="M24 {y - 8:g}H{_RIGHT:g}" stroke="{_LINE}"/>'
    x = 30.0
    for marker in dict.fromkeys(entry.marker for entry in numbered):
        colour, shape = _MARKERS.get(marker or "", (_SOFT, "dot"))
        words = (marker or "entry").replace("_", " ")
        yield f'<path d="{SHAPES[shape]}" transform="translate({x:.1f} {y + 6:g}) scale(5)" fill="{colour}"/>'
        yield text(x + 11, y + 10, words, fill=_SOFT, size=11)
        x += 11 + width(words, 11) + 16
    for words, colour in small:
        yield f'<rect x="{x - 5:.1f}" y="{y + 1:g}" width="12" height="10" rx="2" fill="{colour}"/>'
        yield text(x + 13, y + 10, words, fill=_SOFT, size=11)
        x += 13 + width(words, 11) + 16
    said = f"{len(entries)} entries"
    if len(numbered) < len(entries):
        said += f", each a stroke on the axis; {len(numbered)} of them numbered"
    if x + width(said, 11) > _RIGHT:
        y += _ROW
    yield text(_RIGHT, y + 10, said, anchor="end", fill=_SOFT, size=11)
