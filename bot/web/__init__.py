"""What Tocsin serves by HTTP: Slack's requests in HTTP mode, health, metrics, the read-only API. Each part gives its routes."""
