"""Open forms and Home pages: trigger ids, hashes, the stack, and what a person's typing becomes in ``state.values``."""

import time
import uuid
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from sandbox.errors import SlackError
from sandbox.limits import check_view
from sandbox.state import View
from sandbox.workspace import Workspace

DEPTH = 3  # docs: views.push
MISSING = "Please complete this required field."


class Forms:
    def __init__(self, workspace: Workspace, trigger_s: float) -> None:
        self._workspace = workspace
        self._trigger_s = trigger_s
        self._triggers: dict[str, tuple[str, float, bool]] = {}
        self.views: dict[str, View] = {}
        self.closed: dict[str, View] = {}

    # --- triggers --------------------------------------------------------------------------------------------------

    def trigger(self, user: str) -> str:
        """For one form, once, for three seconds."""
        made = f"{uuid.uuid4().int % 10**12}.{uuid.uuid4().hex[:20]}"
        self._triggers[made] = (user, time.monotonic(), False)
        return made

    def _use(self, trigger: str | None) -> str:
        known = self._triggers.get(trigger or "")
        if known is None:
            raise SlackError("invalid_trigger_id")
        user, since, used = known
        if used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - since > self._trigger_s:
            raise SlackError("expired_trigger_id")
        self._triggers[trigger or ""] = (user, since, True)
        return user

    # --- the bot's side --------------------------------------------------------------------------------------------

    def open(self, trigger: str | None, body: Any) -> View:
        check_view(body)
        self._check_external(body)
        return self._add(self._use(trigger), body, None)

    def push(self, trigger: str | None, body: Any) -> View:
        check_view(body)
        user = self._use(trigger)
        return self.push_for(user, body)

    def push_for(self, user: str, body: Any) -> View:
        check_view(body)
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEPTH:
            raise SlackError("push_limit_reached")
        return self._add(user, body, stack[-1])

    def update(self, view_id: str | None, external_id: str | None, body: Any, given_hash: str | None) -> View:
        check_view(body)
        view = self.views.get(view_id or "") or next(
            (v for v in self.views.values() if external_id and v.body.get("external_id") == external_id), None
        )
        if view is None:
            raise SlackError("not_found")
        if given_hash and given_hash != view.hash:
            raise SlackError("hash_conflict")
        view.body = deepcopy(body)
        view.hash = _hash()
        # Typed values survive only where both ids stay the same (docs: modals).
        places = {(b.get("block_id"), e.get("action_id")) for b, e in _inputs(body)}
        view.values = {
            block: {action: v for action, v in actions.items() if (block, action) in places}
            for block, actions in view.values.items()
        }
        view.errors = {}
        self._workspace.touch()
        return view

    def publish(self, user: str, body: Any, given_hash: str | None) -> dict[str, Any]:
        check_view(body)
        self._workspace.user(user)
        known = self._workspace.homes.get(user)
        if given_hash and known and known["hash"] != given_hash:
            raise SlackError("hash_conflict")
        home = {
            **deepcopy(body),
            "id": known["id"] if known else self._workspace.new_id("V"),
            "hash": _hash(),
        }
        _name_blocks(home)
        self._workspace.homes[user] = home
        self._workspace.touch()
        return home

    def _check_external(self, body: Mapping[str, Any]) -> None:
        wanted = body.get("external_id")
        if wanted and any(view.body.get("external_id") == wanted for view in self.views.values()):
            raise SlackError("duplicate_external_id")

    def _add(self, user: str, body: Any, below: View | None) -> View:
        view_id = self._workspace.new_id("V")
        kept = deepcopy(body)
        _name_blocks(kept)
        view = View(
            id=view_id,
            user=user,
            body=kept,
            root=below.root if below else view_id,
            previous=below.id if below else None,
            hash=_hash(),
        )
        self.views[view_id] = view
        self._workspace.touch()
        return view

    # --- the person's side -----------------------------------------------------------------------------------------

    def stack(self, user: str) -> list[View]:
        """What is open before a person, the topmost last."""
        return [view for view in self.views.values() if view.user == user]

    def of(self, view_id: str, user: str) -> View:
        view = self.views.get(view_id)
        if view is None or view.user != user:
            raise SlackError("view_not_found")
        return view

    def fill(self, view: View, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Type into the form. Plain values (text, a choice's value, lists) or Slack's own shapes are taken."""
        for block, element in _inputs(view.body):
            typed = values.get(block["block_id"], {})
            action = element["action_id"]
            if action in typed:
                view.values.setdefault(block["block_id"], {})[action] = _shape(element, typed[action])
        unknown = set(values) - {block["block_id"] for block, _ in _inputs(view.body)}
        if unknown:
            raise SlackError(f"the form has no block {', '.join(sorted(unknown))}")

    def state(self, view: View) -> dict[str, Any]:
        """``view.state.values``: what was typed, or what it was filled with; null for what was left alone."""
        state: dict[str, dict[str, Any]] = {}
        for block, element in _inputs(view.body):
            action = element["action_id"]
            known = view.values.get(block["block_id"], {}).get(action)
            state.setdefault(block["block_id"], {})[action] = known or _initial(element)
        return state

    def missing(self, view: View) -> dict[str, str]:
        """What Slack itself refuses to send: required inputs that are empty."""
        state = self.state(view)
        return {
            block["block_id"]: MISSING
            for block, element in _inputs(view.body)
            if block["type"] == "input"
            and not block.get("optional")
            and _is_empty(state[block["block_id"]][element["action_id"]])
        }

    def close(self, view: View, *, whole: bool = False) -> list[View]:
        """Close one form, or the person's whole stack; returns what was closed."""
        gone = self.stack(view.user) if whole else [view]
        for each in gone:
            self.views.pop(each.id, None)
        self._workspace.touch()
        return gone

    def payload(self, view: View) -> dict[str, Any]:
        """A form as Slack sends it back."""
        app = self._workspace.config.app
        return {
            **deepcopy(view.body),
            "id": view.id,
            "team_id": self._workspace.config.team_id,
            "type": "modal",
            "callback_id": view.body.get("callback_id", ""),
            "private_metadata": view.body.get("private_metadata", ""),
            "external_id": view.body.get("external_id", ""),
            "state": {"values": self.state(view)},
            "hash": view.hash,
            "root_view_id": view.root,
            "previous_view_id": view.previous,
            "app_id": app.app_id,
            "app_installed_team_id": self._workspace.config.team_id,
            "bot_id": app.bot_id,
        }


def _hash() -> str:
    return f"{int(time.time())}.{uuid.uuid4().hex[:8]}"


def _name_blocks(body: dict[str, Any]) -> None:
    """Slack gives names to blocks and elements that have none."""
    for index, block in enumerate(body.get("blocks") or ()):
        block.setdefault("block_id", f"b{index}")
        for element in (block.get("element"), block.get("accessory"), *(block.get("elements") or ())):
            if isinstance(element, dict) and element.get("type") not in {
                None,
                "mrkdwn",
                "plain_text",
                "image",
            }:
                element.setdefault("action_id", uuid.uuid4().hex[:6])


def _inputs(body: Mapping[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Blocks with an element that holds a value."""
    found = []
    for block in body.get("blocks") or ():
        candidates = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            candidates += block.get("elements") or []
        found += [
            (block, element)
            for element in candidates
            if isinstance(element, dict) and element.get("type") not in {None, "button", "overflow", "image"}
        ]
    return found


_SINGLE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_MANY = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


def _shape(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """A plain value as Slack's state holds it for this kind of element."""
    kind = element["type"]
    if isinstance(value, dict) and "type" in value:
        return value
    if kind in _SINGLE:
        return {"type": kind, _SINGLE[kind]: value or None}
    if kind in _MANY:
        return {"type": kind, _MANY[kind]: list(value or [])}
    if kind in {"checkboxes", "multi_static_select"}:
        return {"type": kind, "selected_options": [_option(element, v) for v in value or []]}
    if kind in {"static_select", "radio_buttons", "external_select"}:
        return {"type": kind, "selected_option": _option(element, value) if value else None}
    text = None if value is None else str(value)
    if text and len(text) > int(element.get("max_length") or 3000):
        raise SlackError("the text is longer than the field takes")
    return {"type": kind, "value": text or None}


def _option(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The option with this value, or with this text."""
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in element.get("options") or ():
        if wanted in {option["value"], option["text"]["text"]}:
            return dict(option)
    raise SlackError(f"there is no option {wanted}")


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    """What an untouched element sends."""
    kind = element["type"]
    if kind in _SINGLE:
        name = _SINGLE[kind]
        return {"type": kind, name: element.get(name.replace("selected", "initial"))}
    if kind in _MANY:
        name = _MANY[kind]
        return {"type": kind, name: element.get(name.replace("selected", "initial")) or []}
    if kind in {"checkboxes", "multi_static_select"}:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind in {"static_select", "radio_buttons", "external_select"}:
        return {"type": kind, "selected_option": element.get("initial_option")}
    return {"type": kind, "value": element.get("initial_value")}


def _is_empty(state: Mapping[str, Any]) -> bool:
    return not any(value for name, value in state.items() if name != "type")
