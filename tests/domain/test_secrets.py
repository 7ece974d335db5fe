"""Secrets are masked whole, whatever stands around them; what people say in an incident is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.secrets import RULES, is_card_number, mask

A40 = "wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY"[:40].ljust(40, "z")
HEX = "0123456789abcdef" * 4

#: kind, the secret, what stands before and behind it. Made up; put together here so that no scanner takes them for real.
EXAMPLES = [
    (
        "private key",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
        "",
        " see above",
    ),
    ("private key", "-----BEGIN OPENSSH PRIVATE KEY-----\ncut off", "key: ", ""),
    ("private key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----", "", ""),
    ("Slack token", "xox" + "b-1234567890-0987654321-AbCdEf", "token ", "."),
    ("Slack token", "xapp" + "-1-A0123-456-deadbeef0123", "", ""),
    ("Slack token", "xoxe" + ".xoxp-1-Mi0yLTEyMzQ1", "", ""),
    ("Slack webhook", "services/T00000000/B00000000/" + "X" * 24, "<https://hooks.slack.com/", ">"),
    ("GitHub token", "ghp_" + "a1B2" * 9, "use ", " now"),
    ("GitHub token", "github_pat_" + "11ABCDEFG0_" + "aZ9" * 15, "", ""),
    ("GitLab token", "glpat-" + "abcdefGHIJ0123456789", "", ""),
    ("AWS access key", "AKIA" + "IOSFODNN7EXAMPLE", "id=", " "),
    ("AWS secret key", A40, "aws_secret_access_key = ", ""),
    ("Azure storage key", "a" * 86 + "==", "AccountKey=", ";EndpointSuffix"),
    ("Google API key", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv"[:35], "", ""),
    ("Google OAuth token", "ya29." + "a0AfH6SMBx1234567890", "", ""),
    ("AI service key", "sk-" + "proj-" + "a1" * 24, "", ""),
    ("AI service key", "sk-" + "ant-api03-" + "a1_-" * 12, "", ""),
    ("Stripe key", "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc", "", ""),
    ("Stripe key", "whsec_" + "4eC39HqLyjWDarjtT1zdp7dc", "", ""),
    ("SendGrid key", "SG." + "a" * 22 + "." + "b" * 43, "", ""),
    ("Twilio key", "SK" + HEX[:32], "", ""),
    ("Mailchimp key", HEX[:32] + "-us12", "", ""),
    ("Telegram bot token", "123456789:" + "AA" + "b3-_" * 8 + "c", "", ""),
    ("Discord bot token", "M" + "T" * 23 + ".G1a2b3." + "x" * 27, "", ""),
    ("npm token", "npm_" + "a1" * 18, "", ""),
    ("PyPI token", "pypi-" + "AgEIcHlwaS5vcmc" + "a1" * 30, "", ""),
    ("Hugging Face token", "hf_" + "aB" * 17, "", ""),
    ("DigitalOcean token", "dop_v1_" + HEX, "", ""),
    ("Databricks token", "dapi" + HEX[:32], "", ""),
    ("Vault token", "hvs." + "CAESI" + "a1" * 12, "", ""),
    ("Shopify token", "shpat_" + HEX[:32], "", ""),
    ("JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.s1gnature_-", "", ""),
    ("authorization header", "abcDEF123456abcDEF123456==", "Authorization: Bearer ", ""),
    ("authorization header", "dXNlcjpwYXNzd29yZDEyMw==", "-H 'authorization: basic ", "'"),
    ("password in an address", "s3cr3t", "postgres://app:", "@db.internal:5432/shop"),
    ("password in an address", "hunter2!", "<redis://:", "@cache/0>"),
    ("password", "hunter2hunter2", "DB_PASSWORD is password=", " ok"),
    ("password", "a1b2c3d4e5", 'api_key: "', '"'),
    ("card number", "4111 1111 1111 1111", "charged ", " twice"),
    ("card number", "5555-5555-5555-4444", "", "."),
    ("card number", "378282246310005", "card ", ","),
]

HARMLESS = [
    "checkout answers 500 since 14:05, error rate 40 %",
    "order 1234567890123456 failed",
    "see https://acme.slack.com/archives/C0123ABCD/p1736207085539649?thread_ts=1736207085.539649",
    "<!date^1736207085^{date} {time}|2025-01-06 23:24 UTC>",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is bad",
    "trace 4bf92f3577b34da6a3ce929d0e0e4736 / span 00f067aa0ba902b7",
    "uuid 123e4567-e89b-12d3-a456-426614174000",
    "password: please reset it",
    "the password is wrong",
    "ssh deploy@10.0.0.1:22",
    "http://host:8080/@user and https://x.example/a@b",
    "bearer of bad news: everything is down everywhere",
    "<@U0ANA> <#C0CHECKOUT|checkout> 2026-11-18 14:05:00 UTC",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "call +49 30 1234567890 or 555 1234",
    "0000 0000 0000 0000 and 4444444444444",
    "10.0.0.1 1700000000.000100 20261118140500",
    "task-runner skipped the sk-step; risk-free",
]


@pytest.mark.parametrize(("kind", "secret", "before", "behind"), EXAMPLES)
def test_a_secret_is_masked_whole_and_what_stands_around_it_stays(kind, secret, before, behind):
    masked = mask(f"{before}{secret}{behind}")
    assert masked.text == f"{before}[masked: {kind}]{behind}"
    assert masked.kinds == (kind,)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_say_in_an_incident_is_left_alone(text):
    assert mask(text).kinds == ()
    assert mask(text).text == text


def test_every_rule_has_an_example():
    assert {rule.name for rule in RULES} == {kind for kind, *_ in EXAMPLES}


def test_several_secrets_are_told_by_their_kinds_once():
    key = EXAMPLES[10][1]
    masked = mask(f"{key} and {key} and card 4111111111111111")
    assert masked.kinds == ("AWS access key", "card number")
    assert (
        masked.text == "[masked: AWS access key] and [masked: AWS access key] and card [masked: card number]"
    )


@pytest.mark.parametrize(
    "number", ["4111111111111112", "9111111111111111", "411111111111", "0000000000000000"]
)
def test_a_wrong_check_digit_range_or_length_is_no_card_number(number):
    assert not is_card_number(number)


@given(st.lists(st.sampled_from([secret for _, secret, *_ in EXAMPLES] + HARMLESS)).map(" ".join))
def test_masking_twice_changes_nothing(text):
    once = mask(text).text
    assert mask(once).text == once


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.signs], ids=lambda rule: rule.name)
@given(data=st.data())
def test_whatever_a_pattern_finds_bears_a_sign_for_which_it_is_tried(rule, data):
    text = data.draw(st.from_regex(rule.pattern))
    assert any(sign in rule.pattern.search(text)[0].casefold() for sign in rule.signs)
