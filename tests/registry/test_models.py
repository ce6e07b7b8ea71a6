"""What may become of an enterprise, and what may not."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from services.registry.errors import EnterpriseActive, EnterpriseClosed, NothingChanged
from services.registry.models import Enterprise, searchable
from shared.refusals import Refusal


def an_enterprise(**changes: object) -> Enterprise:
    """An enterprise as it is after its registration."""
    facts: dict[str, object] = {
        "trade_name": "Keripik Apel",
        "kind": "enterprise",
        "unit_id": uuid4(),
        "village_code": "35.79.01.1001",
        "kbli": "10794",
        "size_class": "mikro",
    }
    name = str((facts | changes).pop("trade_name"))
    facts.pop("trade_name")
    return Enterprise.register(uuid4(), name, **(facts | changes))


def test_a_new_enterprise_is_active_and_has_told_nothing() -> None:
    enterprise = an_enterprise()

    assert (enterprise.status, enterprise.event_seq, enterprise.merged_into) == ("active", 0, None)


def test_an_enterprise_is_renamed_and_found_under_its_new_name() -> None:
    enterprise = an_enterprise()

    enterprise.rename("Kopi É")

    assert (enterprise.trade_name, enterprise.search_name) == ("Kopi É", "kopi e")


def test_an_enterprise_grows_into_another_class() -> None:
    enterprise = an_enterprise()

    enterprise.reclassify("kecil")

    assert enterprise.size_class == "kecil"


def test_an_enterprise_closes_and_takes_up_business_again() -> None:
    enterprise = an_enterprise()

    seen = [enterprise.status]
    enterprise.close()
    seen.append(enterprise.status)
    enterprise.reopen()
    seen.append(enterprise.status)

    assert seen == ["active", "closed", "active"]


CLOSED_REFUSES: dict[str, Callable[[Enterprise], None]] = {
    "rename": lambda enterprise: enterprise.rename("Baru"),
    "reclassify": lambda enterprise: enterprise.reclassify("kecil"),
    "close": lambda enterprise: enterprise.close(),
}


@pytest.mark.parametrize("change", CLOSED_REFUSES.values(), ids=CLOSED_REFUSES)
def test_a_closed_enterprise_is_changed_by_nothing_but_reopening(
    change: Callable[[Enterprise], None],
) -> None:
    enterprise = an_enterprise()
    enterprise.close()

    with pytest.raises(EnterpriseClosed):
        change(enterprise)


ACTIVE_REFUSES: dict[str, tuple[type[Refusal], Callable[[Enterprise], None]]] = {
    "reopen": (EnterpriseActive, lambda enterprise: enterprise.reopen()),
    "the same name": (NothingChanged, lambda enterprise: enterprise.rename("Keripik Apel")),
    "the same class": (NothingChanged, lambda enterprise: enterprise.reclassify("mikro")),
}


@pytest.mark.parametrize(("refusal", "change"), ACTIVE_REFUSES.values(), ids=ACTIVE_REFUSES)
def test_a_change_to_what_is_so_already_is_refused(
    refusal: type[Refusal], change: Callable[[Enterprise], None]
) -> None:
    with pytest.raises(refusal):
        change(an_enterprise())


def test_the_public_state_holds_nothing_but_what_is_public() -> None:
    enterprise = an_enterprise(reference="secret", import_line=4)
    enterprise.submit("wulan")
    enterprise.send_back("secret")
    state = enterprise.state()

    assert set(state.model_dump()) == {
        "id",
        "kind",
        "trade_name",
        "unit_id",
        "village_code",
        "kbli",
        "size_class",
        "status",
        "verification",
        "merged_into",
        "owner_ids",
    }


@pytest.mark.parametrize(
    ("name", "found_as"),
    [
        ("KERIPIK", "keripik"),
        ("Café", "cafe"),
        ("Straße", "strasse"),
        ("ﬁsh", "fish"),
        ("漢", "漢"),
    ],
)
def test_case_and_accents_do_not_matter_when_a_name_is_looked_for(name: str, found_as: str) -> None:
    assert searchable(name) == found_as
