"""At which layer a call ended, in the order in which a service comes to them."""

from collections import Counter
from collections.abc import Mapping

from facematch import codes
from facematch.analytics.rows import Funnel, FunnelStep

ORDER = (
    "request", "authorization", "source", "acquisition", "liveness",
    "challenge", "identity", "reference", "comparison", "system",
)  # fmt: skip
BARE = "http_error"  # the outcome of an answer without the contract's envelope: its HTTP status alone tells the layer
WITHOUT_VERDICT = ("validate_data",)  # endpoints whose answer holds none
_RENAMED = {"policy": "authorization", "decision": "system"}  # too many calls; errcode 0, and yet it failed
STATUSES = {
    **dict.fromkeys((400, 411, 413, 414, 415, 422, 431), "request"),
    **dict.fromkeys((401, 403, 407, 429), "authorization"),
}


def layer_of(outcome: str, errcode: int | None, http_status: int | None = None) -> str:
    """The layer that a failed call ended at; what nothing is known of is the system's."""
    if outcome == "request_invalid":
        return "request"
    if errcode is None:
        return STATUSES.get(http_status or 0, "system") if outcome == BARE else "system"
    code = codes.find(errcode)
    return "system" if code is None else _RENAMED.get(code.layer, code.layer)


def funnel(ended: Mapping[str, int], *, passed: int, not_passed: int, accepted: int, live_codes: int) -> Funnel:
    """The funnel of what *ended* at each layer and what did not."""
    left = passed + not_passed + accepted + live_codes + sum(ended.values())
    counted, steps = Counter(ended), list[FunnelStep]()
    for layer in ORDER:
        steps.append(FunnelStep(layer, left, counted[layer]))
        left -= counted[layer]
    return Funnel(tuple(steps), passed, not_passed, accepted, live_codes)
