"""Desk officers of two units at the registry's owners, over HTTP, who try each other's persons."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from tests.faults.impatient import Deed, Impatient
from tests.support.builders import a_key
from tests.support.owners import an_owner

UNAVAILABLE = 503


@dataclass
class Files:
    """Whom each unit has registered: the ids, and the numbers from which they were made."""

    of_unit: dict[UUID, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    serials: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


@dataclass
class Officer(Impatient):
    """Who keeps the register of one unit, and knows the ids and numbers of the other's persons."""

    client: httpx.AsyncClient
    token: str
    unit: UUID
    other: UUID
    files: Files

    def deeds(self) -> Sequence[Deed]:
        """First register somebody; then also look, in the own files and in the other's."""
        if not (self.files.of_unit[self.unit] and self.files.of_unit[self.other]):
            return (self.register,)
        foreign = (self.read_foreign, self.search_foreign, self.change_foreign, self.reveal_foreign)
        return (self.register, self.read_own, self.search_own, *foreign)

    async def register(self) -> None:
        """Register somebody new."""
        serial = next(self.files.serials)
        body = an_owner(serial, unit_id=str(self.unit))
        answer = await self._ask("POST", "/owners", json=body, headers=a_key())
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.files.of_unit[self.unit].append((answer.json()["id"], serial))

    async def read_own(self) -> None:
        """Read somebody of the own unit, who must be there."""
        key, _ = self.chance.choice(self.files.of_unit[self.unit])
        answer = await self._ask("GET", f"/owners/{key}")
        assert answer.json()["id"] == key, answer.text

    async def search_own(self) -> None:
        """Find somebody of the own unit by the NIK."""
        key, serial = self.chance.choice(self.files.of_unit[self.unit])
        assert await self._found(serial) == [key]

    async def search_foreign(self) -> None:
        """Look for somebody of the other unit by the NIK."""
        _, serial = self.chance.choice(self.files.of_unit[self.other])
        self.foreign += [f"found {key}" for key in await self._found(serial)]

    async def read_foreign(self) -> None:
        """Read somebody of the other unit."""
        await self._is_absent("GET", "")

    async def change_foreign(self) -> None:
        """Change somebody of the other unit."""
        change = {"name": "Bukan Orang Kita"}
        await self._is_absent("PATCH", "", json=change, headers={"If-Match": '"1"'})

    async def reveal_foreign(self) -> None:
        """Have somebody of the other unit revealed."""
        wish = {"fields": ["nik"], "purpose": "identity"}
        await self._is_absent("POST", "/reveal", json=wish)

    async def _is_absent(self, method: str, path: str, **given: Any) -> None:  # noqa: ANN401 (httpx's own arguments)
        key, _ = self.chance.choice(self.files.of_unit[self.other])
        answer = await self._ask(method, f"/owners/{key}{path}", **given)
        if answer.status_code != httpx.codes.NOT_FOUND:
            self.foreign.append(f"{method} {path} of {key}: {answer.status_code}")

    async def _found(self, serial: int) -> list[str]:
        answer = await self._ask("POST", "/owners/search", json={"nik": an_owner(serial)["nik"]})
        return [found["id"] for found in answer.json()["items"]]

    async def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401 (as above)
        headers = {**given.pop("headers", {}), "Authorization": f"Bearer {self.token}"}
        answer = await self.client.request(method, path, headers=headers, **given)
        if answer.status_code == UNAVAILABLE:
            raise ConnectionError
        return answer
