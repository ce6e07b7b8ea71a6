"""What partners refuses to do."""

from shared.refusals import Conflict, Forbidden, Invalid, NotFound


class PartnerNotFound(NotFound):
    """No partner has this id."""

    title = "No such partner"


class AgreementNotFound(NotFound):
    """No agreement has this id."""

    title = "No such agreement"


class ObligationNotFound(NotFound):
    """The agreement has no obligation with this id."""

    title = "No such obligation"


class OpportunityNotFound(NotFound):
    """No opportunity has this id."""

    title = "No such opportunity"


class ReferralNotFound(NotFound):
    """No referral has this id, or it is none of the actor's."""

    title = "No such referral"


class NamedUnknown(Invalid):
    """A thing of ours is named that there is not."""

    title = "It names something that there is not"


class OtherPersonNeeded(Forbidden):
    """What one person entered, another one verifies."""

    title = "Another person must do this"


class PartnerSuspended(Conflict):
    """Nothing new begins with a suspended partner."""

    title = "The partner is suspended"


class PartnerNotInState(Conflict):
    """The partner is not in the state that this needs."""

    title = "The partner's state does not allow it"


class NibTaken(Conflict):
    """One business has one NIB (PP 5/2021), and one partner is one business."""

    title = "Another partner has this NIB"


class NothingChanged(Invalid):
    """The change asks for what is already so."""

    title = "Nothing to change"


class AgreementNotLiving(Conflict):
    """Only what is agreed, not suspended, and in its period carries anything."""

    title = "The agreement is not in force"


class AgreementNotInState(Conflict):
    """The agreement is not in the state that this needs."""

    title = "The agreement's state does not allow it"


class AgreementTooNarrow(Conflict):
    """The agreement does not cover what is asked of it."""

    title = "The agreement does not cover it"


class AgreementFull(Conflict):
    """It holds as many obligations as can be read with it."""

    title = "The agreement has enough obligations"


class ObligationFulfilled(Conflict):
    """It was fulfilled before."""

    title = "The obligation is fulfilled"


class OpportunityClosed(Conflict):
    """It takes nobody any more."""

    title = "The opportunity is closed"


class QuotaReached(OpportunityClosed):
    """Every place is taken; one may become free."""

    title = "Every place is taken"


class OutsideAgreement(Invalid):
    """An opportunity keeps to the scopes and the period of its agreement."""

    title = "Outside of the agreement"


class QuotaTooSmall(Invalid):
    """Places that are taken cannot be taken away."""

    title = "More places are taken"


class ConsentMissing(Conflict):
    """There is no consent in force of this enterprise for this partner (UU 27/2022, 20)."""

    title = "The owner's consent is missing"


class ConsentForOtherPurpose(Conflict):
    """The consent was given for something else (UU 27/2022, 20 and 28)."""

    title = "The consent is for another purpose"


class ConsentTooNarrow(Conflict):
    """The partner would have to be told more than was consented to."""

    title = "The consent leaves out what is needed"


class EnterpriseClosed(Conflict):
    """It ceased business."""

    title = "The enterprise is closed"


class AlreadyReferred(Conflict):
    """One enterprise has one open referral for an opportunity."""

    title = "It is referred already"


class ReferralNotInState(Conflict):
    """The referral is not in the state that this needs."""

    title = "The referral's state does not allow it"


class AnswerTooLate(Conflict):
    """The time to answer, or the consent, has run out."""

    title = "It is too late for this"


class ResultIncomplete(Invalid):
    """A result of this kind says more."""

    title = "The result is incomplete"
