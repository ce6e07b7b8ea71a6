"""Enterprises become one and two again, and nothing of either is lost on the way."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.registry.errors import (
    CannotMerge,
    EnterpriseClosed,
    EnterpriseMerged,
    SurvivorMerged,
)
from services.registry.models import Enterprise, Merger, merge, part
from shared.refusals import Refusal
from tests.registry.test_models import an_enterprise

PERSONS = [UUID(int=n) for n in range(1, 5)]
owners = st.lists(st.sampled_from(PERSONS), unique=True)


def facts(enterprise: Enterprise) -> dict[str, object]:
    """All that is kept of an enterprise."""
    return enterprise.model_dump()


@given(owners, owners)
def test_undoing_a_merger_restores_both_exactly(own: list[UUID], others: list[UUID]) -> None:
    merged, survivor = an_enterprise(owner_ids=own), an_enterprise(owner_ids=others)
    before = facts(merged), facts(survivor)

    merger = merge(merged, survivor, "wulan")
    between = merged.status, merged.merged_into, set(survivor.owner_ids)
    part(merger, merged, survivor, [])

    assert between == ("merged", survivor.id, {*own, *others})
    assert (facts(merged), facts(survivor)) == before


def test_an_enterprise_is_not_merged_into_itself() -> None:
    enterprise = an_enterprise()

    with pytest.raises(CannotMerge):
        merge(enterprise, enterprise, "wulan")


@pytest.mark.parametrize("closed", [0, 1])
def test_what_is_closed_is_not_merged(closed: int) -> None:
    pair = an_enterprise(), an_enterprise()
    pair[closed].close()

    with pytest.raises(EnterpriseClosed):
        merge(*pair, "wulan")


def test_a_merged_enterprise_is_changed_by_nothing_but_undoing_it() -> None:
    enterprise = an_enterprise()
    merge(enterprise, an_enterprise(), "wulan")

    with pytest.raises(EnterpriseMerged):
        enterprise.rename("Lain")
    with pytest.raises(EnterpriseMerged):
        enterprise.close()

    assert enterprise.open_operations("wulan") == ("unmerge_enterprise",)


def test_a_merger_under_a_later_one_is_not_undone_first() -> None:
    first, second, third = an_enterprise(), an_enterprise(), an_enterprise()
    earlier = merge(first, second, "wulan")
    merge(second, third, "wulan")

    with pytest.raises(SurvivorMerged):
        part(earlier, first, second, [])


class Merging(RuleBasedStateMachine):
    """Any number of mergers, made and undone in any order, against sets of owners."""

    def __init__(self) -> None:
        super().__init__()
        self.enterprises: list[Enterprise] = []
        self.own: dict[UUID, list[UUID]] = {}
        self.mergers: dict[UUID, Merger] = {}

    @precondition(lambda self: len(self.enterprises) < 6)
    @rule(of=owners)
    def register(self, of: list[UUID]) -> None:
        """One more enterprise."""
        enterprise = an_enterprise(owner_ids=of)
        self.enterprises.append(enterprise)
        self.own[enterprise.id] = of

    @precondition(lambda self: len(self.enterprises) > 1)
    @rule(which=st.data())
    def merge_two(self, which: st.DataObject) -> None:
        """Merge one into another, where that is allowed."""
        merged = which.draw(st.sampled_from(self.enterprises))
        survivor = which.draw(st.sampled_from(self.enterprises))
        allowed = merged is not survivor and {merged.status, survivor.status} == {"active"}
        try:
            self.mergers[merged.id] = merge(merged, survivor, "wulan")
        except Refusal:
            assert not allowed
        else:
            assert allowed

    @precondition(lambda self: self.mergers)
    @rule(which=st.data())
    def undo(self, which: st.DataObject) -> None:
        """Undo any merger, where that is allowed."""
        merger = which.draw(st.sampled_from(list(self.mergers.values())))
        survivor = self.by_id(merger.survivor_id)
        others = [
            (each, self.by_id(each.merged_id))
            for each in self.mergers.values()
            if each.survivor_id == survivor.id and each is not merger
        ]
        try:
            part(merger, self.by_id(merger.merged_id), survivor, others)
        except SurvivorMerged:
            assert survivor.status == "merged"
        else:
            del self.mergers[merger.merged_id]

    def by_id(self, enterprise_id: UUID) -> Enterprise:
        """The enterprise with this id."""
        (found,) = (each for each in self.enterprises if each.id == enterprise_id)
        return found

    def owned_by(self, enterprise_id: UUID) -> set[UUID]:
        """Whose an enterprise is, with all that was merged into it."""
        into = [m.merged_id for m in self.mergers.values() if m.survivor_id == enterprise_id]
        return {*self.own[enterprise_id]}.union(*map(self.owned_by, into))

    @invariant()
    def each_is_owned_by_all_who_own_what_was_merged_into_it(self) -> None:
        """And by nobody else; whoever it was before comes first, in the old order."""
        for each in self.enterprises:
            own = self.own[each.id]
            assert set(each.owner_ids) == self.owned_by(each.id)
            assert each.owner_ids[: len(own)] == own
            assert len(set(each.owner_ids)) == len(each.owner_ids)

    @invariant()
    def merged_are_those_of_a_merger_that_stands(self) -> None:
        """No other is."""
        merged = {each.id: each.merged_into for each in self.enterprises if each.merged_into}

        assert merged == {key: merger.survivor_id for key, merger in self.mergers.items()}


TestMerging = Merging.TestCase
TestMerging.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
