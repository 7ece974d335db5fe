"""The timeline in Slack: its pages, the menu of each entry, and forms that are drawn from an entry as it was seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.app.chat_port import ChatError
from bot.app.incidents import Done
from bot.domain import commands as c
from bot.domain.incident import Entry, Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import TagKind
from bot.language.curating import read_filter
from bot.language.said import Misread
from bot.language.spelled import spell
from bot.slack import forms
from bot.slack.desk import Body, Desk
from bot.slack.ids import Form
from bot.slack.messages import Payload, render
from bot.slack.places import Place
from bot.views import notices, timeline_page
from bot.views.text import Text

_FORMS: Mapping[str, Form] = {
    "edit": Form.EDIT_ENTRY,
    "merge": Form.MERGE_ENTRY,
    "use": Form.USE_TIME,
}


@dataclass(slots=True)
class Timelines:
    desk: Desk

    async def show(
        self, place: Place, asked: str = "", first: int | None = None, notice: Text | None = None
    ) -> Payload:
        """A page for this reader; ``first`` is the number of its first entry among those that the filter takes."""
        assert place.incident, "a timeline is an incident's"
        context = await self.desk.places.context(place)
        try:
            only = read_filter(asked, context)
        except Misread as misread:
            return render(
                notices.refusal(Refusal(what="Nothing is shown", why=misread.why, hint=misread.hint))
            )
        words = await self._words(place.incident)
        entries = timeline_page.ordered(place.incident, words, only)
        return render(
            timeline_page.page(
                place.incident,
                entries,
                words,
                asked=asked,
                zone=context.zone,
                first=first,
                notice=notice,
                plain=only.is_plain,
            )
        )

    async def entry(self, place: Place, name: str) -> Payload:
        """One entry with its menu, and every change of it."""
        assert place.incident, "an entry is an incident's"
        entry = place.incident.entries.get(name)
        if entry is None:
            return render(notices.refusal(_unknown(place.incident, name)))
        context = await self.desk.places.context(place)
        words = await self._said(entry)
        history = timeline_page.history(name, await self.desk.store.record(place.incident.number))
        return render(
            timeline_page.EntryCard(
                incident=place.incident.number,
                line=timeline_page.line(entry, words, context.zone),
                history=tuple(history[-timeline_page.HISTORY :]),
                left_out=max(0, len(history) - timeline_page.HISTORY),
            )
        )

    async def _words(self, incident: Incident) -> dict[str, timeline_page.Said]:
        return {
            name: await self._said(entry)
            for name, entry in incident.entries.items()
            if entry.tag is TagKind.TIMELINE
        }

    async def _said(self, entry: Entry) -> timeline_page.Said:
        if entry.message is None:
            return timeline_page.said(entry, None, None)
        message = await self.desk.store.message(entry.message)
        try:
            link = await self.desk.gateway.permalink(entry.message, message.thread_ts if message else None)
        except ChatError:  # the page is worth more than its links
            link = None
        return timeline_page.said(entry, message, link)

    # --- menus and pages ---------------------------------------------------------------------------------------------

    async def turn(self, place: Place, value: Body) -> Payload:
        """Older or Newer was pressed."""
        return replace(await self.show(place, str(value["asked"]), int(value["first"])), replaces=True)

    async def choose(self, body: Body, user: str) -> Payload | None:
        """Something was chosen in an entry's menu: done, or its form is opened. The page then shows how it stands."""
        pressed = body["actions"][0]
        do, name, seen = str(pressed["selected_option"]["value"]).split(":")
        value = json.loads(str(pressed["block_id"]).partition("|")[2])
        incident = await self.desk.store.incident(int(value["incident"]))
        place = Place(user=user, channel=str(body["channel"]["id"]), incident=incident)
        if incident is None or name not in incident.entries:
            return None
        if do in _FORMS:
            return await self._open(do, incident.entries[name], int(seen), place, str(body["trigger_id"]))
        command = _COMMANDS[do](name, int(seen))
        delivery = f"action:{pressed.get('action_ts')}:{user}:{do}"
        outcome = await self.desk.ask(command, place, delivery=delivery)
        notice: Text | None = None
        if isinstance(outcome, Refusal):
            notice = (f"{outcome.what}: {outcome.why} This is how it stands.",)
        elif isinstance(outcome, Done) and outcome.incident:
            notice = (f"{name} is {_DONE[do]}.",) if outcome.events else ("It was so already.",)
        place = replace(place, incident=await self.desk.store.incident(incident.number))
        if int(value["first"]) < 0:
            return replace(await self.entry(place, name), replaces=True)
        shown = await self.show(place, str(value["asked"]), int(value["first"]), notice)
        return replace(shown, replaces=True)

    async def _open(self, do: str, entry: Entry, seen: int, place: Place, trigger: str) -> Payload | None:
        carried = {"entry": entry.id, "seen": str(seen)}
        filled = forms.details_filled(entry.details) | {
            "at": spell(entry.time),
            "evidence": "\n".join(entry.details.evidence),
        }
        asked = forms.Asked(
            policy=self.desk.policy,
            incident=place.incident,
            filled=filled,
            channel=place.channel,
            carried=carried,
        )
        return await self.desk.open(_FORMS[do], asked, trigger)


def _hide(name: str, seen: int) -> c.Command:
    return c.HideEntry(entry=name, seen=seen)


def _show(name: str, seen: int) -> c.Command:
    return c.HideEntry(entry=name, hidden=False, seen=seen)


def _key(name: str, seen: int) -> c.Command:
    return c.ChangeEntry(entry=name, key=True, seen=seen)


def _unkey(name: str, seen: int) -> c.Command:
    return c.ChangeEntry(entry=name, key=False, seen=seen)


_COMMANDS = {"hide": _hide, "show": _show, "key": _key, "unkey": _unkey}
_DONE = {"hide": "hidden", "show": "shown again", "key": "marked key", "unkey": "no longer marked key"}


def _unknown(incident: Incident, name: str) -> Refusal:
    return Refusal(
        what="Nothing is shown",
        why=f"{incident.ref} has no entry {name}.",
        hint="`/incident timeline` lists them.",
    )
