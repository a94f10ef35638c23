"""What a channel's target promises, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import duration, percent, say
from simulator.words.names import definition_words, period_words

if TYPE_CHECKING:
    from simulator.scenario.model import Channel, Target


def promise_words(target: Target) -> str:
    """80 % within 20 s."""
    share, time = percent(target.share, None), duration(target.within)
    if target.open_time:
        return say("words.promise_in_open_time", share=share, time=time)
    return say("words.promise", share=share, time=time)


def target_words(channel: Channel) -> str:
    """80 % within 20 s (answered, of offered, per day)."""
    target = channel.target
    promise, period = promise_words(target), period_words(target.period)
    if channel.kind == "deferred":
        return say("words.target_of_messages", promise=promise, period=period)
    of = definition_words(target.definition)
    return say("words.target_of_calls", promise=promise, definition=of, period=period)


def channel_target_words(channel: Channel) -> str:
    """Phone: 80 % within 20 s, per day."""
    period = period_words(channel.target.period)
    return say("words.target_of_channel", channel=channel.title, promise=promise_words(channel.target), period=period)
