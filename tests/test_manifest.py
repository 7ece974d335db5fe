"""The shipped manifest asks for what the code uses, and for nothing else.

That every event is heard and every button answered is shown in `tests/scenarios/test_every_payload.py`.
"""

import inspect
import re
from pathlib import Path

from bot.language.help import usage_hint
from bot.manifest import load_manifest
from bot.slack import gateway, history, runtime
from bot.slack.forms import _BUILDERS
from bot.slack.ids import Form, Shortcut
from bot.slack.submissions import _READERS
from sandbox.api.registry import METHODS
from sandbox.scopes import EVENTS
from sandbox.server import Sandbox

MANIFEST = load_manifest()
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENT_TYPES = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
#: Scopes that no method of ours names: the command itself, and posting where we are not a member.
# `files:read` is for fetching a file by its `url_private`, which is no method.
BY_FEATURE = {"commands", "chat:write.public", "files:read"}


def methods_used():
    source = inspect.getsource(gateway) + inspect.getsource(history) + inspect.getsource(runtime)
    found = set(re.findall(r'"((?:[a-z]+\.)+[a-zA-Z]+)"', source))
    return found & set(METHODS) | {"auth.test", "apps.connections.open"}


def scopes_of(needed):
    if isinstance(needed, str):
        return {needed}
    return {scope for scopes in needed.values() for scope in scopes}


def test_every_method_that_is_called_is_known_to_the_sandbox():
    assert Sandbox  # importing it registers the methods
    called = set(re.findall(r'_call\(\s*"([^"]+)"', inspect.getsource(gateway)))
    assert called <= set(METHODS)
    assert len(called) > 15


def test_every_method_has_a_scope_that_allows_it():
    for name in methods_used():
        needed = METHODS[name].scopes
        assert not needed or SCOPES & set(needed), name


def test_no_scope_is_asked_for_in_vain():
    wanted = {scope for name in methods_used() for scope in METHODS[name].scopes}
    for event in EVENT_TYPES:
        kind = event.split(".")[0]
        wanted |= scopes_of(EVENTS.get(kind, {}))
    assert SCOPES - wanted - BY_FEATURE == set()


def test_every_scope_and_event_says_why():
    text = (Path(__file__).parent.parent / "app.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"      - (?!command:|name)", line)]
    assert len(lines) == len(SCOPES) + len(EVENT_TYPES)
    # `groups:read` and `groups:history` stand under the reason of `groups:write`.
    assert [line for line in lines if "#" not in line] == ["      - groups:read", "      - groups:history"]


def test_the_shortcuts_are_those_that_are_answered():
    assert {s["callback_id"] for s in MANIFEST["features"]["shortcuts"]} == set(Shortcut)


def test_the_command_is_the_one_that_help_speaks_of():
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/incident"
    assert command["should_escape"] is True
    assert command["usage_hint"] == usage_hint()


def test_every_form_can_be_drawn_and_read():
    previewed = {Form.IMPORT_PREVIEW}  # drawn from what was pasted, not from the record (bot.slack.importing)
    assert set(_BUILDERS) == set(Form) - previewed
    assert set(_READERS) == set(Form) - previewed - {Form.IMPORT}
