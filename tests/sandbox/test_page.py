"""The page in a real browser: one person acts as anybody, and an incident runs from `/incident` to the postmortem."""

import shutil
from datetime import timedelta

import pytest

from bot.app.policy import Policy
from bot.clock import SystemClock
from bot.wiring import assemble
from sandbox.server import running
from storage.store import open_store
from tests.scenarios.workspace import config_of

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium was found")


@pytest.fixture
async def page(tmp_path):
    """The demo's page with the bot behind it; errors of the page fail the test."""
    from playwright.async_api import async_playwright

    async with open_store(f"sqlite:///{tmp_path}/a.db") as store, running(config_of()) as sandbox:
        bot = assemble(
            store=store,
            clock=SystemClock(),
            policy=Policy(announce_in="C0INCIDENTS", calm=timedelta(0)),
            bot_token=sandbox.bot_token,
            app_token=sandbox.app_token,
            base_url=sandbox.api_url,
        )
        await bot.start()
        async with async_playwright() as player:
            browser = await player.chromium.launch(executable_path=BROWSER, args=FLAGS)
            shown = await browser.new_page()
            errors = []
            shown.on("pageerror", lambda error: errors.append(str(error)))
            await shown.goto(sandbox.url)
            yield shown
            await browser.close()
        await bot.stop()
        assert errors == []


async def type_in(page, text):
    box = page.get_by_label("Message or /command")
    await box.fill(text)
    await box.press("Enter")


@pytest.mark.timeout(90)
async def test_an_incident_runs_by_hand_from_start_to_finish(page):
    await type_in(page, "/incident checkout is down --sev 2")
    await page.get_by_role("button", name="inc-1-checkout-is-down").click()
    await page.get_by_text("INC-1 · checkout is down").first.wait_for()

    await type_in(page, "error rate at 40 %")
    said = page.get_by_role("article", name="Message from Ana").first
    await said.hover()
    await said.get_by_title("Put on the timeline").click()
    await said.get_by_title(":white_check_mark:").first.wait_for()

    await page.get_by_role("button", name="Resolve").first.click()
    await page.get_by_label("How did it end?").fill("rolled back to v40")
    await page.get_by_label("When was it resolved?").fill("25 o'clock")
    await page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    await page.get_by_role("alert").first.wait_for()
    assert await page.get_by_label("How did it end?").input_value() == "rolled back to v40", (
        "typed text stays"
    )
    await page.get_by_label("When was it resolved?").fill("")
    await page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    await page.get_by_role("dialog").wait_for(state="detached")

    await type_in(page, "/incident close now")
    link = page.get_by_role("link", name="r2.html")
    await link.wait_for()
    await page.goto(await link.evaluate("a => a.href"))
    await page.get_by_text("error rate at 40 %").first.wait_for()


@pytest.mark.timeout(90)
async def test_another_person_sees_their_own_card_and_home(page):
    await type_in(page, "/incident checkout is down")
    await page.get_by_role("button", name="inc-1-checkout-is-down").click()
    await type_in(page, "/incident task roll back v41 @bea due 1h")
    await page.get_by_text("roll back v41").first.wait_for()

    await page.get_by_label("Acting as").select_option("U0BEA")
    await page.get_by_role("button", name="Messages from Tocsin").click()
    await page.get_by_role("button", name="Done").click()
    await page.get_by_text("done").first.wait_for()
    await page.get_by_role("button", name="Tocsin home").click()
    await page.get_by_text("Nothing is waiting for you.").wait_for()


@pytest.mark.timeout(60)
async def test_what_slack_refuses_is_shown_and_the_text_stays(page):
    await type_in(page, "/nonsense hello")

    await page.get_by_role("alert").wait_for()
    assert await page.get_by_label("Message or /command").input_value() == "/nonsense hello"
