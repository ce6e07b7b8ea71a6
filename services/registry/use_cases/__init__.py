"""Every verb of the registry."""

from services.registry.use_cases.consents import grant_consent, withdraw_consent
from services.registry.use_cases.enterprises import (
    change_enterprise,
    close_enterprise,
    register_enterprise,
    reopen_enterprise,
    transfer_enterprise,
)
from services.registry.use_cases.facts import (
    add_identifier,
    record_snapshot,
    remove_identifier,
    verify_identifier,
)
from services.registry.use_cases.imports import hand_in_file, import_batch
from services.registry.use_cases.mergers import (
    dismiss_duplicate,
    merge_enterprise,
    preview_merge,
    unmerge_enterprise,
)
from services.registry.use_cases.names import take_out_name
from services.registry.use_cases.owners import change_owner, erase_owner, register_owner
from services.registry.use_cases.units import open_unit
from services.registry.use_cases.verification import (
    return_enterprise,
    submit_enterprise,
    verify_enterprise,
)
from services.registry.use_cases.visits import change_visit, check_in_visit

__all__ = [
    "add_identifier",
    "change_enterprise",
    "change_owner",
    "change_visit",
    "check_in_visit",
    "close_enterprise",
    "dismiss_duplicate",
    "erase_owner",
    "grant_consent",
    "hand_in_file",
    "import_batch",
    "merge_enterprise",
    "open_unit",
    "preview_merge",
    "record_snapshot",
    "register_enterprise",
    "register_owner",
    "remove_identifier",
    "reopen_enterprise",
    "return_enterprise",
    "submit_enterprise",
    "take_out_name",
    "transfer_enterprise",
    "unmerge_enterprise",
    "verify_enterprise",
    "verify_identifier",
    "withdraw_consent",
]
