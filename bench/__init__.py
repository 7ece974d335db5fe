"""Measurements, side by side in one run; only the ratios mean something."""
