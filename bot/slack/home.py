"""The Home view as Slack's views.publish takes it."""

from typing import Any

from bot.slack import blocks as b
from bot.slack.ids import Action
from bot.slack.messages import render, value_of
from bot.views.home import Home, OpenIncident
from bot.views.look import PLAIN, Look

#: Slack takes a hundred blocks: two for each incident, up to five for each item.
INCIDENTS_SHOWN = 10
ITEMS_SHOWN = 14


def home_view(home: Home, look: Look = PLAIN) -> dict[str, Any]:
    blocks: list[b.Block] = [
        b.header("Tocsin"),
        b.actions([b.button("Declare an incident", Action.DECLARE, value_of(), style="danger")]),
        b.header("Open incidents"),
    ]
    for incident in home.open[:INCIDENTS_SHOWN]:
        blocks += [b.section(_line(incident, look)), b.actions(_buttons(incident, look))]
    blocks.extend(_rest(len(home.open) - INCIDENTS_SHOWN, "`/incident list` shows them."))
    if not home.open:
        blocks.append(b.section("None. Enjoy the quiet."))
    blocks.append(b.header("My action items"))
    for item in home.items[:ITEMS_SHOWN]:
        blocks.extend(render(item).blocks)
    blocks.extend(_rest(len(home.items) - ITEMS_SHOWN, "`/incident actions mine` in an incident shows them."))
    if not home.items:
        blocks.append(b.section("Nothing is waiting for you."))
    return {"type": "home", "blocks": blocks[: b.VIEW_BLOCKS]}


def _rest(count: int, where: str) -> list[b.Block]:
    return [b.context(f"and {count} more. {where}")] if count > 0 else []


def _buttons(incident: OpenIncident, look: Look) -> list[b.Element]:
    """What can be done from here; roles that this person holds can be handed over and left."""
    value = value_of(incident=incident.number)
    made = [b.button("Catch up", Action.CATCH_UP, value), b.button("Update", Action.UPDATE, value)]
    for number, role in enumerate(incident.roles):
        ids = {"incident": incident.number, "role": role}
        hand_over, leave = value_of(**ids, how="ask"), value_of(**ids)
        made.append(b.button(f"Hand over {look.role(role)}", f"{Action.ROLE}#{number}", hand_over))
        made.append(b.button(f"Leave {look.role(role)}", f"{Action.LEAVE_ROLE}#{number}", leave))
    return made


def _line(incident: OpenIncident, look: Look) -> str:
    severity = incident.severity or "severity not set"
    where = f" <#{incident.channel}>" if incident.channel else ""
    held = ", ".join(look.role(role) for role in incident.roles)
    mine = f" · you are {held}" if held else ""
    return f"*INC-{incident.number}* {b.escape(incident.title)}{where}\n{b.escape(severity)} · {incident.status}{b.escape(mine)}"
