"""From an incident's record to the document's bytes: gathers what the view needs, and renders it."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.app.directory import Directory
from bot.app.policy import Policy
from bot.app.ports import MissingPart, Renderer, Store
from bot.app.record_ports import KeptImage
from bot.domain.incident import Incident, Rendering
from bot.domain.people import SYSTEM
from bot.domain.transcript import Message
from bot.views.document import build_document
from bot.views.lint import Finding

#: Whoever and whatever Slack mentions by its id: people, groups, channels.
_MENTION = re.compile(r"<(?:@|#|!subteam\^)([UWSCG][A-Z0-9]+)")
EXTENSIONS: Mapping[str, str] = {
    "markdown": "md",
    "html": "html",
    "json": "json",
    "pdf": "pdf",
    "canvas": "canvas.md",
    "svg": "svg",
    "png": "png",
}


#: Bytes of images in one HTML file; what is beyond stays a link.
IMAGES_LIMIT = 20 * 1024 * 1024
#: What takes longer is in the next rendering.
IMAGES_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    name: str
    title: str
    content: bytes
    pack: str
    pack_version: str
    #: What is said beside it when it is not what was asked for.
    note: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, by which a rendering is known again."""
        return hashlib.sha256(self.content).hexdigest()


_Making = Callable[[Incident, Rendering, str], Awaitable[Rendered]]
#: What is made instead where a part is missing.
_INSTEAD: Mapping[str, str] = {"pdf": "html", "png": "svg"}


class Postmortems:
    """Renders an incident's postmortem from the record."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        renderer: Renderer,
        policy: Policy,
        copy_images: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """``copy_images`` fetches those of messages that were tagged a moment ago."""
        self._copy_images = copy_images
        self._store = store
        self._directory = directory
        self._renderer = renderer
        self._policy = policy
        self._one_at_a_time = asyncio.Lock()

    async def render(self, incident: Incident, rendering: Rendering, wanted: str) -> Rendered:
        """The postmortem as bytes. The same record, rendering and pack give the same bytes."""
        draft = "" if rendering.final else "-draft"
        title = f"{incident.ref} postmortem: {incident.title}"
        return await self._render(incident, rendering, wanted, f"{draft}-r{rendering.revision}", title)

    async def shared(self, incident: Incident, rendering: Rendering, wanted: str) -> Rendered:
        """As `render`, but a format for which a part is missing gives way to one that needs nothing, and says so."""
        return await self._or_instead(self.render, incident, rendering, wanted)

    async def picture(self, incident: Incident, drawn: Rendering, wanted: str) -> Rendered:
        """The timeline as an image, or as one that needs nothing."""
        return await self._or_instead(self._picture, incident, drawn, wanted)

    async def _picture(self, incident: Incident, drawn: Rendering, wanted: str) -> Rendered:
        title = f"{incident.ref} timeline: {incident.title}"
        return await self._render(incident, drawn, wanted, f"-timeline-{drawn.revision}", title)

    async def _or_instead(
        self, make: _Making, incident: Incident, rendering: Rendering, wanted: str
    ) -> Rendered:
        try:
            return await make(incident, rendering, wanted)
        except MissingPart as missing:
            made = await make(incident, rendering, _INSTEAD[wanted])
            return replace(made, note=f"This is {_INSTEAD[wanted].upper()}, not {wanted.upper()}: {missing}")

    async def _render(
        self, incident: Incident, rendering: Rendering, wanted: str, which: str, title: str
    ) -> Rendered:
        pack = self.pack_of(incident)
        document = await self.document(incident, rendering)
        images = await self._images(incident) if wanted == "html" else {}
        async with self._one_at_a_time:
            # Thousands of entries take seconds, in which people want their answers.
            content = await asyncio.to_thread(
                self._renderer.render, document, pack=pack, format=wanted, images=images
            )
        return Rendered(
            name=f"{rendering.at:%Y-%m-%d}-{incident.ref.lower()}{which}.{EXTENSIONS[wanted]}",
            title=title,
            content=content,
            pack=pack,
            pack_version=self._renderer.version(pack),
        )

    async def document(self, incident: Incident, rendering: Rendering) -> Mapping[str, Any]:
        """The Document as plain data, as of the moment the rendering was asked for."""
        messages = await self._messages(incident)
        return build_document(
            incident,
            messages=messages,
            profiles=await self._directory.profiles(_people(incident, messages)),
            now=rendering.at,
            display_zone=self._policy.display_zone,
            roles_called=self._policy.look.roles,
        )

    async def findings(self, incident: Incident, at: datetime) -> tuple[Finding, ...]:
        """Advice on the document as it stands at ``at``."""
        rendering = Rendering(revision=0, formats=(), final=True, at=at, by=SYSTEM)
        document = await self.document(incident, rendering)
        return self._renderer.lint(document, pack=self.pack_of(incident))

    def pack_of(self, incident: Incident) -> str:
        chosen = incident.fields.get("doc.template")
        severity = incident.severity.label if incident.severity else None
        return (
            self._policy.force_pack
            or (str(chosen) if chosen else None)
            or self._policy.pack_for(severity, incident.kind)
        )

    async def _messages(self, incident: Incident) -> dict[str, Message]:
        """What was tagged, never the whole transcript."""
        tagged = [entry.message for entry in incident.entries.values() if entry.message]
        return {message.ref.key: message for message in await self._store.messages_at(tagged)}

    async def _images(self, incident: Incident) -> dict[str, KeptImage]:
        """Copies of what the timeline's messages show, by the address that the document links; as many as a file bears."""
        if self._copy_images:
            with suppress(TimeoutError):
                async with asyncio.timeout(IMAGES_PATIENCE_S):
                    await self._copy_images()
        found: dict[str, KeptImage] = {}
        room = IMAGES_LIMIT
        shown = [entry for entry in incident.entries.values() if entry.message and not entry.hidden]
        # Asked of each channel, and not of each of thousands of messages.
        pictured = {
            channel: await self._store.pictured(channel)
            for channel in {entry.message.channel for entry in shown if entry.message}
        }
        for entry in sorted(shown, key=lambda entry: entry.time.sort_key):
            assert entry.message, "just looked"
            if entry.message.ts not in pictured[entry.message.channel]:
                continue
            copies = {image.file: image for image in await self._store.images(entry.message)}
            message = await self._store.message(entry.message)
            for file in message.files if message else ():
                copy = copies.get(file.id)
                if copy and file.permalink and len(copy.content) <= room:
                    found[file.permalink] = copy
                    room -= len(copy.content)
        return found


def lasting_name(incident: Incident) -> str:
    """One name for all revisions of an incident's Markdown, whatever it is called later."""
    return f"{incident.declared_at:%Y-%m-%d}-{incident.ref.lower()}.md"


def _people(incident: Incident, messages: Mapping[str, Message]) -> list[str]:
    """Slack ids of everybody and every channel that the document may name."""
    ids = {incident.declared_by}
    ids |= {p.slack_id for held in incident.roles.values() for p in held if p.slack_id}
    ids |= {p.slack_id for given in incident.appointments if (p := given.person).slack_id}
    ids |= {p.slack_id for item in incident.actions.values() for p in item.details.owners if p.slack_id}
    ids |= {message.user for message in messages.values() if message.user}
    ids |= {change.by for change in incident.history}
    ids |= {item.added_by for items in incident.lists.values() for item in items}
    ids |= {entry.added_by for entry in incident.entries.values()}
    for words in (*(message.text for message in messages.values()), *_typed(incident)):
        ids |= set(_MENTION.findall(words))
    return sorted(ids)


def _typed(incident: Incident) -> Iterator[str]:
    """Everything in fields and lists that may name somebody."""
    values = [*incident.fields.values()]
    values += [v for items in incident.lists.values() for item in items for v in item.values.values()]
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value
