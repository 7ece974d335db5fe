"""Faults make noise; a test that fails prints what matters itself."""

import pytest
import structlog


@pytest.fixture(autouse=True)
def _quiet_logs():
    """Rendering thousands of tracebacks would take longer than the faults."""
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.configure(**before)
