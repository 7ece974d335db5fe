"""Tokens stand nowhere: not in logs, in the database, in backups, in files, in documents or in what is said."""

import stat
from dataclasses import replace

import pytest

from bot.app.policy import Policy
from bot.logs import configure
from storage.copying import back_up
from storage.engine import Db
from storage.store import open_store
from tests.scenarios import workspace as scene
from tests.scenarios.workspace import ANNOUNCEMENTS, config_of, workspace

SECRETS = {
    "bot_token": "xoxb-111-222-canaryBot",
    "app_token": "xapp-1-A0-333-canaryApp",
    "signing_secret": "canary5167ed51671",
}


@pytest.fixture
def logged(capfd):
    configure("debug")
    yield lambda: capfd.readouterr().err
    configure("error")


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_whole_incident_with_faults_leaves_no_token_anywhere(
    tmp_path, monkeypatch, logged, transport
):
    monkeypatch.setattr(scene, "WAY", scene.Way(transport=transport))
    config = config_of()
    published = tmp_path / "published"
    published.mkdir()
    policy = Policy(announce_in=ANNOUNCEMENTS, publish_folder=published)
    async with workspace(
        tmp_path, policy=policy, config=config.with_app(replace(config.app, **SECRETS))
    ) as slack:
        await _incident(slack)
        said = [m for c in (await slack.hands.state())["channels"] for m in await slack.messages(c["id"])]
        shown = [await slack.hands._get("log"), said, await slack.canvases(), await slack.files()]
        back_up(slack.database, tmp_path / "backup.db")

    everything = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    everything["what Slack was sent, and shows"] = repr(shown).encode()
    everything["the logs"] = logged().encode()
    assert len(everything) >= 7, "database, lock, backup, published documents, logs …"
    for name, secret in SECRETS.items():
        assert [where for where, content in everything.items() if secret.encode() in content] == [], name


async def _incident(slack):
    """Every kind of call, some of them failing: errors quote what they were given."""
    await slack.declare()
    image = {"name": "graph.png", "mimetype": "image/png", "content_base64": "iVBORw0KGgo="}
    answer = await slack.hands._post(
        "message", channel=slack.channel, user=scene.PEOPLE["bea"], text="look", files=[image]
    )
    await slack.react("bea", answer["message"]["ts"], "pushpin")
    for kind in ("http_500", "lost_answer", "ratelimited", "error"):
        slack.sandbox.faults.add("*", kind, count=3)
        await slack.command("ana", f"update {kind}")
        await slack.pass_time(seconds=30)
        slack.sandbox.faults.clear()
    await slack.command("ana", "resolve now")
    await slack.command("ana", "close now")
    await slack.command("ana", "postmortem published")
    for shape in ("pdf", "canvas", "json"):
        await slack.command("ana", f"postmortem {shape}")
    await slack.pass_time(minutes=5)


async def test_no_column_of_the_database_is_for_a_token_of_slacks(tmp_path):
    """What is not stored need not be encrypted. Addresses of calendars are secrets that Tocsin makes itself."""
    async with open_store(f"sqlite:///{tmp_path}/tocsin.db"):
        pass
    from storage.tables import metadata

    named = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert {name for name in named if "token" in name or "secret" in name} == {"calendars.token"}


async def test_the_database_and_its_backup_are_for_their_owner_only(tmp_path):
    path = tmp_path / "data" / "tocsin.db"
    async with open_store(f"sqlite:///{path}") as store:
        await store.summaries()
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (path, *path.parent.glob("*-wal"))}
    back_up(str(Db(f"sqlite:///{path}").path), tmp_path / "backup.db")
    modes["backup"] = stat.S_IMODE((tmp_path / "backup.db").stat().st_mode)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
