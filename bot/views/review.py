"""The postmortem's review as people see it in Slack: its state in the channel, a section somebody is asked for, a signature."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Ask, Incident, Item
from bot.domain.people import Person
from bot.domain.sections import SECTIONS, missing, sections
from bot.domain.vocabulary import DocumentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One line of the sign-off; ``person`` is who may sign, None: anybody."""

    item: str
    role: str
    person: Person | None
    state: str
    date: str | None
    reason: str | None

    @property
    def is_pending(self) -> bool:
        return self.state == "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewState:
    """Where the postmortem stands; edited in place in the incident's channel."""

    incident: int
    ref: str
    title: str
    status: DocumentStatus
    since: datetime | None
    by: str | None
    amended: datetime | None
    revision: int
    authors: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    #: Title of a section and what it lacks.
    lacking: tuple[tuple[str, tuple[str, ...]], ...]
    signatures: tuple[Signature, ...]
    waiting_for: tuple[tuple[Person, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRequest:
    """A section that somebody is asked to fill in, as they read it."""

    incident: int
    ref: str
    title: str
    section: str
    heading: str
    by: str
    note: str | None
    lacks: tuple[str, ...]
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """What a reviewer or a signer is asked by DM. ``signature`` is theirs, if they are to sign."""

    incident: int
    ref: str
    title: str
    channel: str | None
    status: DocumentStatus
    by: str | None
    signature: Signature | None


def people_of(incident: Incident, path: str) -> tuple[Person, ...]:
    """The people whom a field of the document names."""
    value = incident.fields.get(path)
    lines = value if isinstance(value, tuple) else (str(value),) if value else ()
    return tuple(Person.typed_as(line) for line in lines if line.strip())


def signatures(incident: Incident) -> tuple[Signature, ...]:
    return tuple(_signature(item) for item in incident.lists.get("doc.signoff", ()))


def _signature(item: Item) -> Signature:
    values = item.values
    name = str(values.get("name") or "").strip()
    return Signature(
        item=item.id,
        role=str(values["role"]),
        person=Person.typed_as(name) if name else None,
        state=str(values.get("state") or "pending"),
        date=str(values["date"]) if values.get("date") else None,
        reason=str(values["reason"]) if values.get("reason") else None,
    )


def review_state(incident: Incident) -> ReviewState:
    change = next((c for c in reversed(incident.history) if c.what == "document"), None)
    lacking = tuple((s.title, lacks) for s in sections() if (lacks := missing(incident, s)))
    return ReviewState(
        incident=incident.number,
        ref=incident.ref,
        title=incident.title,
        status=incident.document,
        since=change.at if change else None,
        by=change.by if change else None,
        amended=amended_at(incident),
        revision=incident.renderings[-1].revision if incident.renderings else 0,
        authors=people_of(incident, "doc.authors"),
        reviewers=people_of(incident, "doc.reviewers"),
        lacking=lacking,
        signatures=signatures(incident),
        waiting_for=tuple(
            (ask.person, SECTIONS[ask.section].title) for ask in incident.asks if ask.answered is None
        ),
    )


def amended_at(incident: Incident) -> datetime | None:
    """When the last revision after the publication was made, if one was."""
    first = next((r for r in incident.renderings if r.published), None)
    later = [r for r in incident.renderings if r.published and first and r.revision > first.revision]
    return later[-1].at if later else None


def section_request(incident: Incident, ask: Ask) -> SectionRequest:
    section = SECTIONS[ask.section]
    return SectionRequest(
        incident=incident.number,
        ref=incident.ref,
        title=incident.title,
        section=section.key,
        heading=section.title,
        by=ask.by,
        note=ask.note,
        lacks=missing(incident, section),
        answered_at=ask.answered.at if ask.answered else None,
    )


def review_request(incident: Incident, signature: Signature | None) -> ReviewRequest:
    state = review_state(incident)
    return ReviewRequest(
        incident=incident.number,
        ref=incident.ref,
        title=incident.title,
        channel=incident.channel,
        status=incident.document,
        by=state.by,
        signature=signature,
    )
