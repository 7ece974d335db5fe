"""Webhooks are named in the file, and their secrets stand in the environment."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bot.config.reading import BadConfig
from bot.settings import Settings

FILE = "webhooks:\n  - name: tracker\n    url: https://tracker.example.com/hook\n    since: 2026-11-01\n"
SECRET = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """The settings with this file and these secrets (JSON) in the environment."""

    def made(text, secrets):
        file = tmp_path / "tocsin.yaml"
        file.write_text(text)
        monkeypatch.setenv("TOCSIN_WEBHOOK_SECRETS", secrets)
        return Settings(_env_file=None, config=file)

    return made


def test_an_endpoint_is_its_part_of_the_file_and_its_secret(settings):
    (endpoint,) = settings(FILE, f'{{"tracker": "{SECRET}"}}').webhooks()
    assert (endpoint.name, endpoint.url) == ("tracker", "https://tracker.example.com/hook")
    assert endpoint.key == b"secret secret secret secret"
    assert (endpoint.private, endpoint.since) == (False, datetime(2026, 11, 1, tzinfo=UTC))


def test_an_endpoint_without_a_secret_is_refused_with_how_to_make_one(settings):
    with pytest.raises(BadConfig, match=r"tracker has no secret: .*openssl rand"):
        settings(FILE, "{}").webhooks()


@pytest.mark.parametrize("secret", ["hunter2", "whsec_c2hvcnQ=", "whsec_%%%"])
def test_a_secret_that_is_none_is_refused_and_not_told(settings, secret):
    with pytest.raises(ValidationError, match="secret of tracker must be whsec_") as refused:
        settings(FILE, f'{{"tracker": "{secret}"}}')
    assert secret not in str(refused.value)


def test_two_endpoints_need_two_names(settings):
    twice = FILE + FILE.removeprefix("webhooks:\n")
    with pytest.raises(BadConfig, match="two webhooks are called tracker"):
        settings(twice, "{}").webhooks()
