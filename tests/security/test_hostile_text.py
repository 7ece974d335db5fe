"""Whatever people write, and wherever: nobody is pinged by it, and no template, page, file or query takes it for its own."""

import json
import re

import pytest

from bot.documents.packs import builtin, pack_names
from bot.documents.renderer import PackRenderer
from tests.security.everywhere import written_everywhere

pytestmark = pytest.mark.timeout(300)

PINGS = "<!channel> <!here> <!everyone> <!subteam^S0ONCALL|@oncall> <!here|x>"
CODE = "{{ 7*191 }} {% include 'x' %} <script>alert(1)</script> <img src=x onerror=alert(1)> #eval(\"1\") ![](@U0BEA) '; DROP TABLE events;-- --> x"
PATHS = "../../../etc/passwd"
HOSTILE = f"{PINGS} {CODE} {PATHS}"
#: What Slack would take for a call to many (docs: formatting-message-text).
CALL = re.compile(r"<!(?:channel|here|everyone|group|subteam)\b")
#: In `task …` a user group is an owner, who is named on purpose, and without the label that was typed.
OWNER = "<!subteam^S0ONCALL>"
#: Where Slack shows texts as they are, or not at all. Titles are those of files, bookmarks and forms; errors stand beside a form's fields.
SILENT = {
    "metadata",
    "private_metadata",
    "value",
    "initial_value",
    "url",
    "action_id",
    "block_id",
    "title",
    "filename",
    "errors",
}


def _unescaped(text):
    return re.sub(r"\\.", "", text)


#: Canvases are Markdown, where a backslash makes the next character plain; elsewhere it does not.
CANVAS = {"document_content": _unescaped, "changes": _unescaped}


def alive(value):
    """Every text of a call in which Slack makes mentions live: all but plain_text, code's own blocks and metadata."""
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            return
        for name, inner in value.items():
            if name not in SILENT:
                yield from alive(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from alive(inner)
    elif isinstance(value, str):
        yield value


def arguments(line):
    """A call's arguments with what is JSON inside them taken apart."""
    for name, value in line["args"].items():
        if isinstance(value, str) and value[:1] in "[{":
            try:
                yield name, json.loads(value)
                continue
            except json.JSONDecodeError:
                pass
        yield name, value


async def test_what_anybody_wrote_anywhere_pings_nobody_and_runs_nowhere(slack):
    wrong = await written_everywhere(slack, HOSTILE)
    assert wrong == [], "hostile words are words: nothing of ours breaks on them"
    incident = await slack.incident()
    assert repr(incident).count("DROP TABLE") > 60, "the text really stands in the record, in many places"

    await _nobody_is_pinged(slack)
    await _no_file_takes_it_for_markup(slack)
    document = await slack.bot.postmortems.document(incident, incident.renderings[-1])
    for pack in pack_names([builtin()]):
        for shape in ("markdown", "html", "canvas"):
            content = PackRenderer().render(document, pack=pack, format=shape).decode()
            _harmless(f"{pack}.{'html' if shape == 'html' else 'md'}", content)


async def _nobody_is_pinged(slack):
    calls = await slack.calls()
    assert len(calls) > 60
    pinging = [
        (line["method"], name, text[max(0, CALL.search(text).start() - 60) :][:160])
        for line in calls
        for name, value in arguments(line)
        if name not in SILENT
        for text in map(CANVAS.get(name, str), alive(value))
        if CALL.search(text.replace(OWNER, ""))
    ]
    assert pinging == []
    answers = [line["ack"] for line in (await slack.hands._get("log"))["log"] if line.get("ack")]
    assert [
        text for answer in answers for text in alive(answer) if CALL.search(text.replace(OWNER, ""))
    ] == []


async def _no_file_takes_it_for_markup(slack):
    files = await slack.files()
    assert {name.rpartition(".")[2] for name in files} >= {"md", "html", "json", "pdf"}
    assert not [name for name in files if "/" in name or ".." in name]
    for name, content in files.items():
        _harmless(name, content)
    canvases = await slack.canvases()
    assert canvases
    for canvas in canvases:
        _harmless("canvas.md", canvas["markdown"])
        assert "![](@U0BEA)" not in canvas["markdown"], "in a canvas this would be a mention"


def _harmless(name, content):
    assert "1337" not in content or "7*191" in content, f"{name}: a template was run"
    if name.endswith(".html"):
        body = content.partition("<main>")[2]
        assert "<script" not in body
        assert not re.search(r"<[^>]+\sonerror=", body)
    if name.endswith((".html", ".md")):
        unescaped = re.sub(r"\\.|`[^`]*`", "", content)
        assert not CALL.search(unescaped), f"{name}: a call to everybody"
        assert "<img src=x" not in unescaped
