"""The gate: a claim without an exact quote does not exist, whoever proposed it."""

from __future__ import annotations

from collections.abc import Iterable

from constat.errors import EvidenceError
from constat.records import Claim, Document, Toll


def verify(document: Document, proposals: Iterable[Claim]) -> tuple[Claim, ...]:
    """The proposals whose every span stands in the document; raises `EvidenceError` on one that does not.

    A reader that quotes what is not there is at fault as a whole: its claim is refused with the reason, never mended.
    """
    admitted = []
    for claim in proposals:
        if not claim.spans:
            raise EvidenceError(f"document {document.id}: the claim {claim.field}={claim.value!r} quotes nothing")
        for span in claim.spans:
            span.check(document)
        if isinstance(claim.value, Toll) and claim.value.high is not None and claim.value.low > claim.value.high:
            raise EvidenceError(
                f"document {document.id}: {claim.field} runs from {claim.value.low} to {claim.value.high}"
            )
        admitted.append(claim)
    return tuple(admitted)
