"""Forms that lie on one another: each carries what is below it, so that the ones below can be drawn anew."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.app.policy import Policy
from bot.domain.incident import Incident
from bot.slack import forms
from bot.slack.ids import Form

#: In private_metadata: the forms below, the lowest first, each as [view id, callback id, section].
UNDER = "under"
Below = Sequence[Sequence[str]]


def below(body: Mapping[str, Any]) -> Below:
    """What a form would lie on that is opened by this press; empty when it was pressed in a message or at home."""
    view = body.get("view") or {}
    if view.get("type") != "modal":
        return ()
    carried = json.loads(view.get("private_metadata") or "{}")
    return (*carried.get(UNDER, ()), (view["id"], view["callback_id"], carried.get("section", "")))


def carry(carried: Mapping[str, Any], under: Below) -> dict[str, Any]:
    return {**carried, UNDER: under} if under else dict(carried)


def redrawn(policy: Policy, incident: Incident, carried: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """View id -> the form as it is now, for every form below the one that was sent."""
    under: Below = carried[UNDER]
    made = {}
    for depth, (view_id, form, section) in enumerate(under):
        asked = forms.Asked(
            policy=policy,
            incident=incident,
            channel=carried.get("channel"),
            filled={"section": section} if section else None,
            carried=carry({}, under[:depth]),
        )
        made[view_id] = forms.build(Form(form), asked)
    return made
