"""Socket Mode: envelopes over WebSocket, each to any one of the connections, acknowledged by id."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.delivery import NoConnection, Undelivered

MOST = 10  # docs: using-socket-mode


class SocketTransport:
    """The bot's connections. Which one gets an envelope is not promised."""

    def __init__(self, app_id: str, ack_s: float) -> None:
        self._app_id = app_id
        self._ack_s = ack_s
        self._tickets: set[str] = set()
        self._sockets: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._sent_on: dict[str, WebSocket] = {}
        self._connected = asyncio.Event()
        self._turn = 0

    def ticket(self) -> str:
        """For one connection, once."""
        made = uuid.uuid4().hex
        self._tickets.add(made)
        return made

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def ready(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(max(within_s, 0)):
                await self._connected.wait()
        except TimeoutError:
            return False
        return True

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from hello to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(code=1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        if len(self._sockets) >= MOST:
            await self._say(socket, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        self._sockets.append(socket)
        try:
            await self._say(socket, self._hello())
            self._connected.set()
            while True:
                self._answered(json.loads(await socket.receive_text()))
        except (WebSocketDisconnect, RuntimeError, json.JSONDecodeError, NoConnection):
            pass
        finally:
            self._gone(socket)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
        }

    def _answered(self, frame: Mapping[str, Any]) -> None:
        waiting = self._waiting.pop(str(frame.get("envelope_id")), None)
        if waiting and not waiting.done():
            waiting.set_result(frame.get("payload"))

    def _gone(self, socket: WebSocket) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        if not self._sockets:
            self._connected.clear()
        for envelope, on in list(self._sent_on.items()):
            waiting = self._waiting.get(envelope)
            # Another connection may still bring the answer; with none left, nobody will.
            if on is socket and waiting and not waiting.done() and not self._sockets:
                waiting.set_exception(NoConnection("connection_failed"))

    async def send(self, kind: str, payload: Mapping[str, Any], attempt: int, reason: str | None) -> Any:
        if not self._sockets:
            raise NoConnection("connection_failed")
        self._turn += 1
        socket = self._sockets[self._turn % len(self._sockets)]
        envelope = str(uuid.uuid4())
        frame: dict[str, Any] = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            frame |= {"retry_attempt": attempt, "retry_reason": reason or ""}
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope], self._sent_on[envelope] = waiting, socket
        try:
            await self._say(socket, frame)
            async with asyncio.timeout(self._ack_s):
                return await waiting
        except TimeoutError:
            raise Undelivered("timeout") from None
        finally:
            waiting.cancel()
            self._waiting.pop(envelope, None)
            self._sent_on.pop(envelope, None)

    async def _say(self, socket: WebSocket, frame: Mapping[str, Any]) -> None:
        try:
            await socket.send_text(json.dumps(frame))
        except (WebSocketDisconnect, RuntimeError) as error:
            self._gone(socket)
            raise NoConnection("connection_failed") from error

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to reconnect, as Slack does about once an hour."""
        for socket in list(self._sockets):
            await self._say(socket, {"type": "disconnect", "reason": reason})

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._sockets):
            self._gone(socket)
            if socket.client_state is WebSocketState.CONNECTED:
                try:
                    await socket.close(code=1001)
                except RuntimeError:
                    continue
