"""Variables of the environment, set for the length of a block and no longer."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager


@contextmanager
def environment(variables: Mapping[str, str]) -> Generator[None]:
    """Set ``variables``; afterwards each is what it was, or unset where it was not set."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
