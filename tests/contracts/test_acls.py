"""What the table of subscribers is rendered to: rights to read, and never one to write."""

import json
import subprocess
from pathlib import Path

import pytest

from deploy.acls.rendering import commands, strimzi
from deploy.acls.users import Right, User, users
from shared.events import TOPICS

BOARD = """
[board]
topics = ["registry.unit.v1"]
bytes_per_second = 1_000_000
request_percentage = 10
"""


def table(folder: Path, text: str) -> Path:
    file = folder / "subscribers.toml"
    file.write_text(text, encoding="utf-8")
    return file


def of(name: str, found: list[User]) -> User:
    (user,) = (each for each in found if each.name == name)
    return user


def test_a_subscriber_reads_what_its_table_names_and_no_more(tmp_path: Path) -> None:
    board = of("board", users(table(tmp_path, BOARD)))

    assert board.rights == (
        Right("topic", "registry.unit.v1", ("Describe", "Read")),
        Right("group", "board.", ("Describe", "Read"), prefix=True),
    )


def test_each_topic_is_written_by_the_one_service_that_speaks_on_it() -> None:
    writers = {
        right.name: user.name
        for user in users()
        for right in user.rights
        if right.resource == "topic" and "Write" in right.operations
    }

    assert writers == {topic: topic.partition(".")[0] for topic in TOPICS}


def test_a_service_reads_what_it_keeps_and_acts_on() -> None:
    facilities = of("facilities", users())

    heard = {
        right.name for right in facilities.rights if right.operations == ("Describe", "Read")
    } - {"facilities"}
    assert heard == {"registry.unit.v1", "registry.enterprise.v1", "mentoring.session.v1"}
    assert Right("transactionalId", "facilities-relay", ("Describe", "Write")) in facilities.rights


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("registry.unit.v1", "registry.secret.v1"),
        ("[board]", "[registry]"),
        ('["registry.unit.v1"]', "[]"),
        ("[board]", '["a.b"]'),
        ("1_000_000", "0"),
        ("request_percentage", "requests"),
    ],
)
def test_a_table_that_names_what_cannot_be_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"board|registry|a\.b"):
        users(table(tmp_path, BOARD.replace(old, new)))


def test_users_for_strimzi(tmp_path: Path) -> None:
    rendered = strimzi([of("board", users(table(tmp_path, BOARD)))])

    assert json.loads(rendered.removeprefix("---\n")) == {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaUser",
        "metadata": {"name": "board", "labels": {"strimzi.io/cluster": "sinergi"}},
        "spec": {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {
                "type": "simple",
                "acls": [
                    {
                        "resource": {
                            "type": "topic",
                            "name": "registry.unit.v1",
                            "patternType": "literal",
                        },
                        "operations": ["Describe", "Read"],
                        "host": "*",
                    },
                    {
                        "resource": {"type": "group", "name": "board.", "patternType": "prefix"},
                        "operations": ["Describe", "Read"],
                        "host": "*",
                    },
                ],
            },
            "quotas": {"consumerByteRate": 1_000_000, "requestPercentage": 10},
        },
    }


def test_commands_for_kafka(tmp_path: Path) -> None:
    script = commands([of("board", users(table(tmp_path, BOARD)))])

    reach = '--bootstrap-server "$KAFKA" --command-config "$ADMIN"'
    right = "--add --allow-principal User:board --operation Describe --operation Read"
    assert script.splitlines()[2:] == [
        f"kafka-acls.sh {reach} {right} --topic registry.unit.v1 --resource-pattern-type literal",
        f"kafka-acls.sh {reach} {right} --group board. --resource-pattern-type prefixed",
        (
            f"kafka-configs.sh {reach} --alter --add-config "
            "'consumer_byte_rate=1000000,request_percentage=10' "
            "--entity-type users --entity-name board"
        ),
    ]
    subprocess.run(["/bin/sh", "-n"], input=commands(users()), text=True, check=True)
