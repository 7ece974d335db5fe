"""What a person does in Slack's own menus: typing, clicking, sending forms; each with what Slack makes of it."""

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from sandbox.delivery import Ack, Delivery, Undelivered
from sandbox.errors import SlackError
from sandbox.forms import Forms, shape_in, state_of
from sandbox.responses import Responses
from sandbox.state import Channel, Message, View
from sandbox.workspace import Workspace


class Acts:
    def __init__(self, workspace: Workspace, forms: Forms, delivery: Delivery, base: str) -> None:
        self._workspace = workspace
        self._forms = forms
        self._delivery = delivery
        self._responses = Responses(workspace, base)
        #: What each person chose in a message's own fields: (channel, ts, user) -> block -> action -> value.
        self._chosen: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}

    # --- commands --------------------------------------------------------------------------------------------------

    async def command(self, user: str, channel: Channel, command: str, text: str) -> dict[str, Any]:
        app = self._workspace.config.app
        declared = next((c for c in app.commands if c.get("command") == command), None)
        if app.commands and declared is None:
            raise SlackError(f"{command} is not a valid command")
        if app.scopes is not None and "commands" not in app.scopes:
            raise SlackError(f"{command} is not a valid command")
        if declared and declared.get("should_escape"):
            text = self._workspace.escape_mentions(text)
        who = self._workspace.user(user)
        payload = {
            **self._common(),
            "team_id": self._workspace.config.team_id,
            "team_domain": self._workspace.config.domain,
            "channel_id": channel.id,
            "channel_name": self._place(channel)["name"],
            "user_id": user,
            "user_name": who.name,
            "command": command,
            "text": text,
            "response_url": self._responses.url(channel, user, None),
            "trigger_id": self._forms.trigger(user),
            "is_enterprise_install": "false",
        }
        ack = await self._act("slash_commands", payload)
        if isinstance(ack.payload, Mapping) and (ack.payload.get("text") or ack.payload.get("blocks")):
            self._responses.answer(channel, user, ack.payload)
        return {"ok": True, "ack_ms": ack.ack_ms, "response": ack.payload}

    # --- buttons and shortcuts ---------------------------------------------------------------------------------------

    async def click(self, user: str, channel: Channel, ts: str, action: Mapping[str, Any]) -> dict[str, Any]:
        message = channel.messages.get(ts) or next(
            (
                n
                for n in self._workspace.ephemeral
                if n["ts"] == ts and n["user"] == user and n["channel"] == channel.id
            ),
            None,
        )
        if message is None:
            raise SlackError("message_not_found")
        ephemeral = ts not in channel.messages
        blocks = message.get("blocks") or []
        block, element = _element(blocks, action)
        pressed = _pressed(block, element, action)
        chosen = self._chosen.setdefault((channel.id, ts, user), {})
        _choose(chosen, blocks, pressed)
        container = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
        payload = {
            **self._interaction("block_actions", user),
            "container": {
                **container,
                **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
            },
            "channel": self._place(channel),
            "state": {"values": state_of({"blocks": blocks}, chosen)},
            "response_url": self._responses.url(channel, user, ts),
            "actions": [pressed],
        }
        if not ephemeral:
            payload["message"] = {k: v for k, v in message.items() if k != "metadata"}
        ack = await self._act("interactive", payload)
        return {"ok": True, "ack_ms": ack.ack_ms}

    async def click_in_view(
        self, user: str, view_id: str, action: Mapping[str, Any], typed: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """``typed`` is what stands in the form's other fields at that moment."""
        home = self._workspace.homes.get(user)
        body: Mapping[str, Any]
        if home and home["id"] == view_id:
            body = shown = home
            block, element = _element(body.get("blocks") or [], action)
            pressed = _pressed(block, element, action)
        else:
            view = self._forms.of(view_id, user)
            self._forms.fill(view, typed or {})
            block, element = _element(view.body["blocks"], action)
            pressed = _pressed(block, element, action)
            _choose(view.values, view.body["blocks"], pressed)
            shown = self._forms.payload(view)
        payload = {
            **self._interaction("block_actions", user),
            "container": {"type": "view", "view_id": view_id},
            "view": shown,
            "hash": shown["hash"],
            "actions": [pressed],
        }
        ack = await self._act("interactive", payload)
        return {"ok": True, "ack_ms": ack.ack_ms}

    async def options(self, user: str, view_id: str, action_id: str, typed: str) -> dict[str, Any]:
        """What an external select offers for some typed letters."""
        view = self._forms.of(view_id, user)
        block, element = _element(view.body["blocks"], {"action_id": action_id})
        payload = {
            **self._interaction("block_suggestion", user),
            "container": {"type": "view", "view_id": view_id},
            "view": self._forms.payload(view),
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        ack = await self._act("interactive", payload)
        answer = ack.payload if isinstance(ack.payload, Mapping) else {}
        return {
            "ok": True,
            "ack_ms": ack.ack_ms,
            "options": answer.get("options"),
            "option_groups": answer.get("option_groups"),
        }

    async def shortcut(
        self, user: str, callback: str, channel: Channel | None, ts: str | None
    ) -> dict[str, Any]:
        declared = {s.get("callback_id"): s for s in self._workspace.config.app.shortcuts}
        if declared and callback not in declared:
            raise SlackError(f"there is no shortcut {callback}")
        if channel is None:
            payload = {
                **self._interaction("shortcut", user),
                "callback_id": callback,
                "action_ts": self._action_ts(),
            }
        else:
            message = self._workspace.message(channel, ts)
            payload = {
                **self._interaction("message_action", user),
                "callback_id": callback,
                "action_ts": self._action_ts(),
                "message_ts": message["ts"],
                "message": {k: v for k, v in message.items() if k != "metadata"},
                "channel": self._place(channel),
                "response_url": self._responses.url(channel, user, None),
            }
        ack = await self._act("interactive", payload)
        return {"ok": True, "ack_ms": ack.ack_ms}

    # --- forms -----------------------------------------------------------------------------------------------------

    async def submit(
        self, user: str, view_id: str, values: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Any]:
        view = self._forms.of(view_id, user)
        self._forms.fill(view, values)
        view.errors = self._forms.missing(view)
        if view.errors:
            self._workspace.touch()
            return {"ok": True, "ack_ms": 0, "response_action": "errors", "errors": view.errors}
        payload = {
            **self._interaction("view_submission", user),
            "view": self._forms.payload(view),
            "response_urls": self._response_urls(view),
        }
        ack = await self._act("interactive", payload)
        answer = ack.payload if isinstance(ack.payload, Mapping) else {}
        self._after_submit(view, answer)
        shown = {"ok": True, "ack_ms": ack.ack_ms}
        if "response_action" in answer:
            shown["response_action"] = answer["response_action"]
        return {**shown, "errors": dict(answer["errors"])} if answer.get("errors") else shown

    def _after_submit(self, view: View, answer: Mapping[str, Any]) -> None:
        match answer.get("response_action"):
            case "errors":
                blocks = {block.get("block_id") for block in view.body["blocks"]}
                wrong = set(answer.get("errors") or {}) - blocks
                if wrong:
                    raise SlackError(
                        f"the app sent errors for blocks that are not there: {', '.join(sorted(wrong))}"
                    )
                view.errors = dict(answer["errors"])
                self._workspace.touch()
            case "update":
                self._forms.update(view.id, None, answer.get("view"), None)
            case "push":
                self._forms.push_for(view.user, answer.get("view"))
            case "clear":
                self._forms.close(view, whole=True)
            case _:
                self._forms.close(view)

    async def close_view(self, user: str, view_id: str, *, whole: bool = False) -> dict[str, Any]:
        view = self._forms.of(view_id, user)
        for gone in self._forms.close(view, whole=whole):
            if gone.body.get("notify_on_close"):
                payload = {
                    **self._interaction("view_closed", user),
                    "view": self._forms.payload(gone),
                    "is_cleared": whole,
                }
                with contextlib.suppress(SlackError):  # the form is gone, whatever the app says
                    await self._act("interactive", payload)
        return {"ok": True}

    def open_home(self, user: str) -> None:
        self._workspace.user(user)
        channel = self._workspace.dm(user)
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._workspace.event_ts(),
        }
        home = self._workspace.homes.get(user)
        self._delivery.event({**event, "view": home} if home else event, "im")

    def respond(self, key: str, body: Mapping[str, Any]) -> None:
        """The bot used a response_url."""
        self._responses.use(key, body)

    def _response_urls(self, view: View) -> list[dict[str, Any]]:
        """One for each select that was made for it (docs: modals, ``response_url_enabled``)."""
        state = self._forms.state(view)
        found = []
        for block in view.body["blocks"]:
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            held = state[block["block_id"]][element["action_id"]]
            chosen = held.get("selected_conversation") or held.get("selected_channel")
            if chosen in self._workspace.channels:
                url = self._responses.url(self._workspace.channels[chosen], view.user, None)
                place = {"block_id": block["block_id"], "action_id": element["action_id"]}
                found.append({**place, "channel_id": chosen, "response_url": url})
        return found

    # --- small things ----------------------------------------------------------------------------------------------

    async def _act(self, kind: str, payload: dict[str, Any]) -> Ack:
        try:
            return await self._delivery.act(kind, payload)
        except Undelivered as failure:
            words = {
                "timeout": "operation_timeout",
                "http_timeout": "operation_timeout",
                "http_error": "http_service_error",
            }
            raise SlackError(words.get(str(failure), "dispatch_failed")) from None

    def _place(self, channel: Channel) -> dict[str, str]:
        """A conversation as payloads name it; the names of private ones stay private."""
        names = {
            "channel": channel.name,
            "im": "directmessage",
            "group": "privategroup",
            "mpim": channel.name,
        }
        return {"id": channel.id, "name": names[channel.kind]}

    def _common(self) -> dict[str, Any]:
        return {"token": "sandbox", "api_app_id": self._workspace.config.app.app_id}

    def _interaction(self, kind: str, user: str) -> dict[str, Any]:
        who = self._workspace.user(user)
        team = {"id": self._workspace.config.team_id, "domain": self._workspace.config.domain}
        return {
            **self._common(),
            "type": kind,
            "user": {"id": user, "username": who.name, "name": who.name, "team_id": team["id"]},
            "team": team,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._forms.trigger(user),
        }

    def _action_ts(self) -> str:
        return self._workspace.event_ts()


def _element(blocks: list[Message], action: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The element that was used; a button that is not there cannot be pressed."""
    wanted, block_id = action.get("action_id"), action.get("block_id")
    for index, block in enumerate(blocks):
        known = block.get("block_id") or f"b{index}"
        for element in (block.get("accessory"), block.get("element"), *(block.get("elements") or ())):
            if not isinstance(element, dict) or element.get("action_id") != wanted:
                continue
            if block_id and block_id != known:
                continue
            if action.get("value") is not None and element.get("value") not in {None, action["value"]}:
                continue
            return {**block, "block_id": known}, element
    raise SlackError(f"there is no {wanted} to use")


def _pressed(
    block: Mapping[str, Any], element: Mapping[str, Any], action: Mapping[str, Any]
) -> dict[str, Any]:
    made = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": f"{time.time():.6f}",
    }
    if element["type"] == "button":
        value = {"value": element["value"]} if element.get("value") is not None else {}
        return {**made, "text": element.get("text"), **value}
    if element["type"] == "overflow":
        wanted = action.get("selected_option")
        wanted = wanted.get("value") if isinstance(wanted, Mapping) else wanted
        options = [
            option for option in element["options"] if wanted in {option.get("value"), option["text"]["text"]}
        ]
        if not options:
            raise SlackError(f"there is no option {wanted}")
        return {**made, "selected_option": options[0]}
    chosen = [v for k, v in action.items() if k.startswith("selected_") or k == "value"]
    shaped = shape_in([dict(block)], block["block_id"], element["action_id"], chosen[0] if chosen else None)
    return {**made, **shaped}


def _choose(chosen: dict[str, dict[str, Any]], blocks: list[Message], pressed: Mapping[str, Any]) -> None:
    """What was pressed is what the field holds from now on, unless it is a button."""
    if pressed["type"] not in {"button", "overflow"}:
        known = {
            k: v
            for k, v in pressed.items()
            if k.startswith("selected_") or k in {"value", "rich_text_value", "files"}
        }
        held = shape_in(blocks, pressed["block_id"], pressed["action_id"], next(iter(known.values()), None))
        chosen.setdefault(pressed["block_id"], {})[pressed["action_id"]] = held
