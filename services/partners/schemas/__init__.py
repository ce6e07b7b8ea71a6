"""What the API of partners takes and gives."""

from services.partners.schemas.agreements import (
    AddObligation,
    AgreementView,
    DraftAgreement,
    ObligationView,
    WholeAgreement,
)
from services.partners.schemas.opportunities import (
    CandidateView,
    ChangeOpportunity,
    OpportunityView,
    PublishOpportunity,
)
from services.partners.schemas.partners import (
    Because,
    ChangePartner,
    PartnerView,
    RegisterPartner,
)
from services.partners.schemas.referrals import (
    AcceptReferral,
    CompleteReferral,
    FailReferral,
    ReferralView,
    RejectReferral,
    SendReferral,
)

__all__ = [
    "AcceptReferral",
    "AddObligation",
    "AgreementView",
    "Because",
    "CandidateView",
    "ChangeOpportunity",
    "ChangePartner",
    "CompleteReferral",
    "DraftAgreement",
    "FailReferral",
    "ObligationView",
    "OpportunityView",
    "PartnerView",
    "PublishOpportunity",
    "ReferralView",
    "RegisterPartner",
    "RejectReferral",
    "SendReferral",
    "WholeAgreement",
]
