"""Performs one step in Slack and remembers what stands: never twice, even after an answer that never came."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.app.chat_port import Chat, ChatError, OpenedChannel, Sent
from bot.app.incidents import Incidents, Request
from bot.app.outlets import Outlet
from bot.app.ports import Clock, Posted, Store
from bot.app.postmortem import Postmortems, Rendered, lasting_name
from bot.app.steps import (
    Bookmark,
    Canvas,
    DeleteFile,
    Deliver,
    Invite,
    Join,
    MoveWatchers,
    NameChannel,
    OpenChannel,
    Picture,
    Pin,
    Post,
    Receipt,
    SetTopic,
    Step,
    TellDuplicate,
    Upload,
    Withdraw,
)
from bot.app.wanted import CHANNEL_NAME_LIMIT
from bot.domain import commands as c
from bot.domain.incident import Incident, Rendering
from bot.domain.people import SYSTEM
from bot.views.notices import commit_message, document_comment, picture_comment

#: Slack's clock is not ours: what we began may seem to stand there from a little before.
CLOCK_SKEW = timedelta(minutes=2)
NAME_ATTEMPTS = 20


@dataclass(slots=True)
class Performer:
    """Raises `ChatError` when Slack did not do it; then the step is still missing."""

    store: Store
    chat: Chat
    postmortems: Postmortems
    clock: Clock
    incidents: Incidents
    outlets: Mapping[str, Outlet] = field(default_factory=dict)

    async def perform(self, incident: Incident, step: Step, known: Posted | None) -> None:
        """``known`` is what is remembered of the step: nothing, an intent whose answer never came, or what stands."""
        match step:
            case OpenChannel():
                await self._open_channel(incident, step, known)
            case Post():
                await self._post(incident, step, known)
            case Upload():
                await self._upload(incident, step, known)
            case Picture():
                await self._picture(incident, step, known)
            case Canvas():
                await self._canvas(incident, step, known)
            case Deliver():
                await self._deliver(incident, step)
            case Bookmark():
                await self._bookmark(incident, step, known)
            case MoveWatchers():
                await self._move_watchers(incident, step)
            case TellDuplicate():
                command = c.Absorb(incident=incident.number, present=step.present)
                await self.ask(step.into, command)
                await self._done(incident, step)
            case _:
                await self._simply(incident, step)
                await self._done(incident, step)

    async def _simply(self, incident: Incident, step: Step) -> None:
        """Steps of one call that may be repeated without harm."""
        channel = _channel(incident)
        match step:
            case Invite():
                await self.chat.invite(channel, [step.user])
            case Join():
                await self.chat.join(channel)
            case NameChannel():
                await self.chat.rename(channel, step.name)
            case Pin():
                await self.chat.pin(step.message.channel, step.message.ts)
            case SetTopic():
                await self.chat.set_topic(channel, step.text)
            case Receipt():
                await self.chat.react(step.message, step.name, present=step.present)
            case DeleteFile():
                await self.chat.delete_file(step.file)
            case Withdraw():
                await self.chat.delete(step.message)
            case _:
                raise TypeError(f"no way to perform {type(step).__name__}")

    async def _open_channel(self, incident: Incident, step: OpenChannel, known: Posted | None) -> None:
        """Create it, or adopt the one that an earlier, unanswered call made."""
        if known is None:
            await self._begin(incident, step)
        since = (known.begun_at if known else self.clock.now()) - CLOCK_SKEW
        found = await self._create(step, since)
        await self.ask(incident.number, c.OpenChannel(channel=found.id, name=found.name))
        await self._done(incident, step, channel=found.id, ts=found.id)

    async def _create(self, step: OpenChannel, since: datetime) -> OpenedChannel:
        """Under the wanted name, or with a suffix where another channel, perhaps unseen by us, holds it."""
        for attempt in range(NAME_ATTEMPTS):
            suffix = f"-{attempt + 1}" if attempt else ""
            name = step.name[: CHANNEL_NAME_LIMIT - len(suffix)].rstrip("-") + suffix
            try:
                return await self.chat.open_channel(name, private=step.private)
            except ChatError as error:
                if error.word != "name_taken":
                    raise
                if ours := await self.chat.find_channel(name, since=since):
                    return ours
        raise ChatError("name_taken", permanent=True)

    async def _post(self, incident: Incident, step: Post, known: Posted | None) -> None:
        if known and known.ts and known.channel:
            await self._edit(incident, step, known.channel, known.ts)
            return
        sent: Sent | None = None
        if known is None or known.failed:
            await self._begin(incident, step)
        else:
            sent = await self.chat.find(
                step.to,
                f"{incident.ref}:{step.key}",
                since=known.begun_at - CLOCK_SKEW,
                thread_ts=step.thread,
            )
        if sent is None:
            sent = await self.chat.post(
                step.to, step.view, key=f"{incident.ref}:{step.key}", thread_ts=step.thread
            )
            await self._done(incident, step, channel=sent.channel, ts=sent.ts)
        else:
            # Found again, but perhaps with an older view: the next round edits it if so.
            await self._done(
                incident, replace(step, digest="" if not step.once else step.digest), sent.channel, sent.ts
            )

    async def _edit(self, incident: Incident, step: Post, channel: str, ts: str) -> None:
        try:
            await self.chat.edit(channel, ts, step.view, key=f"{incident.ref}:{step.key}")
        except ChatError as error:
            if error.word not in {"message_not_found", "cant_update_message"}:
                raise
            # A person deleted it: what should stand there is posted anew in the next round.
            await self.store.forget_posted(incident.number, step.key)
            return
        await self._done(incident, step, channel, ts)

    async def _bookmark(self, incident: Incident, step: Bookmark, known: Posted | None) -> None:
        if known is None:
            await self._begin(incident, step)
        link = await self.chat.permalink(step.message)
        unsure = known is not None and known.ts is None
        bookmark = await self.chat.bookmark(
            _channel(incident),
            title=step.title,
            link=link,
            bookmark=known.ts if known else None,
            unsure=unsure,
        )
        await self._done(incident, step, ts=bookmark)

    async def _move_watchers(self, incident: Incident, step: MoveWatchers) -> None:
        """Into a private incident nobody is let by a merge: its members decide who enters."""
        other = await self.store.incident(step.into)
        if other and other.channel and not other.private and not other.archived:
            watchers = [user for user in await self.chat.members(_channel(incident)) if user != SYSTEM]
            if watchers:
                await self.chat.invite(other.channel, watchers)
        await self._done(incident, step)

    async def _upload(self, incident: Incident, step: Upload, known: Posted | None) -> None:
        """The file, or the one that an earlier, unanswered call shared; another format where a part is missing."""
        made = await self.postmortems.shared(incident, step.rendering, step.format)
        told = document_comment(incident, final=step.rendering.final) if step.format == "markdown" else ""
        await self.ask(incident.number, kept(step.rendering, step.format, made))
        await self._share(incident, step, known, made, told or made.note)

    async def _picture(self, incident: Incident, step: Picture, known: Posted | None) -> None:
        made = await self.postmortems.picture(incident, step.rendering, step.format)
        await self._share(incident, step, known, made, picture_comment(incident, made.note))

    async def _share(
        self, incident: Incident, step: Step, known: Posted | None, made: Rendered, comment: str
    ) -> None:
        channel = _channel(incident)
        if known is None or known.failed:
            await self._begin(incident, step)
            file = None
        else:
            file = await self.chat.find_file(channel, made.name, since=known.begun_at - CLOCK_SKEW)
        if file is None:
            file = await self.chat.upload(
                channel, name=made.name, title=made.title, content=made.content, comment=comment
            )
        await self._done(incident, step, channel=channel, ts=file)

    async def _canvas(self, incident: Incident, step: Canvas, known: Posted | None) -> None:
        document = await self.postmortems.render(incident, step.rendering, "canvas")
        if known is None:
            await self._begin(incident, step)
        canvas = await self.chat.canvas(
            _channel(incident),
            document.content.decode(),
            canvas=known.ts if known else None,
            unsure=known is not None and known.failed is None,
        )
        await self._done(incident, step, ts=canvas)

    async def _deliver(self, incident: Incident, step: Deliver) -> None:
        """Needs no intent: what is there already is left alone."""
        document = await self.postmortems.render(incident, step.rendering, step.format)
        await self.ask(incident.number, kept(step.rendering, step.format, document))
        name = lasting_name(incident) if step.outlet == "git" else document.name
        await self.outlets[step.outlet].put(name, document.content, commit_message(incident, step.rendering))
        await self._done(incident, step)

    async def _begin(self, incident: Incident, step: Step) -> None:
        intent = Posted(key=step.key, digest=step.digest, begun_at=self.clock.now())
        await self.store.keep_posted(incident.number, intent)

    async def _done(
        self, incident: Incident, step: Step, channel: str | None = None, ts: str | None = None
    ) -> None:
        now = self.clock.now()
        standing = Posted(key=step.key, channel=channel, ts=ts or "-", digest=step.digest, begun_at=now)
        await self.store.keep_posted(incident.number, standing)

    async def ask(self, incident: int, command: c.Command) -> None:
        """What follows from what we did or met in Slack, through the one door."""
        await self.incidents.handle(
            Request(command=command, by=SYSTEM, at=self.clock.now(), incident=incident)
        )


def _channel(incident: Incident) -> str:
    assert incident.channel is not None, "steps that need the channel are only wanted when it is open"
    return incident.channel


def kept(rendering: Rendering, wanted: str, document: Rendered) -> c.KeepRendering:
    return c.KeepRendering(
        revision=rendering.revision,
        format=wanted,
        pack=document.pack,
        pack_version=document.pack_version,
        digest=document.digest,
    )
