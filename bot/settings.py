"""The only reader of the environment and of `.env`."""

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.app.policy import LADDERS, Policy
from bot.app.webhooks import Endpoint
from bot.config.policy import policy_of
from bot.config.reading import BadConfig, read_config
from bot.config.shape import Config, WebhookShape

DEFAULT_DATABASE = "sqlite:///data/tocsin.db"
#: Where Tocsin looks by itself.
DEFAULT_CONFIG = Path("tocsin.yaml")
DEFAULT_LISTEN = "0.0.0.0:3000"
#: Of a webhook's secret, as the Standard Webhooks specification writes and bounds it.
SECRET_PREFIX, SHORTEST_KEY = "whsec_", 24


class BadSettings(Exception):  # noqa: N818 - told to the operator as it stands
    """Which variables are wrong, one a line, and how; never what they hold."""


class Settings(BaseSettings):
    """`TOCSIN_…` variables, and what Slack gives an app, under its usual names."""

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_",
        env_file=".env",
        extra="ignore",
        populate_by_name=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # what is wrong with a token is told without the token
    )

    bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    #: Only `tocsin doctor` uses it, to see which events the app hears.
    config_token: SecretStr | None = Field(default=None, validation_alias="SLACK_CONFIG_TOKEN")
    #: How Slack reaches the bot: the bot calls Slack (socket), or Slack calls the bot (http).
    transport: Literal["socket", "http"] = "socket"
    #: ``host:port`` on which Tocsin serves HTTP; unset with sockets: nowhere.
    listen: str | None = None
    #: Where others reach that address, such as https://tocsin.example.com; unset: no calendars.
    public_url: HttpUrl | None = None
    database: str = DEFAULT_DATABASE
    #: How many bots run on the same database; each takes its share of Slack's limits.
    replicas: int = Field(default=1, ge=1, le=20)
    #: The configuration file; unset: `tocsin.yaml` where Tocsin runs, if it is there.
    config: Path | None = None
    # Single settings for those who need no file; where they are set, they stand above it.
    announce_in: str | None = None
    channel_prefix: str | None = None
    severities: Literal["SEV", "P", "word"] | None = None
    template_dir: Path | None = None
    pack: str | None = None
    #: Folder into which finished postmortems are written; a private incident's only with ``publish_private``.
    publish_folder: Path | None = None
    #: Git working copy in which each revision of a finished postmortem is committed.
    publish_git: Path | None = None
    publish_private: bool = False
    #: Secrets of the webhooks that the configuration file names, as they name them.
    webhook_secrets: dict[str, SecretStr] = Field(default_factory=dict)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError(
                "SLACK_BOT_TOKEN must begin with xoxb- (OAuth & Permissions, Bot User OAuth Token)"
            )
        return value

    @field_validator("app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xapp-"):
            raise ValueError("SLACK_APP_TOKEN must begin with xapp- (Basic Information, App-Level Tokens)")
        return value

    @field_validator("webhook_secrets")
    @classmethod
    def _are_webhook_secrets(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, secret in value.items():
            try:
                long_enough = len(_key(secret.get_secret_value())) >= SHORTEST_KEY
            except ValueError:
                long_enough = False
            if not long_enough:
                raise ValueError(
                    f"the secret of {name} must be whsec_ and at least {SHORTEST_KEY} bytes in base64, "
                    "such as: echo whsec_$(openssl rand -base64 32)"
                )
        return value

    @property
    def address(self) -> str | None:
        """Where to listen, if anywhere."""
        return self.listen or (DEFAULT_LISTEN if self.transport == "http" else None)

    @property
    def config_path(self) -> Path | None:
        return self.config or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None)

    def policy(self) -> Policy:
        """What the workspace decided: the file, and above it what the environment says. Raises `BadConfig`."""
        policy = policy_of(self._file())
        return replace(
            policy,
            prefix=self.channel_prefix or policy.prefix,
            announce_in=self.announce_in or policy.announce_in,
            severities=LADDERS[self.severities] if self.severities else policy.severities,
            pack=self.pack or policy.pack,
            publish_folder=self.publish_folder or policy.publish_folder,
            publish_git=self.publish_git or policy.publish_git,
            publish_private=self.publish_private or policy.publish_private,
        )

    def template_folders(self) -> list[Path]:
        """Where a workspace keeps packs of its own. Raises `BadConfig`."""
        folder = self.template_dir or self._file().templates.folder
        return [folder] if folder else []

    def webhooks(self) -> list[Endpoint]:
        """Where changes are told. Raises `BadConfig` for an endpoint without a secret."""
        return [self._endpoint(webhook) for webhook in self._file().webhooks]

    def _endpoint(self, webhook: WebhookShape) -> Endpoint:
        secret = self.webhook_secrets.get(webhook.name)
        if secret is None:
            raise BadConfig(
                f"The webhook {webhook.name} has no secret: set "
                f'TOCSIN_WEBHOOK_SECRETS={{"{webhook.name}": "whsec_…"}}, made by: echo whsec_$(openssl rand -base64 32)'
            )
        since = datetime.combine(webhook.since, time(), UTC) if webhook.since else None
        key = _key(secret.get_secret_value())
        return Endpoint(
            name=webhook.name, url=str(webhook.url), key=key, private=webhook.private, since=since
        )

    def _file(self) -> Config:
        return read_config(self.config_path) if self.config_path else Config()


def _key(secret: str) -> bytes:
    """The bytes behind ``whsec_``. Raises ValueError for anything else."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError("no webhook secret")
    return b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def read_settings() -> Settings:
    """What the environment says. Raises `BadSettings`."""
    try:
        return Settings()
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise BadSettings("\n".join(_told(each["loc"], each["msg"]) for each in found)) from None


def _told(where: tuple[int | str, ...], said: str) -> str:
    name = ".".join(map(str, where))
    variable = name if name.isupper() else f"TOCSIN_{name.upper()}"
    return f"{variable}: {said.removeprefix('Value error, ')}"
