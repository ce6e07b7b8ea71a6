"""The key of one subject: it seals that subject's fields and nothing else."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID, uuid4

from shared.vault.cipher import new_key, place, seal, unseal
from shared.vault.keys import Key


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """A key, by whose it is and its own id."""

    subject_id: UUID
    key_id: UUID
    _secret: bytes = field(repr=False)

    @classmethod
    def new(cls, subject_id: UUID) -> Self:
        """A random key for a new subject."""
        return cls(subject_id, uuid4(), new_key())

    @classmethod
    def unwrapped(cls, subject_id: UUID, key_id: UUID, wrapped: bytes, epoch: Key) -> Self:
        """Unwrap by the key of the epoch it was wrapped in. Raises NotOurs."""
        secret = unseal(epoch.secret, wrapped, _place(subject_id, key_id, epoch))
        return cls(subject_id, key_id, secret)

    def wrapped(self, epoch: Key) -> bytes:
        """Wrap by the key of an epoch."""
        return seal(epoch.secret, self._secret, _place(self.subject_id, self.key_id, epoch))

    def seal(self, name: str, text: str) -> bytes:
        """Seal the value of a field."""
        return seal(self._secret, text.encode(), self._field(name))

    def unseal(self, name: str, sealed: bytes) -> str:
        """Open the value of a field. Raises NotOurs."""
        return unseal(self._secret, sealed, self._field(name)).decode()

    def _field(self, name: str) -> bytes:
        return place("field", name, self.subject_id, self.key_id)


def _place(subject_id: UUID, key_id: UUID, epoch: Key) -> bytes:
    return place("subject", "wrapped_key", subject_id, f"{key_id}/{epoch.id}")
