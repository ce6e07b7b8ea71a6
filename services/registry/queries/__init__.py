"""Every question the registry answers."""

from services.registry.queries.consents import ConsentFilter, consent, consents, granted_consents
from services.registry.queries.duplicates import (
    duplicate,
    duplicates,
    flag_duplicates,
    mergers_into,
)
from services.registry.queries.enterprises import (
    EnterpriseFilter,
    card,
    enterprise,
    enterprises,
    enterprises_of,
    held,
    known_owners,
    next_erased_name,
    register_of,
    state_as_of,
)
from services.registry.queries.facts import (
    identifier,
    identifiers,
    insert_identifier,
    latest_day,
    snapshot,
    snapshots,
)
from services.registry.queries.imports import (
    import_bytes,
    import_ids,
    import_job,
    import_of_file,
    next_import,
    rejections,
)
from services.registry.queries.lists import Rows, places_of
from services.registry.queries.owners import (
    owners_at_home,
    reached_owners,
    served_at,
    units_serving,
)
from services.registry.queries.tenancies import Tenancies, tenancies
from services.registry.queries.units import regions_of, unit, units, units_by_region
from services.registry.queries.visits import VisitFilter, visit, visits

__all__ = [
    "ConsentFilter",
    "EnterpriseFilter",
    "Rows",
    "Tenancies",
    "VisitFilter",
    "card",
    "consent",
    "consents",
    "duplicate",
    "duplicates",
    "enterprise",
    "enterprises",
    "enterprises_of",
    "flag_duplicates",
    "granted_consents",
    "held",
    "identifier",
    "identifiers",
    "import_bytes",
    "import_ids",
    "import_job",
    "import_of_file",
    "insert_identifier",
    "known_owners",
    "latest_day",
    "mergers_into",
    "next_erased_name",
    "next_import",
    "owners_at_home",
    "places_of",
    "reached_owners",
    "regions_of",
    "register_of",
    "rejections",
    "served_at",
    "snapshot",
    "snapshots",
    "state_as_of",
    "tenancies",
    "unit",
    "units",
    "units_by_region",
    "units_serving",
    "visit",
    "visits",
]
