"""Shortcuts: global ones and those on a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.app.item_reactions import TEXT_LIMIT
from bot.domain.details import MessageRef
from bot.domain.refusals import Refusal
from bot.slack import forms, inbound
from bot.slack.desk import Body, Desk
from bot.slack.ids import Form, Shortcut
from bot.slack.messages import Payload, render
from bot.slack.places import Place
from bot.views import notices


@dataclass(slots=True)
class Shortcuts:
    desk: Desk

    async def open(self, body: Body) -> Payload | None:
        trigger, user = str(body["trigger_id"]), str(body["user"]["id"])
        kind = Shortcut(body["callback_id"])
        if kind is Shortcut.DECLARE:
            return await self.desk.open(Form.DECLARE, forms.Asked(policy=self.desk.policy), trigger)
        channel = str(body["channel"]["id"])
        raw = body["message"]
        if kind is Shortcut.DECLARE_FROM_MESSAGE:
            filled = {"title": " ".join(str(raw.get("text") or "").split())[:100]}
            await self._hold(raw, channel)
            carried = {"message_channel": channel, "message_ts": raw["ts"]}
            asked = forms.Asked(policy=self.desk.policy, filled=filled, channel=channel, carried=carried)
            return await self.desk.open(Form.DECLARE, asked, trigger)
        place = await self.desk.places.place(user, channel)
        if kind is Shortcut.MAKE_ACTION_ITEM:
            filled = {"text": " ".join(str(raw.get("text") or "").split())[:TEXT_LIMIT]}
            return await self._about(Form.ACTION, raw, place, filled, trigger)
        if kind is Shortcut.REDACT:
            return await self._redact_form(raw, place, trigger)
        return await self._tag_form(raw, place, trigger)

    async def _redact_form(self, raw: Body, place: Place, trigger: str) -> Payload | None:
        if place.incident is None:
            return render(notices.refusal(_NOT_OURS))
        carried = {"message_channel": place.channel, "message_ts": raw["ts"]}
        asked = forms.Asked(
            policy=self.desk.policy, incident=place.incident, channel=place.channel, carried=carried
        )
        return await self.desk.open(Form.REDACT, asked, trigger)

    async def _tag_form(self, raw: Body, place: Place, trigger: str) -> Payload | None:
        ref = MessageRef(channel=str(place.channel), ts=str(raw["ts"]))
        entry = place.incident.entry_of(ref) if place.incident else None
        filled = forms.details_filled(entry.details) if entry else None
        return await self._about(Form.TAG, raw, place, filled, trigger)

    async def _about(
        self, form: Form, raw: Body, place: Place, filled: Mapping[str, str] | None, trigger: str
    ) -> Payload | None:
        """From an incident's channel that incident is meant; from elsewhere the form asks which."""
        carried: dict[str, Any] = {"message_channel": place.channel, "message_ts": raw["ts"]}
        await self._hold(raw, str(place.channel))
        asked = forms.Asked(
            policy=self.desk.policy,
            incident=place.incident,
            filled=filled,
            channel=place.channel,
            carried=carried,
        )
        view = forms.build(form, asked)
        if place.incident is None:
            visible = await self.desk.places.visible(place)
            if not visible:
                return render(notices.refusal(_NOTHING_OPEN))
            view["blocks"].insert(0, forms.incident_picker((row.number, row.title) for row in visible))
        return await self.desk.open_view(view, trigger)

    async def _hold(self, raw: Body, channel: str) -> MessageRef:
        """Aside until the form is sent: we may not be in that channel, and the form has no room for long words."""
        message = inbound.as_it_stands(raw, channel, via="shortcut")
        await self.desk.recorder.hold(message)
        return message.ref


_NOTHING_OPEN = Refusal(
    what="The message was not added",
    why="no incident is open.",
    hint="`/incident` declares one; then use the shortcut again.",
)
_NOT_OURS = Refusal(
    what="Nothing was redacted",
    why="this channel is no incident's, so nothing that is said here was recorded.",
    hint="For a message on a timeline: `/incident INC-7 redact T3`.",
)
