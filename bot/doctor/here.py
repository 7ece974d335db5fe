"""What can be seen without asking anybody: secrets, the configuration file, template packs, folders, the address."""

import importlib.util
import os
import socket
from collections.abc import Iterator

from bot.app.policy import Policy
from bot.config.reading import BadConfig
from bot.doctor.finding import Finding, State
from bot.settings import Settings
from bot.web.address import CannotListen, bind

_WHERE = {
    "bot_token": ("SLACK_BOT_TOKEN", "copy it from OAuth & Permissions (xoxb-…)"),
    "app_token": (
        "SLACK_APP_TOKEN",
        "make one at Basic Information, App-Level Tokens, with connections:write",
    ),
    "signing_secret": ("SLACK_SIGNING_SECRET", "copy it from Basic Information, App Credentials"),
}


def secrets(settings: Settings) -> Iterator[Finding]:
    """Whether all that this way of reaching Slack needs is set; never what it is."""
    for name in ("bot_token", "signing_secret" if settings.transport == "http" else "app_token"):
        variable, where = _WHERE[name]
        if getattr(settings, name) is None:
            yield Finding("secrets", State.WRONG, f"{variable} is not set.", f"{where}; put it into .env.")
        else:
            yield Finding("secrets", State.OK, f"{variable} is set.")


def configuration(settings: Settings) -> tuple[Policy | None, list[Finding]]:
    """The policy, and every mistake of the file with its line."""
    try:
        policy = settings.policy()
    except BadConfig as bad:
        return None, [
            Finding("configuration", State.WRONG, line, "mend the line; Tocsin does not start with it.")
            for line in str(bad).splitlines()
        ]
    path = settings.config_path
    said = f"{path} is in order." if path else "There is no file; the defaults hold."
    return policy, [Finding("configuration", State.OK, said)]


def files(settings: Settings, policy: Policy | None) -> Iterator[Finding]:
    """Packs that are used, folders that are written to, the address, optional parts."""
    if policy:
        yield from _packs(settings, policy)
        yield from _outlets(policy)
    if settings.address:
        yield _address(settings.address)
    if importlib.util.find_spec("typst") is None:
        yield Finding("parts", State.WARNING, "PDF and PNG cannot be made.", "pip install 'tocsin[pdf]'")


def _packs(settings: Settings, policy: Policy) -> Iterator[Finding]:
    from bot.documents.checking import check_pack

    named = {policy.pack, *policy.pack_by_severity.values(), *policy.pack_by_kind.values()}
    for name in sorted(named):
        mistakes = check_pack(name, settings.template_folders())
        for mistake in mistakes:
            yield Finding(
                "templates",
                State.WRONG,
                f"{name}: {mistake}",
                f"mend it, then: tocsin template check {name}. Until then the default pack is used.",
            )
        if not mistakes:
            yield Finding("templates", State.OK, f"The pack {name} renders.")


def _outlets(policy: Policy) -> Iterator[Finding]:
    for folder in filter(None, (policy.publish_folder, policy.publish_git)):
        if folder.is_dir() and os.access(folder, os.W_OK):
            yield Finding("publishing", State.OK, f"{folder} can be written to.")
        else:
            yield Finding(
                "publishing",
                State.WRONG,
                f"{folder} is no folder that can be written to.",
                "make it, or name another.",
            )


def _address(address: str) -> Finding:
    """Free, or held by somebody: most likely the running bot."""
    try:
        listener = bind(address)
    except CannotListen as refused:
        if _answers(address):
            return Finding(
                "address", State.OK, f"Something listens on {address}: the running bot, most likely."
            )
        return Finding("address", State.WRONG, str(refused), "set TOCSIN_LISTEN to another address.")
    listener.close()
    return Finding("address", State.OK, f"{address} is free.")


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]") or "127.0.0.1", int(port)), timeout=2):
            return True
    except (OSError, ValueError, OverflowError):
        return False
