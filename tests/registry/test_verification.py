"""What one person enters, a second one vouches for."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from services.registry.errors import (
    EnterpriseClosed,
    NotSubmitted,
    SecondPersonNeeded,
    SubmittedAlready,
)
from services.registry.models import Enterprise
from tests.registry.test_models import an_enterprise


def submitted() -> Enterprise:
    """An enterprise that Wulan handed in."""
    enterprise = an_enterprise()
    enterprise.submit("wulan")
    return enterprise


def test_a_second_person_verifies_what_was_handed_in() -> None:
    enterprise = submitted()

    enterprise.verify("bayu")

    assert enterprise.verification == "verified"


def test_nobody_verifies_what_they_handed_in() -> None:
    enterprise = submitted()

    with pytest.raises(SecondPersonNeeded):
        enterprise.verify("wulan")

    assert enterprise.verification == "submitted"
    assert "verify_enterprise" not in enterprise.open_operations("wulan")
    assert "verify_enterprise" in enterprise.open_operations("bayu")


def test_what_was_returned_is_handed_in_again_without_the_old_reason() -> None:
    enterprise = submitted()

    enterprise.send_back("Nama berbeda.")
    returned = enterprise.verification, enterprise.returned_because
    enterprise.submit("wulan")

    assert returned == ("returned", "Nama berbeda.")
    assert (enterprise.verification, enterprise.returned_because) == ("submitted", None)


CHANGES: dict[str, Callable[[Enterprise], None]] = {
    "another name": lambda enterprise: enterprise.rename("Lain"),
    "another village": lambda enterprise: enterprise.relocate("35.79.01.1002"),
    "another activity": lambda enterprise: enterprise.change_activity("56101"),
    "another class": lambda enterprise: enterprise.reclassify("kecil"),
    "another owner": lambda enterprise: enterprise.change_owners([uuid4()]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_changed_must_be_handed_in_again(change: Callable[[Enterprise], None]) -> None:
    enterprise = submitted()

    change(enterprise)

    assert enterprise.verification == "draft"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_that_one_person_changes_stays_verified(
    change: Callable[[Enterprise], None],
) -> None:
    enterprise = submitted()
    enterprise.verify("bayu")

    change(enterprise)

    assert enterprise.verification == "draft"
    assert "submit_enterprise" in enterprise.open_operations("wulan")


def test_a_class_that_follows_from_its_economics_leaves_an_enterprise_verified() -> None:
    enterprise = submitted()
    enterprise.verify("bayu")

    enterprise.reclassify("kecil", by_rule=True)

    assert (enterprise.size_class, enterprise.verification) == ("kecil", "verified")


def test_what_was_handed_in_is_not_handed_in_twice() -> None:
    enterprise = submitted()

    with pytest.raises(SubmittedAlready):
        enterprise.submit("bayu")


@pytest.mark.parametrize("step", ["verify", "send_back"])
def test_a_draft_is_neither_verified_nor_returned(step: str) -> None:
    with pytest.raises(NotSubmitted):
        getattr(an_enterprise(), step)("bayu")


@pytest.mark.parametrize("step", ["submit", "verify", "send_back"])
def test_a_closed_enterprise_is_not_verified(step: str) -> None:
    enterprise = submitted()
    enterprise.close()

    with pytest.raises(EnterpriseClosed):
        getattr(enterprise, step)("bayu")
