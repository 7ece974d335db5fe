"""The workspace as it is configured: people, channels, the app."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UserConfig:
    id: str
    name: str
    real_name: str | None = None
    tz: str = "UTC"
    is_bot: bool = False
    is_restricted: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConfig:
    """A user group, mentioned as ``@handle``."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConfig:
    id: str
    name: str
    is_private: bool = False
    #: User ids; None: every human of the workspace.
    members: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppConfig:
    """The installed app. ``scopes`` and ``events`` None: everything is granted and delivered."""

    name: str = "tocsin"
    app_id: str = "A0SANDBOX"
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - a local stand-in's
    app_token: str = "xapp-sandbox"  # noqa: S105 - a local stand-in's
    config_token: str = "xoxe.xoxp-sandbox"  # noqa: S105 - a local stand-in's
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - a local stand-in's
    commands: tuple[Mapping[str, Any], ...] = ()
    shortcuts: tuple[Mapping[str, Any], ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    #: As it was installed; shown to whoever has the configuration token.
    manifest: Mapping[str, Any] = field(default_factory=dict)
    #: Where events are sent when the app does not use Socket Mode.
    request_url: str | None = None

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any], **more: Any) -> "AppConfig":
        """Read commands, shortcuts, scopes and events from a Slack app manifest."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        known: dict[str, Any] = {
            "manifest": manifest,
            "name": str(features.get("bot_user", {}).get("display_name", "app")),
            "commands": tuple(features.get("slash_commands", ())),
            "shortcuts": tuple(features.get("shortcuts", ())),
            "scopes": frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            "events": frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        }
        return cls(**{**known, **more})


DEMO_USERS = (
    UserConfig(id="U0ANA", name="ana", real_name="Ana", tz="Europe/Madrid", email="ana@example.com"),
    UserConfig(id="U0BEA", name="bea", real_name="Bea", tz="America/New_York", email="bea@example.com"),
    UserConfig(id="U0CHEN", name="chen", real_name="Chen", tz="Asia/Shanghai", email="chen@example.com"),
    UserConfig(id="U0DANA", name="dana", real_name="Dana", tz="Europe/London", email="dana@example.com"),
    UserConfig(id="U0ELI", name="eli", real_name="Eli (guest)", tz="UTC", is_restricted=True),
    UserConfig(id="U0FAY", name="fay", real_name="Fay", tz="America/Los_Angeles", email="fay@example.com"),
    UserConfig(id="U0DEPLOY", name="deploybot", real_name="Deploy Bot", is_bot=True),
)

DEMO_CHANNELS = (
    ChannelConfig(id="C0GENERAL", name="general"),
    ChannelConfig(id="C0INCIDENTS", name="incidents"),
    ChannelConfig(id="C0ALERTS", name="alerts"),
    ChannelConfig(id="C0DEPLOYS", name="deploys"),
)


DEMO_GROUPS = (GroupConfig(id="S0ONCALL", handle="oncall", name="On call", users=("U0ANA", "U0CHEN")),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How patient Slack is, in real seconds; tests may be less so."""

    ack_s: float = 3.0
    retries_s: tuple[float, ...] = (0.05, 1.0, 3.0)
    #: How long events wait for a bot that has no connection.
    offline_s: float = 360.0
    trigger_s: float = 3.0
    #: Between Slack's own WebSocket pings.
    ping_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceConfig:
    name: str = "Sandbox"
    team_id: str = "T0SANDBOX"
    domain: str = "sandbox"
    users: tuple[UserConfig, ...] = DEMO_USERS
    groups: tuple[GroupConfig, ...] = DEMO_GROUPS
    channels: tuple[ChannelConfig, ...] = DEMO_CHANNELS
    app: AppConfig = field(default_factory=AppConfig)
    timing: Timing = field(default_factory=Timing)
    #: Whether Slack's limits per method and minute are enforced.
    rate_limits: bool = False

    def with_app(self, app: AppConfig) -> "WorkspaceConfig":
        return replace(self, app=app)

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any], **app: Any) -> "WorkspaceConfig":
        """The demo workspace with an app installed from its manifest."""
        return cls(app=AppConfig.from_manifest(manifest, **app))

    @classmethod
    def load(cls, path: Path) -> "WorkspaceConfig":
        """Read a JSON file with these fields; ``manifest`` gives what ``app`` does not say.

        Raises TypeError for a field that is not known.
        """
        raw = json.loads(path.read_text(encoding="utf-8"))
        manifest, app = raw.pop("manifest", None), _frozen(raw.pop("app", {}))
        raw["app"] = AppConfig.from_manifest(manifest, **app) if manifest else AppConfig(**app)
        for name, kind in (("users", UserConfig), ("groups", GroupConfig), ("channels", ChannelConfig)):
            if name in raw:
                raw[name] = tuple(kind(**_frozen(entry)) for entry in raw[name])
        if "timing" in raw:
            raw["timing"] = Timing(**_frozen(raw["timing"]))
        return cls(**raw)


def _frozen(entry: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's lists as the collections that the dataclasses hold."""
    sets = {"scopes", "events"}
    return {
        k: (frozenset(v) if k in sets else tuple(v)) if isinstance(v, list) else v for k, v in entry.items()
    }
