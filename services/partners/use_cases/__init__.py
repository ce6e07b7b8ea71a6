"""Every verb of partners."""

from services.partners.use_cases.agreements import (
    activate_agreement,
    add_obligation,
    draft_agreement,
    end_agreement,
    finish_agreement,
    fulfil_obligation,
    resume_agreement,
    suspend_agreement,
)
from services.partners.use_cases.endings import (
    end_what_is_apart,
    end_with_enterprise,
    follow_consent,
    pass_deadline,
    run_out,
)
from services.partners.use_cases.opportunities import (
    change_opportunity,
    close_opportunity,
    publish_opportunity,
)
from services.partners.use_cases.partners import (
    change_partner,
    register_partner,
    restore_partner,
    suspend_partner,
    verify_partner,
)
from services.partners.use_cases.referrals import (
    accept_referral,
    complete_referral,
    fail_referral,
    reject_referral,
    send_referral,
)

__all__ = [
    "accept_referral",
    "activate_agreement",
    "add_obligation",
    "change_opportunity",
    "change_partner",
    "close_opportunity",
    "complete_referral",
    "draft_agreement",
    "end_agreement",
    "end_what_is_apart",
    "end_with_enterprise",
    "fail_referral",
    "finish_agreement",
    "follow_consent",
    "fulfil_obligation",
    "pass_deadline",
    "publish_opportunity",
    "register_partner",
    "reject_referral",
    "restore_partner",
    "resume_agreement",
    "run_out",
    "send_referral",
    "suspend_agreement",
    "suspend_partner",
    "verify_partner",
]
