"""The registry's vault, which keeps the owners."""

from services.registry.owners import OwnerFields
from services.registry.queries import reached_owners
from shared.vault.keys import Keys
from shared.vault.service import KeyService
from shared.vault.vault import Vault

Owners = Vault[OwnerFields]


def open_vault(service: KeyService) -> Owners:
    """The vault of owners, with its keys wrapped by a key service."""
    return Vault(OwnerFields, Keys(service), reached_owners)
