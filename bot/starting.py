"""A start loads some hundred modules: the garbage collector need not look through them again and again meanwhile, nor later."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import within it. Modules live as long as the process; what they made is not looked at any more (`gc.freeze`)."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
