"""Postmortems outside Slack: a folder and a Git working copy, once each, and never what is private."""

import subprocess
from contextlib import asynccontextmanager

import pytest

from bot.app.policy import Policy
from tests.scenarios.workspace import ANNOUNCEMENTS, text_of, workspace


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def copy(tmp_path):
    """A Git working copy with something in it, and something that its owner has staged."""
    folder = tmp_path / "postmortems"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(
        folder,
        "-c",
        "user.name=Ops",
        "-c",
        "user.email=ops@example.com",
        "commit",
        "--allow-empty",
        "-qmFirst",
    )
    (folder / "mine.txt").write_text("not finished")
    git(folder, "add", "mine.txt")
    return folder


@asynccontextmanager
async def publishing(tmp_path, **where):
    (tmp_path / "w").mkdir(exist_ok=True)
    async with workspace(tmp_path / "w", policy=Policy(announce_in=ANNOUNCEMENTS, **where)) as slack:
        yield slack


def commits(folder):
    return git(folder, "log", "--format=%s").splitlines()


async def test_each_finished_revision_is_a_commit_with_a_message_that_says_what_changed(tmp_path, copy):
    async with publishing(tmp_path, publish_git=copy) as slack:
        await slack.declare()
        await slack.command("ana", "resolve now")
        assert commits(copy) == ["First"], "a draft stays in the channel"
        await slack.command("ana", "close now")
        await slack.command("ana", "publish because it is time")
        await slack.command("ana", "set summary The index was missing.")
        await slack.command("ana", "render")

        assert commits(copy) == [
            "INC-1 checkout is down: postmortem, revision 4 (Published)",
            "INC-1 checkout is down: postmortem, revision 3 (Published)",
            "INC-1 checkout is down: postmortem, revision 2 (Draft)",
            "First",
        ]
        assert "Revision 4: Summary changed." in git(copy, "log", "-1", "--format=%b")
        kept = (copy / "2026-11-18-inc-1.md").read_text()
        assert kept == (await slack.files())["2026-11-18-inc-1-r4.md"]
        assert git(copy, "diff", "--cached", "--name-only") == "mine.txt", "what others staged is left alone"


async def test_a_folder_keeps_every_revision_beside_the_others(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    async with publishing(tmp_path, publish_folder=folder) as slack:
        await slack.declare()
        await slack.command("ana", "close now")
        await slack.command("ana", "publish because it is time")

        files = await slack.files()
        names = {"2026-11-18-inc-1-r1.md", "2026-11-18-inc-1-r2.md"}
        assert {path.name for path in folder.iterdir()} >= names
        assert {name: (folder / name).read_text() for name in names} == {name: files[name] for name in names}


async def test_a_failure_is_told_once_with_its_reason_and_made_up_for_when_mended(tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    async with publishing(tmp_path, publish_git=folder) as slack:
        await slack.declare()
        await slack.command("ana", "close now")
        for _ in range(3):
            await slack.pass_time(minutes=2)
        _, dms = await slack.dms("ana")
        (told,) = [m for m in dms if "was not committed to Git" in text_of(m)]
        assert "not a git repository" in text_of(told)
        assert "2026-11-18-inc-1-r1.md" in await slack.files(), "the channel has it all the same"

        git(folder, "init", "--quiet")
        await slack.pass_time(minutes=2)
        assert commits(folder) == ["INC-1 checkout is down: postmortem, revision 1 (Draft)"]
        await slack.pass_time(minutes=2)
        assert len(commits(folder)) == 1


async def test_what_was_written_before_a_crash_is_not_written_twice(tmp_path, copy):
    async with publishing(tmp_path, publish_git=copy) as slack:
        await slack.declare()
        await slack.command("ana", "close now")
        before = commits(copy)
        await slack.store.forget_posted(1, "git:1:markdown")  # as if it had not come to remembering
        await slack.store.mark_dirty(1)
        await slack.settle()

        assert commits(copy) == before, git(copy, "show")
        assert "git:1:markdown" in await slack.store.posted(1)


async def test_a_private_incident_does_not_leave_slack(tmp_path, copy):
    async with publishing(tmp_path, publish_git=copy, publish_folder=copy) as slack:
        await slack.declare("ana", "salaries leaked --sev 1 --private")
        await slack.command("ana", "close now")
        await slack.command("ana", "publish because it is time")

        assert commits(copy) == ["First"]
        assert [path.name for path in copy.iterdir() if path.suffix == ".md"] == []


async def test_a_private_incident_leaves_where_that_was_configured(tmp_path, copy):
    async with publishing(tmp_path, publish_git=copy, publish_private=True) as slack:
        await slack.declare("ana", "salaries leaked --sev 1 --private")
        await slack.command("ana", "close now")

        assert len(commits(copy)) == 2


async def test_a_title_is_never_an_argument_or_a_command(tmp_path, copy):
    async with publishing(tmp_path, publish_git=copy) as slack:
        await slack.declare("ana", "$(touch pwned); `id` is down --sev 2")
        await slack.command("ana", "close now")

        assert "$(touch pwned)" in commits(copy)[0]
        assert not (copy / "pwned").exists()
