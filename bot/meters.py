"""What is counted, for `/metrics`. Names and labels hold no texts and no people."""

from prometheus_client import Counter

CALLS = Counter("tocsin_slack_calls", "Calls of Slack's Web API by outcome.", ["method", "outcome"])
EVENTS = Counter("tocsin_events", "Facts that were recorded, by kind.", ["kind"])
WEBHOOKS = Counter("tocsin_webhooks", "Changes told to an endpoint, by outcome.", ["endpoint", "outcome"])
FAULTS = Counter("tocsin_faults", "Payloads that could not be handled; people were told.", ["kind"])
