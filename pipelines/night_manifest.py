"""A night's manifest: deliveries, policies, rules, model, code, what people signed and decided."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from matchers.decisions import decisions_hash
from matchers.model import model_version
from rules.parameters import Policy
from rules.rule import CATALOGUE_FOLDER, Catalogue
from sources.intake import IntakeSummary
from sources.release import signatures
from sources.verdict import DeliveryState
from store.link_decisions import LinkDecision
from store.manifest import (
    DeliveryInForce,
    RunManifest,
    code_version,
    hash_file,
    hash_files,
    hash_text,
)
from store.releases import Release


def night_manifest(
    intake: IntakeSummary,
    *,
    as_of: date,
    policies: Sequence[Policy],
    policy_files: Sequence[Path],
    catalogue: Catalogue,
    model: Path,
    signed: Sequence[Release],
    decisions: Sequence[LinkDecision],
) -> RunManifest:
    """Everything the night's answers depend on: the same manifest gives the same findings."""
    in_force = tuple(
        DeliveryInForce(state.dataset, delivery.business_date, delivery.content_hash)
        for state in intake.states
        for delivery in state.in_force
    )
    return RunManifest(
        as_of=as_of,
        deliveries=in_force,
        policies={path.name: hash_file(path) for path in policy_files},
        rules={rule.id: _rule_hash(rule.id) for rule in catalogue},
        code_version=code_version(),
        model_version=model_version(model),
        divisions=tuple(policy.division for policy in policies),
        others=_signed_for(intake, signed) | _standing(intake) | _said_of_links(decisions),
    )


def _said_of_links(decisions: Sequence[LinkDecision]) -> dict[str, str]:
    """What people said of pairs outranks the model, so the manifest covers it."""
    return {"link_decisions": decisions_hash(decisions)} if decisions else {}


def _standing(intake: IntakeSummary) -> dict[str, str]:
    """How each dataset stands and why: answers that were not checked say so."""
    standing = (f"{one.dataset}\t{one.state}\t{one.reason or ''}" for one in intake.states)
    return {"standing": hash_text("\n".join(standing))}


def _signed_for(intake: IntakeSummary, signed: Sequence[Release]) -> dict[str, str]:
    """Who signed for the released deliveries in force, so that the manifest says why they count."""
    in_force = [one for state in intake.states for one in state.in_force]
    released = [one for one in in_force if one.state is DeliveryState.RELEASED]
    return {
        f"release:{one.delivery_id}": hash_text(
            "\n".join(f"{given.by_name}\t{given.reason}" for given in signatures(one, signed))
        )
        for one in released
    }


def _rule_hash(rule_id: str) -> str:
    return hash_files(CATALOGUE_FOLDER.glob(f"{rule_id}.*"), CATALOGUE_FOLDER)
