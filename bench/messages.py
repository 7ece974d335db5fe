"""Messages of an incident's channel, recorded and committed before they are acknowledged, in a closed loop."""

import shutil
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bench import bots
from bench.databases import new_database, postgresql_server, sqlite
from bench.filling import CHANNEL, fill, furnish
from bench.row import Row, ratio, spread
from bench.slack import slack
from storage.store import open_store
from tests.databases import execute

AT_ONCE = 100
WARM = 500


async def rows(scale):
    with postgresql_server() as server, _filled_sqlite() as file, new_database(server) as template:
        await fill(f"sqlite:///{file}", scale)
        await fill(template, scale)
        series = {"nothing": [], "sqlite": [], "postgresql": [], "full sqlite": [], "full postgresql": []}
        for _ in range(scale.rounds):
            series["nothing"].append(await _nothing(scale))
            with sqlite() as url:
                series["sqlite"].append(await _empty(url, scale))
            with _copied(file) as url:
                series["full sqlite"].append(await _full(url, scale))
            with new_database(server) as url:
                series["postgresql"].append(await _empty(url, scale))
            with _from_template(server, template) as url:
                series["full postgresql"].append(await _full(url, scale))
    return list(_rows(series, scale))


def _rows(series, scale):
    rates = {name: [rate for rate, _ in runs] for name, runs in series.items()}
    costs = {name: [cost for _, cost in runs if cost] for name, runs in series.items()}
    for kind, name, goal in (("sqlite", "SQLite", 0.4), ("postgresql", "PostgreSQL", 0.3)):
        found = ratio(rates[kind], rates["nothing"])
        said = f"{found:.2f} x: {spread(rates[kind])}/s; no-op {spread(rates['nothing'])}/s"
        if costs[kind]:
            said += f"; processor {statistics.median(costs[kind]):.2f} ms against {statistics.median(costs['nothing']):.2f} ms each"
        yield Row(
            f"messages recorded and committed a second, {name}", f"≥ {goal} x no-op", said, found >= goal
        )
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        found = ratio(rates[f"full {kind}"], rates[kind])
        said = f"{found:.2f} x: {spread(rates[f'full {kind}'])}/s"
        yield Row(
            f"the same with {scale.incidents:,} open incidents and {scale.recorded:,} messages, {name}",
            "≥ 0.9 x empty",
            said,
            found >= 0.9,
        )


async def _nothing(scale):
    async with slack() as workspace, bots.nothing(workspace) as bot:
        return await _measured(workspace, bot, "C0GENERAL", scale)


async def _empty(url, scale):
    async with slack() as workspace:
        async with bots.tocsin(workspace, url) as bot:
            channel = await workspace.declare()
            found = await _measured(workspace, bot, channel, scale)
        await _check(url, channel, scale.messages + WARM)
        return found


async def _full(url, scale):
    """With channels that all exist, as after a deploy in a busy year."""
    async with slack() as workspace:
        furnish(workspace.sandbox, scale.incidents)
        async with bots.tocsin(workspace, url) as bot:
            await workspace.quiet()
            return await _measured(workspace, bot, CHANNEL.format(n=scale.incidents // 2), scale)


async def _measured(workspace, bot, channel, scale):
    """Messages a second, and milliseconds of the bot's processor time for each."""
    await workspace.rate(channel, WARM, AT_ONCE)
    before = bot.cpu_s()
    rate = await workspace.rate(channel, scale.messages, AT_ONCE)
    cost = None if before is None else 1000 * (bot.cpu_s() - before) / scale.messages
    return rate, cost


async def _check(url, channel, wanted):
    """Acknowledged means kept."""
    found, after = 0, ""
    async with open_store(url) as store:
        while page := await store.messages(channel, after=after):
            found, after = found + len(page), page[-1].ref.ts
    if found != wanted:
        raise AssertionError(f"{wanted} messages were acknowledged and {found} kept")


@contextmanager
def _filled_sqlite():
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        yield Path(folder) / "filled.db"


@contextmanager
def _copied(file):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        copy = Path(folder) / "bench.db"
        shutil.copy(file, copy)
        yield f"sqlite:///{copy}"


@contextmanager
def _from_template(server, template):
    name = f"{make_url(template).database}_copy"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {make_url(template).database}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")
