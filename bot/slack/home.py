"""The Home view as Slack's views.publish takes it."""

from typing import Any

from bot.slack import blocks as b
from bot.slack.ids import Action
from bot.slack.messages import render, value_of
from bot.views.home import Home, OpenIncident

ITEMS_SHOWN = 25  # each takes up to three blocks of the hundred


def home_view(home: Home) -> dict[str, Any]:
    blocks: list[b.Block] = [
        b.header("Tocsin"),
        b.actions([b.button("Declare an incident", Action.DECLARE, value_of(), style="danger")]),
        b.header("Open incidents"),
        *(
            [b.section(_line(incident)) for incident in home.open[:ITEMS_SHOWN]]
            or [b.section("None. Enjoy the quiet.")]
        ),
        b.header("My action items"),
    ]
    for item in home.items[:ITEMS_SHOWN]:
        blocks.extend(render(item).blocks)
    if not home.items:
        blocks.append(b.section("Nothing is waiting for you."))
    return {"type": "home", "blocks": blocks[: b.VIEW_BLOCKS]}


def _line(incident: OpenIncident) -> str:
    severity = incident.severity or "severity not set"
    where = f" <#{incident.channel}>" if incident.channel else ""
    mine = f" · you are {', '.join(incident.roles)}" if incident.roles else ""
    return f"*INC-{incident.number}* {b.escape(incident.title)}{where}\n{b.escape(severity)} · {incident.status}{b.escape(mine)}"
