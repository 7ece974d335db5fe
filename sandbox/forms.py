"""Open forms and Home pages: trigger ids, hashes, the stack, and what a person's typing becomes in ``state.values``."""

import time
import uuid
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from datetime import time as clock_time
from typing import Any

from sandbox.errors import SlackError
from sandbox.limits import check_view
from sandbox.refusals import refusal
from sandbox.state import View
from sandbox.text import named, rich_text
from sandbox.workspace import Workspace

DEPTH = 3  # docs: views.push
REMEMBERED = 10_000  # trigger ids


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
        if len(self._triggers) > REMEMBERED:
            del self._triggers[next(iter(self._triggers))]
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
        self._check_external(body)
        user = self._use(trigger)
        return self.push_for(user, body)

    def push_for(self, user: str, body: Any) -> View:
        check_view(body)
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if sum(view.root == stack[-1].root for view in stack) >= DEPTH:
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
        self._check_external(body, but=view)
        view.body = _kept(body)
        view.hash = _hash()
        # Typed values survive only where both ids stay the same (docs: modals).
        places = {(b["block_id"], e["action_id"]): e["type"] for b, e in _inputs(view.body)}
        view.values = {
            block: {action: v for action, v in actions.items() if places.get((block, action)) == v["type"]}
            for block, actions in view.values.items()
        }
        view.errors = {}
        self._workspace.touch()
        return view

    def publish(self, user: str, body: Any, given_hash: str | None) -> dict[str, Any]:
        """What stands on somebody's Home page from now on; the answer is it, as Slack tells it."""
        check_view(body, "home")
        self._workspace.user(user)
        known = self._workspace.homes.get(user)
        if given_hash and known and known["hash"] != given_hash:
            raise SlackError("hash_conflict")
        view_id = known["id"] if known else self._workspace.new_id("V")
        kept = _kept(body)
        home = {**kept, **self._about(kept, view_id, _hash(), view_id, None), "type": "home"}
        self._workspace.homes[user] = home
        self._workspace.touch()
        return home

    def _check_external(self, body: Mapping[str, Any], but: View | None = None) -> None:
        wanted = body.get("external_id")
        if wanted and any(
            view.body.get("external_id") == wanted for view in self.views.values() if view is not but
        ):
            raise SlackError("duplicate_external_id")

    def _add(self, user: str, body: Any, below: View | None) -> View:
        view_id = self._workspace.new_id("V")
        view = View(
            id=view_id,
            user=user,
            body=_kept(body),
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
        places = {(block["block_id"], element["action_id"]): element for block, element in _inputs(view.body)}
        for block_id, actions in values.items():
            for action_id, value in actions.items():
                element = places.get((block_id, action_id))
                if element is None:
                    raise SlackError(f"the form has no {block_id}/{action_id}")
                view.values.setdefault(block_id, {})[action_id] = _shape(element, value)

    def state(self, view: View) -> dict[str, Any]:
        """``view.state.values``: what was typed, or what it was filled with; null for what was left alone."""
        return state_of(view.body, view.values)

    def missing(self, view: View) -> dict[str, str]:
        """What Slack itself refuses to send: required inputs that are empty, texts that are no addresses."""
        state = self.state(view)
        words = {
            b["block_id"]: refusal(b, e, state[b["block_id"]][e["action_id"]]) for b, e in _inputs(view.body)
        }
        return {block: said for block, said in words.items() if said}

    def close(self, view: View, *, whole: bool = False) -> list[View]:
        """Close one form with what lies on it, or its whole stack; returns what was closed, the topmost first."""
        stack = [each for each in self.views.values() if each.root == view.root]
        gone = stack if whole else stack[stack.index(view) :]
        for each in gone:
            self.views.pop(each.id, None)
        self._workspace.touch()
        return gone[::-1]

    def payload(self, view: View) -> dict[str, Any]:
        """A form as Slack sends it back."""
        about = self._about(view.body, view.id, view.hash, view.root, view.previous)
        buttons = {"submit": None, "close": None}
        return {
            **buttons,
            **deepcopy(view.body),
            **about,
            "type": "modal",
            "state": {"values": self.state(view)},
        }

    def _about(
        self, body: Mapping[str, Any], view_id: str, view_hash: str, root: str, previous: str | None
    ) -> dict[str, Any]:
        app, team = self._workspace.config.app, self._workspace.config.team_id
        return {
            "id": view_id,
            "team_id": team,
            **{name: body.get(name) or "" for name in ("callback_id", "private_metadata", "external_id")},
            **{name: bool(body.get(name)) for name in ("clear_on_close", "notify_on_close")},
            "state": {"values": state_of(body, {})},
            "hash": view_hash,
            "root_view_id": root,
            "previous_view_id": previous,
            "app_id": app.app_id,
            "app_installed_team_id": team,
            "bot_id": app.bot_id,
        }


def state_of(body: Mapping[str, Any], typed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``state.values``: what was typed, or what it was filled with; null for what was left alone."""
    state: dict[str, dict[str, Any]] = {}
    for block, element in _inputs(body):
        known = typed.get(block["block_id"], {}).get(element["action_id"])
        state.setdefault(block["block_id"], {})[element["action_id"]] = known or _initial(element)
    return state


def shape_in(blocks: list[dict[str, Any]], block_id: str, action_id: str, value: Any) -> dict[str, Any]:
    """A value as the state holds it for one element of these blocks."""
    for block, element in _inputs({"blocks": blocks}):
        if (block["block_id"], element["action_id"]) == (block_id, action_id):
            return _shape(element, value)
    raise SlackError(f"there is no {block_id}/{action_id}")


def _hash() -> str:
    return f"{int(time.time())}.{uuid.uuid4().hex[:8]}"


def _kept(body: Mapping[str, Any]) -> dict[str, Any]:
    """A view of our own, with names for the blocks and elements that have none."""
    kept = deepcopy(dict(body))
    return {**kept, "blocks": named(kept["blocks"])}


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
            if isinstance(element, dict)
            and element.get("type") not in {None, "button", "overflow", "image", "workflow_button"}
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
_ONE_OPTION = frozenset({"static_select", "radio_buttons", "external_select"})
_MANY = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


def _shape(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """A plain value as Slack's state holds it for this kind of element."""
    kind = element["type"]
    name = _field(kind)
    if isinstance(value, dict) and name in value:
        value = value[name]
    if kind in _ONE_OPTION:
        return {"type": kind, name: _option(element, value) if value else None}
    if name == "selected_options":
        chosen = value if isinstance(value, list) else [value] if value else []
        return {"type": kind, name: [_option(element, each) for each in chosen]}
    if kind in _MANY or kind == "file_input":
        return {"type": kind, name: [value] if isinstance(value, str) and value else list(value or [])}
    if kind == "rich_text_input":
        return {"type": kind, name: rich_text(value) if isinstance(value, str) and value else value or None}
    if kind == "datetimepicker":
        return {"type": kind, name: int(value) if value else None}
    if value is None or value == "":
        return {"type": kind, name: None}
    return {"type": kind, name: _picked(kind, str(value))}


def _picked(kind: str, value: str) -> str:
    """Pickers offer nothing that is no date or time."""
    try:
        if kind == "datepicker":
            return date.fromisoformat(value).isoformat()
        if kind == "timepicker":
            return clock_time.fromisoformat(value).strftime("%H:%M")
    except ValueError:
        raise SlackError(f"a {kind} does not offer {value}") from None
    return value


def _field(kind: str) -> str:
    """Where in the state this kind of element keeps its value."""
    if kind in _ONE_OPTION:
        return "selected_option"
    if kind in {"checkboxes", "multi_static_select", "multi_external_select"}:
        return "selected_options"
    other = {"rich_text_input": "rich_text_value", "file_input": "files"}
    return _SINGLE.get(kind) or _MANY.get(kind) or other.get(kind) or "value"


def _option(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The option with this value, or with this text."""
    wanted = value.get("value") if isinstance(value, dict) else value
    if element["type"].endswith("external_select"):
        return (
            dict(value)
            if isinstance(value, dict)
            else {"text": {"type": "plain_text", "text": value}, "value": value}
        )
    options = [
        *(element.get("options") or ()),
        *(o for g in element.get("option_groups") or () for o in g["options"]),
    ]
    by_value = [option for option in options if option["value"] == wanted]
    for option in by_value or [option for option in options if option["text"]["text"] == wanted]:
        return dict(option)
    raise SlackError(f"there is no option {wanted}")


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    """What an untouched element sends."""
    kind = element["type"]
    name = _field(kind)
    value = element.get(
        name.replace("selected", "initial") if name.startswith("selected") else "initial_value"
    )
    several = name in {"selected_options", "files", *_MANY.values()}
    return {"type": kind, name: [] if several and value is None else value}
