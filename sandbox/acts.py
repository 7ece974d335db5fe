"""What a person does in Slack's own menus: typing, clicking, sending forms; each with what Slack makes of it."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.delivery import Ack, Delivery, NoConnection
from sandbox.errors import SlackError
from sandbox.forms import Forms
from sandbox.state import Channel, Message, View
from sandbox.workspace import Workspace

USES = 5  # of a response_url, in 30 minutes (docs: handling-user-interaction)
LIFE_S = 30 * 60


class Acts:
    def __init__(self, workspace: Workspace, forms: Forms, delivery: Delivery, base: str) -> None:
        self._workspace = workspace
        self._forms = forms
        self._delivery = delivery
        self._base = base
        self._responses: dict[str, dict[str, Any]] = {}

    # --- commands --------------------------------------------------------------------------------------------------

    async def command(self, user: str, channel: Channel, command: str, text: str) -> dict[str, Any]:
        app = self._workspace.config.app
        declared = next((c for c in app.commands if c.get("command") == command), None)
        if app.commands and declared is None:
            raise SlackError(f"{command} is not a valid command")
        if declared and declared.get("should_escape"):
            text = self._workspace.escape_mentions(text)
        who = self._workspace.user(user)
        hidden = channel.is_private and not channel.is_im
        payload = {
            **self._common(),
            "team_id": self._workspace.config.team_id,
            "team_domain": self._workspace.config.domain,
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.is_im else "privategroup" if hidden else channel.name,
            "user_id": user,
            "user_name": who.name,
            "command": command,
            "text": text,
            "response_url": self._response_url(channel, user, None),
            "trigger_id": self._forms.trigger(user),
            "is_enterprise_install": "false",
        }
        ack = await self._act("slash_commands", payload)
        if isinstance(ack.payload, Mapping) and (ack.payload.get("text") or ack.payload.get("blocks")):
            self._answer(channel, user, ack.payload)
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
        block, element = _element(message.get("blocks") or [], action)
        payload = {
            **self._interaction("block_actions", user),
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": {}},
            "response_url": self._response_url(channel, user, ts),
            "actions": [_pressed(block, element, action)],
        }
        if not ephemeral:
            payload["message"] = {k: v for k, v in message.items() if k != "metadata"}
        ack = await self._act("interactive", payload)
        return {"ok": True, "ack_ms": ack.ack_ms}

    async def click_in_view(self, user: str, view_id: str, action: Mapping[str, Any]) -> dict[str, Any]:
        home = self._workspace.homes.get(user)
        if home and home["id"] == view_id:
            body: Mapping[str, Any] = {**home, "type": "home"}
            shown: Mapping[str, Any] = body
        else:
            view = self._forms.of(view_id, user)
            body, shown = view.body, self._forms.payload(view)
        block, element = _element(body.get("blocks") or [], action)
        payload = {
            **self._interaction("block_actions", user),
            "container": {"type": "view", "view_id": view_id},
            "view": shown,
            "actions": [_pressed(block, element, action)],
        }
        ack = await self._act("interactive", payload)
        return {"ok": True, "ack_ms": ack.ack_ms}

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
                "channel": {"id": channel.id, "name": channel.name},
                "response_url": self._response_url(channel, user, None),
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
            "response_urls": [],
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
        self._delivery.event({**event, "view": home} if home else event)

    # --- response_url ----------------------------------------------------------------------------------------------

    def respond(self, key: str, body: Mapping[str, Any]) -> None:
        """The bot used a response_url."""
        known = self._responses.get(key)
        if known is None or time.monotonic() - known["since"] > LIFE_S:
            raise SlackError("expired_url")
        if known["uses"] >= USES:
            raise SlackError("used_url")
        known["uses"] += 1
        channel = self._workspace.channel(known["channel"])
        original = known["message"]
        if body.get("delete_original") or body.get("replace_original"):
            self._change_original(channel, original, body)
            return
        self._answer(channel, known["user"], body)

    def _change_original(self, channel: Channel, ts: str | None, body: Mapping[str, Any]) -> None:
        note = next((n for n in self._workspace.ephemeral if n["ts"] == ts), None)
        message = channel.messages.get(ts or "")
        if body.get("delete_original"):
            if note:
                self._workspace.ephemeral.remove(note)
            elif message:
                self._workspace.delete(channel, message)
        elif note:
            note |= {"text": body.get("text", ""), "blocks": body.get("blocks")}
        elif message:
            self._workspace.edit(channel, message, text=body.get("text", ""), blocks=body.get("blocks"))
        self._workspace.touch()

    def _answer(self, channel: Channel, user: str, body: Mapping[str, Any]) -> None:
        if body.get("response_type") == "in_channel":
            more = {"blocks": body.get("blocks"), "thread_ts": body.get("thread_ts")}
            self._workspace.post(channel, self._workspace.bot, str(body.get("text") or ""), **more)
        else:
            self._workspace.whisper(channel, user, str(body.get("text") or ""), body.get("blocks"))

    def _response_url(self, channel: Channel, user: str, message: str | None) -> str:
        key = uuid.uuid4().hex
        self._responses[key] = {
            "channel": channel.id,
            "user": user,
            "message": message,
            "uses": 0,
            "since": time.monotonic(),
        }
        return f"{self._base}/response/{key}"

    # --- small things ----------------------------------------------------------------------------------------------

    async def _act(self, kind: str, payload: dict[str, Any]) -> Ack:
        try:
            return await self._delivery.act(kind, payload)
        except TimeoutError:
            raise SlackError("operation_timeout") from None
        except NoConnection:
            raise SlackError("dispatch_failed") from None

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
        return {**made, "text": element.get("text"), "value": element.get("value", "")}
    chosen = {k: v for k, v in action.items() if k.startswith("selected_") or k == "value"}
    option = chosen.get("selected_option")
    if isinstance(option, str):
        chosen["selected_option"] = next(
            (o for o in element.get("options", ()) if o["value"] == option), None
        )
    return {**made, **chosen}
