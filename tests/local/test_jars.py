"""The jars that Kafka runs from are the locked ones and no others."""

import shutil
from pathlib import Path

import pytest

from deploy.local import jars
from deploy.local.jars import Jar, cache_folder, fetch_jars, locked_jars, refuse_mixed_versions
from deploy.local.kafka import Kafka
from deploy.local.refusals import CannotStart
from deploy.local.telling import silently


@pytest.fixture
def own_jars(tmp_path: Path) -> Path:
    fetch_jars(cache_folder(), silently)
    return Path(shutil.copytree(cache_folder(), tmp_path / "jars"))


def test_a_tampered_jar_stops_the_start(own_jars: Path, tmp_path: Path) -> None:
    with (own_jars / "kafka-clients-4.3.1.jar").open("ab") as jar:
        jar.write(b"one byte more")
    kafka = Kafka(tmp_path / "kafka", jars=own_jars)

    with pytest.raises(CannotStart, match=r"kafka-clients-4\.3\.1\.jar is not the one that was"):
        kafka.start()

    assert kafka.pid is None


def test_a_missing_jar_is_fetched_and_checked(own_jars: Path) -> None:
    missing = own_jars / "jspecify-1.0.0.jar"
    missing.unlink()
    told: list[str] = []

    found = fetch_jars(own_jars, told.append)

    assert missing in found
    assert told == ["fetched 1 of 1 jars, last jspecify-1.0.0.jar"]
    assert not list(own_jars.glob("fetching-*"))


def test_a_kafka_client_of_another_version_is_refused() -> None:
    mixed = [
        Jar("org.apache.kafka", "kafka_2.13", "4.3.1", "00"),
        Jar("org.apache.kafka", "kafka-clients", "3.9.1", "00"),
    ]

    with pytest.raises(CannotStart, match=r"holds kafka-clients 3\.9\.1 where version 4\.3\.1"):
        refuse_mixed_versions(mixed, "4.3.1")


def test_the_lock_names_every_jar_with_its_checksum() -> None:
    locked = locked_jars()

    assert len(locked) == 46
    assert all(len(jar.sha256) == 64 for jar in locked)


def test_the_lock_names_no_address() -> None:
    text = jars.LOCK.read_text() + jars.SPECIFICATION.read_text()

    assert "://" not in text
