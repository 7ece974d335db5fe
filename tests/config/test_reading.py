"""The configuration file: every mistake is told with its line, and the shipped example holds what holds without it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import bot.config
from bot.app.policy import Invitation, Policy
from bot.cli import main
from bot.config.policy import policy_of
from bot.config.reading import parse_config
from bot.config.shape import Config
from bot.domain.permissions import Right
from bot.domain.vocabulary import Status
from bot.views.look import Look

EXAMPLE = (Path(bot.config.__file__).parent / "example.yaml").read_text(encoding="utf-8")


def told(text):
    """Each mistake as ``line: where what``."""
    found = parse_config(text)
    assert not isinstance(found, Config), "it was taken"
    return [f"{m.line}: {m.where}{m.what}" for m in found]


def policy(text):
    found = parse_config(text)
    assert isinstance(found, Config), found
    return policy_of(found)


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_an_empty_file_is_what_holds_without_one(text):
    assert policy(text) == Policy()


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("chanels:\n  announce: C0INCIDENTS", "1: chanels: there is no such setting. Did you mean channels?"),
        ("naming:\n  prefx: a", "2: naming.prefx: there is no such setting. Did you mean prefix?"),
        ("hours:\n  lunch: 12", "2: hours.lunch: there is no such setting. Here go: start, end, days, holidays."),
        ("invite:\n- people: [U0ANA]\n  sevrity: [SEV1]", "3: invite.1.sevrity: there is no such setting. Did you mean severity?"),
        ("severities:\n  levels:\n  - name: A\n  - name: B\n    alias: b", "5: severities.levels.2.alias: there is no such setting. Did you mean aliases?"),
        ("channels:\n  announce: '#incidents'", "2: channels.announce: write the channel's id (C…): in Slack, the channel's name, About, at the bottom."),
        ("naming:\n  channel: '{prefix}-{titel}'", "2: naming.channel: there is no {titel}; use {prefix}, {number}, {kind}, {title}, {severity}, {date}."),
        ("naming:\n  channel: '{prefix}-{title}'", "2: naming.channel: it needs {number}, or two incidents would want one name."),
        ("naming:\n  prefix: Inc", "2: naming.prefix: String should match pattern '^[a-z0-9][a-z0-9_-]{0,19}$', not 'Inc'."),
        ("naming:\n  zone: CET+1", "2: naming.zone: there is no time zone CET+1; write one such as Europe/Madrid."),
        ("severities:\n  scheme: P4", "1: severities: without levels, scheme is one of SEV, P, word."),
        ("severities:\n  levels:\n  - name: High\n  - name: high", "1: severities: two severities are called high."),
        ("severities:\n  levels:\n  - definition: x", "3: severities.levels.1.name: this is missing."),
        ("severities:\n  levels:\n  - name: S1\n    update_every: soon", "4: severities.levels.1.update_every: write a length of time such as 15m, 2h, 3d or 1w."),
        ("severities:\n  levels: high", "2: severities.levels: a list was expected here: a line with a dash for each entry."),
        ("statuses:\n  investigatin: x", "2: statuses.investigatin: investigatin is none of triage, investigating, identified, monitoring, resolved, closed, declined or merged. Did you mean investigating?"),
        ("roles:\n- key: Boss\n  label: Boss", "2: roles.1.key: write a name of lower-case letters, digits and underscores."),
        ("roles:\n- {key: a, label: A b}\n- {key: c, label: C, aliases: [a]}", "1: roles: two roles are called a."),
        ("emoji:\n  tags:\n    fire: failur", "3: emoji.tags.fire: failur is none of timeline, note, failure, degraded, detected, in_progress, restored, healthy or recovered. Did you mean failure?"),
        ("emoji: pushpin", "1: emoji: keys and values were expected here."),
        ("hours:\n  days: [monday, funday]", "2: hours.days.2: funday is none of monday, tuesday, wednesday, thursday, friday, saturday or sunday. Did you mean sunday?"),
        ("hours:\n  start: '18:00'", "1: hours: working hours need a day, and a start before the end."),
        ("reminders:\n  after: [3d, 1d]", "1: reminders: rungs before the due moment go from early to late, rungs after it upwards."),
        ("invite:\n- severity: [Huge]\n  people: [U0ANA]", "2: invite.1.severity.1: there is no severity Huge. There are SEV1, SEV2, SEV3, SEV4."),
        ("nudges:\n  quiet_after: never", "2: nudges.quiet_after: write a length of time such as 15m, 2h, 3d or 1w, or none."),
        ("invite:\n- severity: [SEV1]", "2: invite.1: name people or groups to invite."),
        ("invite:\n- groups: ['@oncall']", "2: invite.1.groups.1: write the user group's id (S…): in Slack, People, User groups, ⋮, Copy group ID."),
        ("permissions:\n  clos:\n    roles: [ops]", "2: permissions.clos: clos is none of change_severity, close, redact or read_private. Did you mean close?"),
        ("permissions:\n  close:\n    roles: [comander]", "3: permissions.close.roles.1: there is no role comander. Did you mean commander?"),
        ("permissions:\n  close: {}", "2: permissions.close: name groups, people or roles; leave the right out where everybody may."),
        ("naming: {}\nhours: {}\nnaming: {}", "3: naming stands here a second time."),
        ("naming: [", "1: this is no YAML: expected the node content, but found '<stream end>'"),
        ("- a\n- b", "1: keys and values were expected here."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_was_meant(text, mistake):
    assert told(text) == [mistake]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = "naming:\n  prefx: a\nroles:\n- key: Boss\n  label: x\nemoji:\n  receipt: 'two words'\n"
    assert [line.split(":")[0] for line in told(text)] == ["2", "4", "7"]


# --- what it makes ------------------------------------------------------------------------------------------------


def test_a_ladder_of_words_counts_from_the_worst():
    made = policy(
        "severities: {scheme: colour, levels: [{name: Red, aliases: [r]}, {name: Amber, emoji: ':large_orange_circle:'}]}"
    )
    assert [(r.severity.level, r.severity.label, r.severity.scheme) for r in made.severities] == [
        (1, "Red", "colour"),
        (2, "Amber", "colour"),
    ]
    assert made.look.emoji == {"Amber": "large_orange_circle"}


def test_numbers_in_the_names_are_their_levels():
    made = policy("severities: {scheme: P, levels: [{name: P0}, {name: P1}, {name: P2}]}")
    assert [r.severity.level for r in made.severities] == [0, 1, 2]


def test_everything_reaches_the_policy():
    made = policy(EXAMPLE)
    assert made.announce_in == "C0INCIDENTS"
    assert made.look.emoji == {"SEV1": "red_circle"}
    assert made.look.labels[Status.MONITORING] == "monitoring"
    assert made.shared_roles == {"scribe"}
    assert made.rules.actions.task_before == (timedelta(minutes=30), timedelta(minutes=10))
    assert made.hours.holidays
    assert made.invitations == (
        Invitation(
            severities=frozenset({"SEV1"}),
            services=frozenset({"checkout"}),
            people=("U0ANA",),
            groups=("S0ONCALL",),
        ),
    )
    assert made.permissions[Right.CLOSE].roles == ("commander",)


# --- the example --------------------------------------------------------------------------------------------------


def test_without_its_examples_the_example_is_what_holds_without_a_file():
    """A key whose line is marked goes with everything below it."""
    kept, hiding = [], None
    for line in EXAMPLE.splitlines():
        indent = len(line) - len(line.lstrip())
        if hiding is not None and (not line.strip() or indent > hiding):
            continue
        hiding = indent if "# example" in line and ":" in line else None
        if hiding is None:
            kept.append(line)
    text = "\n".join(kept).replace("invite:\n", "").replace("  - severity: [SEV1]", "")
    made = policy(text.replace("permissions:\n", ""))

    said = {Status.INVESTIGATING: "investigating", Status.MONITORING: "monitoring"}
    assert made == replace(Policy(), look=Look(labels=said))


def keys_of(schema, whole, prefix=()):
    while "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    for branch in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from keys_of(branch, whole, prefix)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from keys_of(schema["additionalProperties"], whole, (*prefix, "*"))
    for name, inner in schema.get("properties", {}).items():
        yield (*prefix, name)
        yield from keys_of(inner, whole, (*prefix, name))


def shown(data, prefix=()):
    if isinstance(data, dict):
        for name, inner in data.items():
            for key in (name, "*"):
                yield (*prefix, key)
                yield from shown(inner, (*prefix, key))
    elif isinstance(data, list):
        for inner in data:
            yield from shown(inner, prefix)


def test_the_example_shows_every_key():
    schema = Config.model_json_schema()
    assert set(keys_of(schema, schema)) - set(shown(yaml.safe_load(EXAMPLE))) == set()


def test_every_key_of_the_example_stands_under_a_word_about_it():
    """Each block at the left margin and each key below one has a comment above it, beside it, or a neighbour's."""
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith((" ", "#")):
            near = lines[max(0, number - 3) : number + 2]
            assert any("#" in other for other in near), line


# --- at the terminal ----------------------------------------------------------------------------------------------


def tocsin(*arguments):
    return CliRunner().invoke(main, list(arguments))


def test_the_printed_example_passes_the_check(tmp_path):
    file = tmp_path / "tocsin.yaml"
    file.write_text(tocsin("config", "example").output)
    made = tocsin("config", "check", str(file))
    assert (made.exit_code, made.output) == (0, f"{file} is in order.\n")


def test_check_names_the_file_with_every_line_and_counts(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("chanels: {}\nhous: {}\n")
    made = tocsin("config", "check", str(file))
    assert made.exit_code == 1
    assert made.output.splitlines() == [
        f"{file}:1: chanels: there is no such setting. Did you mean channels?",
        f"{file}:2: hous: there is no such setting. Did you mean hours?",
        "2 mistakes; Tocsin will not start with this file.",
    ]


def test_check_without_a_file_takes_the_one_that_run_takes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "there is no tocsin.yaml here" in tocsin("config", "check").output
    Path("tocsin.yaml").write_text("naming: {prefix: case}")
    assert tocsin("config", "check").output == "tocsin.yaml is in order.\n"
    monkeypatch.setenv("TOCSIN_CONFIG", "other.yaml")
    assert "other.yaml: it cannot be read: No such file or directory" in tocsin("config", "check").output


def test_the_bot_does_not_start_with_a_wrong_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tocsin.yaml").write_text("naming: {prefx: case}")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-a")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-a")
    made = tocsin("run", "--database", f"sqlite:///{tmp_path}/a.db")
    assert made.exit_code == 1
    assert made.output == "tocsin.yaml:1: naming.prefx: there is no such setting. Did you mean prefix?\n"
    assert not Path("a.db").exists()
