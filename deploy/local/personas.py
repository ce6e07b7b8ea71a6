"""The people of the development sign-in: one for each role, with ids that never change."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from services.registry.ids import NAMESPACE


@dataclass(frozen=True)
class Persona:
    """Somebody who can sign in on a laptop."""

    key: str
    """What is typed after `--as`: the role, with hyphens."""
    name: str
    work: str
    """What they do, in English."""
    scope: str
    """nation, region:<code>, or unit:<region code>, enterprise:<name>, partner:<name>."""

    @property
    def role(self) -> str:
        """The role that is granted."""
        return self.key.replace("-", "_")

    @property
    def person_id(self) -> UUID:
        """The id of the person, the same in every checkout."""
        return uuid5(NAMESPACE, f"person:{self.key}")

    @property
    def granted_scope(self) -> str:
        """The scope as a token carries it, with ids in place of names."""
        kind = self.scope.partition(":")[0]
        if kind in {"nation", "region"}:
            return self.scope
        return f"{kind}:{uuid5(NAMESPACE, self.scope)}"


_ALL = (
    Persona("ministry", "Retno Wulandari", "Ministry of MSMEs, programme desk", "nation"),
    Persona("evaluator", "Bambang Prasetyo", "evaluates all centres", "nation"),
    Persona("province-officer", "Siti Rahmawati", "province office, Jawa Timur", "region:35"),
    Persona("regency-officer", "Agus Setiawan", "city office, Kota Batu", "region:35.79"),
    Persona("unit-head", "Dewi Lestari", "heads the PLUT of Jawa Timur", "unit:35"),
    Persona("desk-officer", "Rina Kusuma", "front desk of the PLUT of Jawa Timur", "unit:35"),
    Persona("consultant", "Hendra Gunawan", "mentors at the PLUT of Jawa Timur", "unit:35"),
    Persona("facility-officer", "Yanti Marlina", "rooms and kitchens, Jawa Timur", "unit:35"),
    Persona("partnership-officer", "Fajar Nugroho", "partners of the PLUT Jawa Timur", "unit:35"),
    Persona("owner", "Sri Handayani", "owns Keripik Tempe Sari Rasa", "enterprise:owner"),
    Persona("partner-client", "Bank Mitra Usaha", "a partner's own software", "partner:bank"),
    Persona("operator", "Taufik Hidayat", "runs the platform, imports files", "nation"),
    Persona("auditor", "Maria Simanjuntak", "reads the audit trail", "nation"),
)
PERSONAS = {persona.key: persona for persona in _ALL}
