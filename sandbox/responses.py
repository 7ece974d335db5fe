"""response_urls: what a person did can be answered there, five times in half an hour (docs: handling-user-interaction)."""

import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.limits import check_message
from sandbox.state import Channel
from sandbox.text import escaped, named
from sandbox.workspace import Workspace

USES = 5
LIFE_S = 30 * 60
REMEMBERED = 10_000


@dataclass(slots=True)
class _Known:
    channel: str
    user: str
    #: The ts of the message whose button was pressed.
    message: str | None
    since: float
    uses: int = 0


class Responses:
    def __init__(self, workspace: Workspace, base: str) -> None:
        self._workspace = workspace
        self._base = base
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def url(self, channel: Channel, user: str, message: str | None = None) -> str:
        key = uuid.uuid4().hex
        self._known[key] = _Known(channel=channel.id, user=user, message=message, since=time.monotonic())
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return f"{self._base}/response/{key}"

    def use(self, key: str, body: Mapping[str, Any]) -> None:
        """The bot answered there."""
        known = self._known.get(key)
        if known is None or time.monotonic() - known.since > LIFE_S:
            raise SlackError("expired_url")
        if known.uses >= USES:
            raise SlackError("used_url")
        known.uses += 1
        channel = self._workspace.channel(known.channel)
        if body.get("delete_original"):
            self._delete(channel, known.message)
        elif body.get("replace_original"):
            self._replace(channel, known.message, _content(body))
        else:
            self.answer(channel, known.user, body)

    def answer(self, channel: Channel, user: str, body: Mapping[str, Any]) -> None:
        """To the person alone, or to the channel, even where the bot is not a member."""
        content = _content(body)
        if body.get("response_type") == "in_channel":
            self._workspace.post(channel, self._workspace.bot, thread_ts=body.get("thread_ts"), **content)
        else:
            self._workspace.whisper(channel, user, content["text"], content["blocks"], body.get("thread_ts"))

    def _delete(self, channel: Channel, ts: str | None) -> None:
        message = channel.messages.get(ts or "")
        if message:
            self._workspace.delete(channel, message)
        else:
            kept = [
                note
                for note in self._workspace.ephemeral
                if (note["channel"], note["ts"]) != (channel.id, ts)
            ]
            self._workspace.ephemeral[:] = kept
            self._workspace.touch()

    def _replace(self, channel: Channel, ts: str | None, content: dict[str, Any]) -> None:
        message = channel.messages.get(ts or "")
        if message:
            self._workspace.edit(channel, message, **content)
        for note in self._workspace.ephemeral:
            if (note["channel"], note["ts"]) == (channel.id, ts):
                note |= {"text": content["text"], "blocks": named(content["blocks"])}
        self._workspace.touch()


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    blocks = body.get("blocks") or None
    if blocks:
        check_message(blocks, whole=False)
    elif not body.get("text") and not body.get("attachments"):
        raise SlackError("no_text")
    return {"text": escaped(str(body.get("text") or "")), "blocks": blocks}
