"""The feed's cursor comes back as it was given out, and nothing else is taken for one."""

import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.streams.cursor import Snapshot, SnapshotCursor
from shared.streams.feed import FeedCursor, NoCursor

TOPIC = "registry.unit.v1"


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Snapshots as PostgreSQL has them."""
    xmin = draw(st.integers(1, 2**62))
    running = draw(st.sets(st.integers(xmin, xmin + 1_000), max_size=50))
    return Snapshot(xmin, xmin + 1_001, tuple(sorted(running)))


PLACES = st.builds(SnapshotCursor, snapshots(), st.none() | snapshots(), st.integers(0, 2**63 - 1))


@given(st.integers(0, 2**31 - 1), PLACES)
def test_a_cursor_comes_back_as_it_was_given_out(epoch: int, place: SnapshotCursor) -> None:
    cursor = FeedCursor(TOPIC, epoch, place)

    assert FeedCursor.parse(str(cursor), TOPIC) == cursor


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: b.decode("latin-1")))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(NoCursor):
        FeedCursor.parse(text, TOPIC)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        ["registry.enterprise.v1", 1, [1, 1, []], None, 0],
        [TOPIC, -1, [1, 1, []], None, 0],
        [TOPIC, 2**31, [1, 1, []], None, 0],
        [TOPIC, True, [1, 1, []], None, 0],
        [TOPIC, 1, [0, 1, []], None, 0],
        [TOPIC, 1, [2, 1, []], None, 0],
        [TOPIC, 1, [1, 2**63, []], None, 0],
        [TOPIC, 1, [1, 9, [5, 3]], None, 0],
        [TOPIC, 1, [1, 9, [5, 5]], None, 0],
        [TOPIC, 1, [4, 9, [3]], None, 0],
        [TOPIC, 1, [4, 9, [9]], None, 0],
        [TOPIC, 1, [1, 1, "12"], None, 0],
        [TOPIC, 1, [1, 1, []], [1], 0],
        [TOPIC, 1, [1, 1, []], None, 2**63],
        [TOPIC, 1, [1, 1, []], None, 0, 0],
        {"topic": TOPIC},
    ],
)
def test_a_cursor_that_the_database_would_not_take_is_refused(told: object) -> None:
    forged = base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")

    with pytest.raises(NoCursor):
        FeedCursor.parse(forged, TOPIC)
