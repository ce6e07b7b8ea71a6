"""An issuer of its own for each test that asks for tokens alone."""

from collections.abc import Iterator

import pytest

from tests.support.tokens import TestIssuer


@pytest.fixture
def issuer() -> Iterator[TestIssuer]:
    """Serves its keys for as long as the test."""
    with TestIssuer() as started:
        yield started
