"""The command line: what an operator types, and what is said when it goes wrong."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.replay.case import load
from bot.replay.play import play
from storage import migrate
from tests.readme import README, with_table

CASE = Path(__file__).parent / "cases" / "000-hot-tasking-manager.json"


def tocsin(*arguments):
    return CliRunner().invoke(main, list(arguments))


def test_it_knows_its_version():
    assert "tocsin, version 0.1.0" in tocsin("--version").output


def test_help_does_not_wait_for_the_database_libraries():
    code = "import sys; import bot.cli; sys.exit('sqlmodel' in sys.modules or 'slack_bolt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env=os.environ).returncode == 0


def test_without_tokens_it_says_which_and_where_to_find_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    monkeypatch.delenv("SLACK_APP_TOKEN", raising=False)
    made = tocsin("run")

    assert made.exit_code == 1
    assert "SLACK_BOT_TOKEN" in made.output
    assert "tocsin demo" in made.output


def test_over_http_it_wants_the_signing_secret_instead_of_the_app_token(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_TRANSPORT", "http")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-a")
    monkeypatch.delenv("SLACK_SIGNING_SECRET", raising=False)
    made = tocsin("run")

    assert made.exit_code == 1
    assert "SLACK_SIGNING_SECRET" in made.output
    assert "SLACK_APP_TOKEN" not in made.output


@pytest.mark.parametrize("address", ["127.0.0.1:x", "127.0.0.1:99999", "no.such.host.invalid:80"])
def test_an_address_that_cannot_be_used_is_told_before_anything_starts(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_TRANSPORT", "http")
    monkeypatch.setenv("TOCSIN_LISTEN", address)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-a")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    made = tocsin("run", "--database", f"sqlite:///{tmp_path}/a.db")

    assert made.exit_code == 1
    assert f"Tocsin cannot listen on {address}" in made.output
    assert "Try another address" in made.output


def test_migrate_says_from_where_to_where(tmp_path):
    url = f"sqlite:///{tmp_path}/a.db"
    newest = migrate.head()
    assert tocsin("migrate", "--database", url).output.startswith(f"empty -> {newest}")
    assert tocsin("migrate", "--database", url).output.startswith(f"{newest} -> {newest}")


def test_a_postmortem_is_printed_and_the_tables_are_rebuilt(tmp_path):
    url = f"sqlite:///{tmp_path}/a.db"
    asyncio.run(play(load(CASE), database=url, out=tmp_path / "out"))

    printed = tocsin("postmortem", "render", "INC-1", "--database", url)
    assert printed.exit_code == 0, printed.output
    assert "Hotfix published for the workflow" in printed.output
    data = json.loads(tocsin("postmortem", "render", "1", "--format", "json", "--database", url).output)
    assert data["incident"]["ref"] == "INC-1"
    assert tocsin("rebuild", "--database", url).output == "1 incidents rebuilt from their events.\n"
    missing = tocsin("postmortem", "render", "INC-9", "--database", url)
    assert missing.exit_code == 1
    assert "There is no INC-9" in missing.output


def test_the_readme_shows_the_verbs_as_the_grammar_has_them():
    text = README.read_text(encoding="utf-8")
    assert with_table(text) == text, "run python -m tests.readme"
