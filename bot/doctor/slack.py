"""What Slack says: tokens, scopes, the time, the events that the app hears, the channels in which it has to speak."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.ports import Clock
from bot.doctor.finding import Finding, State
from bot.manifest import load_manifest
from bot.settings import Settings
from bot.slack.runtime import web_client

#: Slack's signatures are refused after five minutes; reminders are late by as much as the clock is.
SKEW_S = 30.0
#: Looking at more channels than this would only wait for Slack's limits.
MOST_CHANNELS = 40
_REINSTALL = "paste app.yaml at App Manifest, save, and install the app anew."


class _Refused(Exception):  # noqa: N818 - an outcome
    """Slack's word for why not."""


class Slack:
    """Asks Slack with each token. ``base_url`` is another Slack's Web API."""

    def __init__(self, settings: Settings, clock: Clock, base_url: str | None) -> None:
        self._settings, self._clock, self._base_url = settings, clock, base_url

    async def examine(self, places: Sequence[str], open_channels: Sequence[str]) -> AsyncIterator[Finding]:
        assert self._settings.bot_token, "without a token Slack is not asked"
        bot = web_client(self._settings.bot_token.get_secret_value(), self._base_url)
        try:
            me, headers = await _ask(bot, "auth.test")
        except _Refused as refused:
            yield Finding(
                "slack",
                State.WRONG,
                f"The bot token is not taken: {refused}.",
                "copy SLACK_BOT_TOKEN anew from OAuth & Permissions; no_answer: see that this machine reaches slack.com.",
            )
            return
        yield Finding("slack", State.OK, f"The bot token is good in {me.get('team')} (as @{me.get('user')}).")
        yield self._time(headers)
        yield _scopes(headers)
        if self._settings.transport == "socket":
            yield await self._socket()
        yield await self._events(bot, str(me.get("bot_id")))
        for place in dict.fromkeys(places):
            yield await _place(bot, place, "announcements")
        async for found in _incidents(bot, open_channels):
            yield found

    def _time(self, headers: Mapping[str, str]) -> Finding:
        if "date" not in headers:
            return Finding("clock", State.SKIPPED, "Slack did not say what time it is.")
        theirs = parsedate_to_datetime(headers["date"]).astimezone(UTC)
        ahead = (self._clock.now() - theirs).total_seconds()
        if abs(ahead) <= SKEW_S:
            return Finding("clock", State.OK, "The clock is right.")
        way = "ahead of" if ahead > 0 else "behind"
        return Finding(
            "clock",
            State.WRONG,
            f"The clock is {abs(ahead):.0f} s {way} Slack's.",
            "let NTP set it: reminders come at the wrong time, and from 300 s on Slack's requests are refused.",
        )

    async def _socket(self) -> Finding:
        if self._settings.app_token is None:
            return Finding("socket", State.SKIPPED, "There is no app token to try.")
        client = web_client(self._settings.app_token.get_secret_value(), self._base_url)
        try:
            await _ask(client, "apps.connections.open")
        except _Refused as refused:
            return Finding(
                "socket",
                State.WRONG,
                f"Slack gives no socket: {refused}.",
                "the app token needs connections:write, and Socket Mode must be on in the app's settings.",
            )
        return Finding("socket", State.OK, "Slack gives a socket to the app token.")

    async def _events(self, bot: AsyncWebClient, bot_id: str) -> Finding:
        """Only an app configuration token may see an app's manifest (docs: apps.manifest.export)."""
        if self._settings.config_token is None:
            return Finding(
                "events",
                State.SKIPPED,
                "Slack shows an app's events only to a configuration token.",
                "set SLACK_CONFIG_TOKEN (api.slack.com/apps, Your App Configuration Tokens), or compare Event Subscriptions with app.yaml.",
            )
        client = web_client(self._settings.config_token.get_secret_value(), self._base_url)
        try:
            about, _ = await _ask(bot, "bots.info", bot=bot_id)
            answer, _ = await _ask(client, "apps.manifest.export", app_id=str(about["bot"].get("app_id")))
        except _Refused as refused:
            return Finding(
                "events",
                State.WARNING,
                f"The manifest was not shown: {refused}.",
                "make a new configuration token; they live 12 hours.",
            )
        lacking = _lacking(answer.get("manifest") or {}, load_manifest())
        if lacking:
            return Finding(
                "events", State.WRONG, f"The installed app lacks {', '.join(lacking)}.", _REINSTALL
            )
        return Finding("events", State.OK, "The app hears every event and has every command and shortcut.")


async def _ask(
    client: AsyncWebClient, method: str, **arguments: str
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """(answer, headers in lower case). Raises `_Refused`."""
    try:
        response = await client.api_call(method, data=arguments)
    except SlackApiError as error:
        raise _Refused(str(error.response.get("error") or f"HTTP {error.response.status_code}")) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise _Refused("no_answer") from error
    data = response.data if isinstance(response.data, dict) else {}
    return data, {name.lower(): value for name, value in response.headers.items()}


def _scopes(headers: Mapping[str, str]) -> Finding:
    """Slack names what a token may do with every answer (docs: permission scopes)."""
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    lacking = [scope for scope in load_manifest()["oauth_config"]["scopes"]["bot"] if scope not in granted]
    if lacking:
        return Finding("scopes", State.WRONG, f"The token lacks {', '.join(lacking)}.", _REINSTALL)
    return Finding("scopes", State.OK, "The token has every scope.")


def _lacking(installed: Mapping[str, Any], shipped: Mapping[str, Any]) -> list[str]:
    """Events, commands and shortcuts that are not installed as they are shipped."""
    return [
        f"{kind} {name}"
        for kind, path, key in (
            ("event", ("settings", "event_subscriptions", "bot_events"), None),
            ("command", ("features", "slash_commands"), "command"),
            ("shortcut", ("features", "shortcuts"), "callback_id"),
        )
        for name in _names(shipped, path, key)
        if name not in _names(installed, path, key)
    ]


def _names(manifest: Mapping[str, Any], path: Sequence[str], key: str | None) -> list[str]:
    value: Any = manifest
    for part in path:
        value = (value or {}).get(part)
    return [str(each[key]) if key else str(each) for each in value or ()]


async def _place(bot: AsyncWebClient, channel: str, use: str) -> Finding:
    """Whether we may speak there: as a member, or anywhere public (chat:write.public)."""
    if channel.startswith("#"):
        return Finding(
            "channels",
            State.SKIPPED,
            f"{channel} ({use}) is a name.",
            "name the channel by its id (About, at the end): names change.",
        )
    try:
        answer, _ = await _ask(bot, "conversations.info", channel=channel)
    except _Refused as refused:
        return Finding(
            "channels",
            State.WRONG,
            f"{channel} ({use}) is not to be seen: {refused}.",
            "mend the id; if the channel is private: /invite the bot there.",
        )
    found = answer["channel"]
    name = f"#{found.get('name')} ({use})"
    if found.get("is_archived"):
        return Finding(
            "channels", State.WRONG, f"{name} is archived.", "bring it back, or choose another one."
        )
    if not found.get("is_member") and (found.get("is_private") or use == "incident"):
        return Finding("channels", State.WRONG, f"Tocsin is not in {name}.", "/invite the bot there.")
    return Finding("channels", State.OK, f"Tocsin may speak in {name}.")


async def _incidents(bot: AsyncWebClient, channels: Sequence[str]) -> AsyncIterator[Finding]:
    """Of the open incidents' channels only what is wrong, and how many are well."""
    chosen = list(dict.fromkeys(channels))[:MOST_CHANNELS]
    well = 0
    for channel in chosen:
        found = await _place(bot, channel, "incident")
        well += found.state is State.OK
        if found.state is not State.OK:
            yield found
    if well:
        yield Finding(
            "channels", State.OK, f"Tocsin may speak in {well} of {len(chosen)} open incidents' channels."
        )
