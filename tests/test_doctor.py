"""`tocsin doctor`: for each thing an operator can get wrong, what is wrong and what to do about it."""

import socket
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.doctor import State, examine
from bot.settings import Settings
from sandbox.clock import Clock, VirtualClock
from sandbox.config import ChannelConfig
from sandbox.server import running
from storage.store import open_store
from tests.databases import new_database
from tests.scenarios import workspace as scene
from tests.scenarios.workspace import START, config_of, workspace


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CONFIG_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def tocsin(*arguments):
    return CliRunner().invoke(main, list(arguments))


def right(sandbox, **more):
    """Settings with which everything works."""
    known = {
        "bot_token": sandbox.bot_token,
        "app_token": sandbox.app_token,
        "config_token": sandbox.config.app.config_token,
        "announce_in": "C0INCIDENTS",
    }
    return Settings(_env_file=None, **{**known, **more})


async def told(settings, tmp_path, sandbox, *, clock=None, database=None):
    """Each subject with what was found of it."""
    url = database or f"sqlite:///{tmp_path}/tocsin.db"
    return [f async for f in examine(settings, url, clock or Clock(), base_url=sandbox.api_url)]


def wrong(found):
    return [(f.subject, f.said) for f in found if f.state is State.WRONG]


def about(found, subject):
    return [f for f in found if f.subject == subject]


async def test_a_right_installation_has_nothing_wrong_and_nothing_to_do(tmp_path):
    async with running(config_of(), Clock()) as sandbox, open_store(f"sqlite:///{tmp_path}/tocsin.db"):
        found = await told(right(sandbox), tmp_path, sandbox)

    assert {f.state for f in found} <= {State.OK, State.WARNING}
    assert {f.subject for f in found if f.state is State.OK} >= {
        "secrets", "configuration", "templates", "database", "disk", "slack", "clock", "scopes", "socket", "events", "channels",
    }  # fmt: skip
    assert not any(sandbox.bot_token in f.said + f.do for f in found)


async def test_every_wrong_finding_says_what_to_do(tmp_path):
    config = config_of()
    poor = config.with_app(replace(config.app, scopes=frozenset({"users:read"}), manifest={}))
    async with running(poor, Clock()) as sandbox:
        found = await told(right(sandbox, announce_in="C0NOWHERE"), tmp_path, sandbox)

    bad = [f for f in found if f.state is State.WRONG]
    assert {f.subject for f in bad} >= {"scopes", "events", "channels"}
    assert all(f.do for f in bad)


@pytest.mark.parametrize(
    ("token", "subject"), [({"bot_token": "xoxb-old"}, "slack"), ({"app_token": "xapp-old"}, "socket")]
)
async def test_a_token_that_slack_does_not_take_is_told_by_its_name(tmp_path, token, subject):
    async with running(config_of(), Clock()) as sandbox:
        found = await told(right(sandbox, **token), tmp_path, sandbox)
    assert [(s, "invalid_auth" in said) for s, said in wrong(found)] == [(subject, True)]


async def test_slack_that_cannot_be_reached_is_told_as_such(tmp_path):
    async with running(config_of(), Clock()) as sandbox:
        sandbox.faults.add("auth.test", "lost_answer")
        found = await told(right(sandbox), tmp_path, sandbox)
    assert [(s, "no_answer" in said) for s, said in wrong(found)] == [("slack", True)]


async def test_missing_scopes_and_events_are_named(tmp_path):
    config = config_of()
    manifest = {**config.app.manifest, "settings": {"event_subscriptions": {"bot_events": ["pin_added"]}}}
    scopes = config.app.scopes - {"pins:write"}
    poor = config.with_app(replace(config.app, scopes=scopes, manifest=manifest))
    async with running(poor, Clock()) as sandbox:
        found = await told(right(sandbox), tmp_path, sandbox)

    assert about(found, "scopes")[0].said == "The token lacks pins:write."
    said = about(found, "events")[0].said
    assert "event message.channels" in said
    assert "event pin_added" not in said


async def test_without_a_configuration_token_the_events_are_not_called_right(tmp_path):
    async with running(config_of(), Clock()) as sandbox:
        found = await told(right(sandbox, config_token=None), tmp_path, sandbox)
    (events,) = about(found, "events")
    assert (events.state, "SLACK_CONFIG_TOKEN" in events.do) == (State.SKIPPED, True)


@pytest.mark.parametrize(("minutes", "said"), [(7, "420 s ahead of"), (-7, "420 s behind")])
async def test_a_wrong_clock_is_told_with_its_consequence(tmp_path, minutes, said):
    ours = VirtualClock(START + timedelta(minutes=minutes))
    async with running(config_of(), VirtualClock(START)) as sandbox:
        found = await told(right(sandbox), tmp_path, sandbox, clock=ours)
    (clock,) = about(found, "clock")
    assert (clock.state, said in clock.said, "NTP" in clock.do) == (State.WRONG, True, True)


async def test_an_announcement_channel_that_cannot_be_spoken_in_is_told(tmp_path):
    secret = ChannelConfig(id="C0SECRET", name="war-room", is_private=True)
    config = config_of()
    config = replace(config, channels=(*config.channels, secret))
    async with running(config, Clock()) as sandbox:
        hidden = await told(right(sandbox, announce_in="C0SECRET"), tmp_path, sandbox)
        sandbox.workspace.channels["C0INCIDENTS"].is_archived = True
        archived = await told(right(sandbox), tmp_path, sandbox)
        named = await told(right(sandbox, announce_in="#incidents"), tmp_path, sandbox)

    assert "/invite" in about(hidden, "channels")[0].do
    assert "archived" in about(archived, "channels")[0].said
    assert about(named, "channels")[0].state is State.SKIPPED


async def test_an_incident_channel_from_which_tocsin_was_removed_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scene, "WAY", scene.Way())
    async with workspace(tmp_path) as slack:
        made = await slack.declare()
        await slack.declare("ana", "search is slow")
        slack.sandbox.workspace.channels[made["id"]].members.discard(slack.sandbox.config.app.bot_user_id)
        found = await told(right(slack.sandbox), tmp_path, slack.sandbox, clock=slack.clock)
    _, bad, well = about(found, "channels")
    assert (bad.state, made["name"] in bad.said) == (State.WRONG, True)
    assert "1 of 2" in well.said


async def test_the_database_may_be_absent_old_newer_damaged_or_away(tmp_path, server):
    url, path = f"sqlite:///{tmp_path}/tocsin.db", tmp_path / "tocsin.db"
    async with running(config_of(), Clock()) as sandbox:

        async def state(database=url):
            return about(await told(right(sandbox), tmp_path, sandbox, database=database), "database")[0]

        assert "first start makes it" in (await state()).said
        async with open_store(url):
            assert (await state()).said.endswith("is whole and of this version.")  # beside a running bot, too
        with sqlite3.connect(path) as database:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
        assert (await state()).state is State.WARNING
        with sqlite3.connect(path) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "newer Tocsin" in (await state()).said
        with new_database(server) as elsewhere:
            assert "empty" in (await state(elsewhere)).said
        away = await state("postgresql://u:secret@127.0.0.1:9/none")
        assert (away.state, "secret" in away.said) == (State.WRONG, False)
        assert (await state("mysql://x/y")).state is State.WRONG


async def test_a_damaged_file_is_told_and_the_backup_named(tmp_path):
    path = tmp_path / "tocsin.db"
    async with open_store(f"sqlite:///{path}") as store, store.transaction() as transaction:
        await transaction.next_number()
    content = bytearray(path.read_bytes())
    content[4096 * 5 : 4096 * 12] = b"\x99" * (4096 * 7)
    path.write_bytes(content)
    async with running(config_of(), Clock()) as sandbox:
        (found,) = about(await told(right(sandbox), tmp_path, sandbox), "database")
    assert (found.state, "backup" in found.do) == (State.WRONG, True)


def test_the_command_ends_with_one_when_anything_is_wrong_and_tells_each_mistake_of_the_file(tmp_path):
    (tmp_path / "tocsin.yaml").write_text("channels:\n  announce: 7\n")
    made = tocsin("doctor", "--offline")

    assert made.exit_code == 1
    assert "WRONG    secrets: SLACK_BOT_TOKEN is not set." in made.output
    assert "tocsin.yaml:2" in made.output
    assert "do: " in made.output


def test_the_command_ends_with_nothing_when_all_is_well(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-fine-secret")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-fine-secret")
    made = tocsin("doctor", "--offline")

    assert made.exit_code == 0, made.output
    assert "fine-secret" not in made.output


def test_an_address_that_is_taken_or_impossible_is_told(monkeypatch):
    monkeypatch.setenv("TOCSIN_LISTEN", "no.such.host.invalid:80")
    assert "WRONG    address" in tocsin("doctor", "--offline").output
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        monkeypatch.setenv("TOCSIN_LISTEN", f"127.0.0.1:{held.getsockname()[1]}")
        assert "the running bot, most likely" in tocsin("doctor", "--offline").output


def test_a_pack_that_does_not_render_and_a_folder_that_is_not_there_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("TOCSIN_PACK", "nowhere")
    monkeypatch.setenv("TOCSIN_PUBLISH_FOLDER", str(tmp_path / "gone"))
    said = tocsin("doctor", "--offline").output
    assert "WRONG    templates: nowhere" in said
    assert "WRONG    publishing" in said


@pytest.mark.parametrize("command", [("run",), ("doctor",), ("rebuild",)])
def test_a_token_in_the_wrong_variable_is_refused_without_being_printed(command, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-1-verysecret")
    made = tocsin(*command)
    assert made.exit_code == 1
    assert "SLACK_BOT_TOKEN must begin with xoxb-" in made.output
    assert "verysecret" not in made.output + repr(made.exception)
