"""Use cases: one door for every request, the recorder, publishing and ticks. Knows ports, not their makers."""
