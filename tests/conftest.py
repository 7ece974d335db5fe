"""What every room's tests may ask for."""

from collections.abc import Iterator

import pytest

from bot.logs import configure
from tests.databases import postgresql_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be made."""
    with postgresql_server() as url:
        yield url


# Drawing a full traceback for the terminal takes longer than Slack waits for an answer.
configure("error")
