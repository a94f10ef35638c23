"""The formula behind each number, as text to be shown beside it.

Signs: λ arrival rate, μ = 1 / mean handling time, θ = 1 / mean patience, n agents, a = λ/μ offered load, ρ = a/n,
W wait until answered or given up, V virtual wait (of somebody who never gives up), T acceptable wait, G(t) share of
customers whose patience lasts longer than t.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.model import ServiceLevelDefinition

OFFERED_LOAD = "a = λ / μ = arrival rate · mean handling time"
ERLANG_B = "B(n, a) = (aⁿ/n!) / Σ_{k=0..n} aᵏ/k!"
ERLANG_C = "C(n, a) = B / (1 − ρ (1 − B)), B = B(n, a)"
HALFIN_WHITT = "n = a + β √a, P(wait) = 1 / (1 + β / h(−β)), h(x) = φ(x) / (1 − Φ(x))"
GARNETT = "n = a + β √a, P(wait) = 1 / (1 + √(θ/μ) h(β √(μ/θ)) / h(−β)), h(x) = φ(x) / (1 − Φ(x))"
POLLACZEK_KHINCHINE = "E[W] = ρ (1 + c²) / (2 (1 − ρ) μ), c = standard deviation / mean of the handling time"
COBHAM = "E[W_k] = C(n, a) / (n μ (1 − σ_{k−1}) (1 − σ_k)), σ_k = (λ_1 + … + λ_k) / (n μ), class 1 first"

SERVICE_LEVEL: Mapping[ServiceLevelDefinition, str] = MappingProxyType(
    {
        "offered": "answered within T / offered",
        "offered less abandoned within": "answered within T / (offered − abandoned within T)",
        "answered": "answered within T / answered",
        "abandoned within as met": "(answered within T + abandoned within T) / offered",
        "short abandons as met": "(answered within T + abandoned within the short wait) / offered",
    }
)

_ANY_QUEUE = {
    "occupancy": "a (1 − P(abandon)) / n",
    "mean_queue_length": "E[Q] = λ E[W]",
    "wait_quantile": "least t with P(W ≤ t) ≥ share",
}

ERLANG_C_QUEUE: Mapping[str, str] = MappingProxyType(
    _ANY_QUEUE
    | {
        "probability_of_wait": ERLANG_C,
        "abandonment_ratio": "0: nobody gives up",
        "mean_wait": "E[W] = C(n, a) / (n μ − λ)",
        "asa": "E[W] = C(n, a) / (n μ − λ)",
        "mean_wait_of_abandoned": "nobody gives up",
        "answered_within": "P(W ≤ T) = 1 − C(n, a) exp(−(n μ − λ) T)",
        "abandoned_within": "0: nobody gives up",
        "wait_survival": "P(W > t) = C(n, a) exp(−(n μ − λ) t)",
        "virtual_wait_survival": "P(V > t) = C(n, a) exp(−(n μ − λ) t)",
    }
)

_ANY_PATIENCE = {
    "asa": "E[W | answered] = E[V G(V)] / E[G(V)]",
    "mean_wait_of_abandoned": "E[W | abandoned] = E[∫ (G(u) − G(V)) du, u = 0..V] / P(abandon)",
    "abandoned_within": "P(W ≤ T) − answered within T",
}

ERLANG_A_QUEUE: Mapping[str, str] = MappingProxyType(
    _ANY_QUEUE
    | _ANY_PATIENCE
    | {
        "probability_of_wait": "A B / (1 + (A − 1) B), B = B(n, a), A = Σ_{j≥0} Π_{i=1..j} λ / (n μ + i θ)",
        "abandonment_ratio": "P(wait) · (1 − (1 − 1/A) / ρ)",
        "mean_wait": "E[W] = P(abandon) / θ",
        "answered_within": (
            "1 − P(wait) + P(wait) (nμ/λ) [P(x + 1, y) − P(x + 1, y exp(−θ T))] / P(x, y), "
            "x = nμ/θ, y = λ/θ, P(x, y) = γ(x, y) / Γ(x)"
        ),
        "wait_survival": "P(W > t) = P(V > t) exp(−θ t)",
        "virtual_wait_survival": "P(V > t) = P(wait) γ(nμ/θ, (λ/θ) exp(−θ t)) / γ(nμ/θ, λ/θ)",
    }
)

_DENSITY = "v(t) ∝ exp(λ ∫₀ᵗ G(u) du − n μ t)"

GENERAL_PATIENCE_QUEUE: Mapping[str, str] = MappingProxyType(
    _ANY_QUEUE
    | _ANY_PATIENCE
    | {
        "probability_of_wait": "λ J / (1/B(n − 1, a) + λ J), J = ∫₀^∞ exp(λ ∫₀ᵗ G(u) du − n μ t) dt",
        "abandonment_ratio": f"P(wait) ∫ (1 − G(t)) v(t) dt, {_DENSITY}",
        "mean_wait": f"E[W] = P(wait) ∫ (∫₀ᵗ G(u) du) v(t) dt, {_DENSITY}",
        "answered_within": f"1 − P(wait) + P(wait) ∫₀ᵀ G(t) v(t) dt, {_DENSITY}",
        "wait_survival": "P(W > t) = P(V > t) G(t)",
        "virtual_wait_survival": f"P(V > t) = P(wait) ∫ₜ^∞ v(u) du, {_DENSITY}",
    }
)
