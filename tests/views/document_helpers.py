"""A small incident told by events, for tests of the document."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import events as e
from bot.domain.details import EntryDetails, MessageRef
from bot.domain.evolve import fold
from bot.domain.incident import Incident
from bot.domain.times import Precision, Time
from bot.domain.transcript import Message, Profile
from bot.views.document import build_document

START = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
ANA, BEA = "U0ANA", "U0BEA"
PROFILES = {
    ANA: Profile(id=ANA, name="Ana Lima", zone="Europe/Lisbon"),
    BEA: Profile(id=BEA, name="Bea Novak", zone="America/Los_Angeles"),
}


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def typed(minutes: float, **more: Any) -> Time:
    return Time(utc=at(minutes), **more)


def exact(minutes: float) -> Time:
    return Time(utc=at(minutes), precision=Precision.SECOND)


def message(minutes: float, text: str, **more: Any) -> Message:
    ts = f"{int(at(minutes).timestamp())}.000100"
    return Message(ref=MessageRef(channel="C0INC", ts=ts), user=more.pop("user", ANA), text=text, **more)


def note(entry: str, time: Time, text: str = "something", **more: Any) -> e.NoteAdded:
    return e.NoteAdded(entry=entry, time=time, details=EntryDetails(text=text, **more))


def tagged(entry: str, told: Message, **more: Any) -> e.MessageTagged:
    return e.MessageTagged(entry=entry, message=told.ref, **more)


def incident(*events: e.Event, declared: e.Declared | None = None) -> Incident:
    """Declared at 14:05 by Ana; each further event a minute after the one before."""
    first = declared or e.Declared(title="Checkout is down")
    recorded = [
        e.Recorded(incident=7, number=number, at=at(number - 1), by=ANA, event=event)
        for number, event in enumerate((first, *events), 1)
    ]
    state = fold(recorded)
    assert state is not None
    return state


def document(*events: e.Event, messages: tuple[Message, ...] = (), **more: Any) -> dict[str, Any]:
    return build_document(
        incident(*events, declared=more.pop("declared", None)),
        messages={m.ref.key: m for m in messages},
        profiles=PROFILES,
        now=at(600),
        **more,
    )


def people_lines(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in told["timeline"] if not line["system"]]
