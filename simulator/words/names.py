"""Names of what scenarios and records enumerate, as screens show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import say

if TYPE_CHECKING:
    from simulator.contacts import Cause, Outcome
    from simulator.scenario.model import ChannelKind, Employer, ServiceLevelDefinition, TargetPeriod


def cause_words(cause: Cause) -> str:
    """Why a contact was made: redial."""
    return say(f"names.cause.{cause.name.lower()}")


def outcome_words(outcome: Outcome) -> str:
    """How a contact ended: abandoned."""
    return say(f"names.outcome.{outcome.name.lower()}")


def channel_kind_words(kind: ChannelKind) -> str:
    """What kind a channel is of: live."""
    return say(f"names.channel_kind.{kind}")


def definition_words(definition: ServiceLevelDefinition) -> str:
    """What a service level is a share of: offered less abandoned within."""
    return say(f"names.definition.{definition}")


def employer_words(employer: Employer) -> str:
    """Who employs a group: in-house."""
    return say(f"names.employer.{employer}")


def period_words(period: TargetPeriod) -> str:
    """What a target is judged by: per day."""
    return say(f"names.period.{period}")
