"""The only reader of the environment and of `.env`."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.app.policy import LADDERS, Policy

DEFAULT_DATABASE = "sqlite:///data/tocsin.db"
DEFAULT_LISTEN = "0.0.0.0:3000"


class Settings(BaseSettings):
    """`TOCSIN_…` variables, and what Slack gives an app, under its usual names."""

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_", env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    #: How Slack reaches the bot: the bot calls Slack (socket), or Slack calls the bot (http).
    transport: Literal["socket", "http"] = "socket"
    #: ``host:port`` on which Tocsin serves HTTP; unset with sockets: nowhere.
    listen: str | None = None
    database: str = DEFAULT_DATABASE
    #: Channel id (C…) in which incidents are announced; empty: nowhere.
    announce_in: str | None = None
    channel_prefix: str = "inc"
    severities: Literal["SEV", "P", "word"] = "SEV"
    template_dir: Path | None = None
    pack: str = "default"
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

    @property
    def address(self) -> str | None:
        """Where to listen, if anywhere."""
        return self.listen or (DEFAULT_LISTEN if self.transport == "http" else None)

    def policy(self) -> Policy:
        return Policy(
            prefix=self.channel_prefix,
            announce_in=self.announce_in,
            severities=LADDERS[self.severities],
            pack=self.pack,
        )
