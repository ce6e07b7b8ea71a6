"""Referrals as plain sets and dictionaries: what should become of them, told without a database."""

from dataclasses import dataclass, field

OPEN = ("sent", "accepted")


@dataclass
class PlainReferral:
    """Who was sent, on which consent, and what became of it and why."""

    enterprise: int
    consent: int
    status: str = "sent"
    reason: str | None = None


@dataclass
class PlainReferrals:
    """One opportunity, some enterprises and consents, by their numbers."""

    quota: int
    agreed: bool = True
    withdrawn: bool = False
    referrals: dict[int, PlainReferral] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)
    consents: dict[int, int] = field(default_factory=dict)
    """The enterprise of each consent that is in force."""

    def one(self, enterprise: int) -> int:
        """What an enterprise was merged into, if it was."""
        while enterprise in self.merged:
            enterprise = self.merged[enterprise]
        return enterprise

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return sum(r.status in (*OPEN, "completed") for r in self.referrals.values())

    def against(self, enterprise: int, consent: int) -> set[str]:
        """All that speaks against sending an enterprise."""
        successor = self.one(enterprise)
        of_consent = self.consents.get(consent)
        open_ones = {self.one(r.enterprise) for r in self.referrals.values() if r.status in OPEN}
        reasons = {
            "EnterpriseClosed": successor in self.closed,
            "ConsentMissing": of_consent is None or self.one(of_consent) != successor,
            "AgreementNotLiving": not self.agreed,
            "OpportunityClosed": self.withdrawn or not self.agreed,
            "AlreadyReferred": successor in open_ones,
            "QuotaReached": self.taken >= self.quota,
        }
        return {reason for reason, holds in reasons.items() if holds}

    def revoke(self, reason: str) -> None:
        """Revoke what rests on nothing any more."""
        for referral in self.referrals.values():
            if referral.status in OPEN and not self._rests(referral, reason):
                referral.status, referral.reason = "revoked", reason

    def _rests(self, referral: PlainReferral, reason: str) -> bool:
        if reason == "consent_withdrawn":
            consenting = self.consents.get(referral.consent)
            return consenting is not None and self.one(consenting) == self.one(referral.enterprise)
        if reason == "enterprise_closed":
            return self.one(referral.enterprise) not in self.closed
        return self.agreed or referral.status == "accepted"
