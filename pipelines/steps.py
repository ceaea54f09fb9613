"""The steps of a night, each a plain function that is safe to repeat."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from casework.findings import current_findings
from casework.recurrence import record_run
from casework.watched import watched_cases
from domain.dates import HERE
from domain.errors import HeduiError
from domain.wording import joined, language, text
from matchers.decisions import decision_table
from matchers.link import link as link_records
from matchers.memory import Memory, recall
from matchers.model import load_model
from pipelines.applicants import judge_for_checks
from pipelines.clock import Clock, utc_now
from pipelines.night_manifest import night_manifest
from pipelines.parity import Parity, sample_parity
from pipelines.progress import Progress, silent
from pipelines.run import Run, RunOutcome, RunRequest, made
from reports.build import RunFacts, build_report
from reports.delivery_pages import quality_path, render_quality, write_text
from reports.page import write_page
from reports.run_report import RunReport
from reports.workbook import write_workbook
from rules.engine import evaluate
from rules.parameters import Policy, check_divisions, load_policy
from rules.readiness import check_rules
from rules.rule import load_catalogue
from sources.connectors.failure import keep_unfetched
from sources.connectors.folder import look_into, lying_in
from sources.connectors.gathering import Gathered, gather
from sources.connectors.spool import Spool
from sources.contract import load_dictionary
from sources.intake import assemble_intake, receive
from sources.routes import Routes, load_routes
from sources.survey import survey
from store.deliveries import DeliveryStore
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.link_decisions import link_decisions
from store.locking import run_lock
from store.releases import releases
from store.runs import Run as LedgerRun
from store.runs import begin_run, fail_run, finish_run
from store.snapshot import (
    building_snapshot,
    drop_old_snapshots,
    open_snapshot,
    open_snapshot_file,
    snapshot_name,
)
from store.snapshot_desk import SnapshotDesk
from store.workspace import open_workspace

_LANGUAGE: Final = "report_language"


@contextmanager
def opened(
    request: RunRequest, progress: Progress = silent, clock: Clock = utc_now
) -> Iterator[Run]:
    """Everything a night needs, checked before anything is written, and released at the end.

    Raises HeduiError for a policy, rule, inbox, routes or workspace that cannot serve,
    AnotherRunGoing where a run is alive. A run that fails is noted as failed, with its reason, in
    the ledger.
    """
    catalogue = load_catalogue()
    policies = tuple(load_policy(path) for path in request.policies)
    check_divisions(policies)
    for policy in policies:
        policy.require(catalogue.parameters, request.as_of)
    check_rules(catalogue, policies, request.as_of)
    load_model(request.model)
    routes = _looked_at(request)
    with ExitStack() as resources:
        workspace = open_workspace(request.workspace)
        ledger = resources.enter_context(Ledger.open(workspace))
        resources.enter_context(run_lock(ledger, workspace, at=clock()))
        run = Run(request, progress, clock, catalogue, policies, workspace, ledger, resources)
        run.routes = routes
        try:
            yield run
        except HeduiError as error:
            _note_failure(run, error.key)
            raise
        except BaseException as error:
            _note_failure(run, type(error).__name__)
            raise


def run_night(
    request: RunRequest, progress: Progress = silent, clock: Clock = utc_now
) -> RunOutcome:
    """The whole night without Prefect."""
    with opened(request, progress, clock) as run:
        take_in(run)
        if not run.is_done_before:
            link(run)
            judge(run)
            publish(run)
            report(run)
        return outcome_of(run)


def take_in(run: Run) -> None:
    """Judge the deliveries, write the manifest, and build ``clean`` in a new snapshot.

    Where the same manifest was published before (and nothing is asked in full), the night ends
    here: ``run.is_done_before``. Its report is written again where it is of another language than
    the one in use, or gone.
    """
    gathered = _gather(run)
    with _timed(run, "take_in"):
        signed = releases(run.ledger)
        run.decisions = tuple(link_decisions(run.ledger))
        scratch = DuckDBEngine(spill_to=run.workspace.tmp / "spill")
        with scratch:
            intake = receive(
                scratch,
                inbox=run.request.inbox,
                workspace=run.workspace.path,
                as_of=run.request.as_of,
                full=run.request.full,
                releases=signed,
                progress=_told(run, "take_in"),
                gathered=gathered,
                today=_today(run),
            )
        run.arriving, run.misnamed = intake.arriving, intake.misnamed
        if gathered:
            Spool(run.workspace.spool).clear(run.request.as_of)
        manifest = night_manifest(
            intake,
            as_of=run.request.as_of,
            policies=run.policies,
            policy_files=run.request.policies,
            catalogue=run.catalogue,
            model=run.request.model,
            signed=signed,
            decisions=run.decisions,
        )
        run.entry = begin_run(run.ledger, manifest, at=run.clock(), full=run.request.full)
        if run.entry.is_done and not run.request.full:
            _write_quality(run)  # what was refused or held since changes no answer, but is said
            _renew_report(run)
            return
        run.build = run.resources.enter_context(building_snapshot(run.workspace, manifest.run_id))
        assemble_intake(run.engine, intake)


def link(run: Run) -> None:
    """Tie every record to the person it speaks of: schema ``linked``."""
    with _timed(run, "link"):
        link_records(
            run.engine,
            as_of=run.request.as_of,
            model=load_model(run.request.model),
            decisions=decision_table(run.decisions),
            memory=_memory(run),
            progress=_told(run, "link"),
        )


def _memory(run: Run) -> Memory:
    """What the snapshot in force compared; nothing where all is to be done anew."""
    if run.request.full or snapshot_name(run.ledger) is None:
        return Memory()
    with open_snapshot(run.workspace, run.ledger) as before:
        return recall(before)


def judge(run: Run) -> None:
    """Ask every rule of every case: schema ``judged``."""
    with _timed(run, "judge"):
        said = _told(run, "judge")
        rules = [rule.id for rule in run.catalogue]
        evaluate(
            run.engine,
            catalogue=run.catalogue,
            policies=run.policies,
            as_of=run.request.as_of,
            progress=lambda name: said(
                name, rules.index(name) + 1 if name in rules else 0, len(rules)
            ),
        )
        judge_for_checks(
            run.engine,
            catalogue=run.catalogue,
            policies=run.policies,
            policy_files=run.request.policies,
            as_of=run.request.as_of,
        )


def publish(run: Run) -> None:
    """Record the findings, seal the snapshot and put it in force, as one act."""
    with _timed(run, "publish"):
        run.engine.drop_working("shared")
        sealed = made(run.build).seal()
        with open_snapshot_file(run.workspace, sealed.name) as engine:
            record_run(run.ledger, engine, made(run.entry), at=run.clock(), snapshot=sealed)
        drop_old_snapshots(run.workspace, run.ledger)


def report(run: Run) -> None:
    """Write workbook, page and quality page of the run's date, and end the run."""
    with _timed(run, "report"):
        entry = made(run.entry)
        run.report = _write_report(run, entry)
        _write_quality(run)
        run.parity = _parity(run, entry)
        counts = {
            "parity_asked": run.parity.asked,
            "parity_differing": list(run.parity.differing),
            _LANGUAGE: language(),
        }
        finish_run(run.ledger, entry, at=run.clock(), counts=counts)


def _write_report(run: Run, entry: LedgerRun) -> RunReport:
    """Write workbook and page from the snapshot of the run's date."""
    as_of = run.request.as_of
    with open_snapshot(run.workspace, run.ledger, as_of) as engine:
        findings = current_findings(run.ledger, as_of)
        facts = RunFacts(as_of, entry.run_id, _district(run.policies), run.unfetched)
        watched = watched_cases(run.ledger, engine)
        made_of_it = build_report(facts, engine, findings, run.catalogue, watched)
    run.report_folder.mkdir(parents=True, exist_ok=True)
    said = _told(run, "report")
    said("workbook", 0, 2)
    write_workbook(made_of_it, _workbook(run))
    said("page", 1, 2)
    write_page(made_of_it, _page(run))
    said("page", 2, 2)
    return made_of_it


def _renew_report(run: Run) -> None:
    """Write the report of a night done before again, where it is of another language or gone.

    Where the night's snapshot is no longer kept, the report stays as it is.
    """
    entry = made(run.entry)
    counts = dict(entry.counts or {})
    is_there = _workbook(run).is_file() and _page(run).is_file()
    if is_there and counts.get(_LANGUAGE) == language():
        return
    if not (run.workspace.snapshots / (entry.snapshot or "-")).is_file():
        return
    with _timed(run, "report"):
        _write_report(run, entry)
        finish_run(run.ledger, entry, at=run.clock(), counts=counts | {_LANGUAGE: language()})
    run.is_rewritten = True


def outcome_of(run: Run) -> RunOutcome:
    """How the night ended, for whoever asked for it."""
    return RunOutcome(
        as_of=run.request.as_of,
        run_id=made(run.entry).run_id,
        report=run.report,
        workbook=_workbook(run),
        page=_page(run),
        seconds=dict(run.seconds),
        parity=run.parity,
        unfetched=run.unfetched,
        is_rewritten=run.is_rewritten,
        arriving=run.arriving,
        misnamed=run.misnamed,
    )


def _parity(run: Run, entry: LedgerRun) -> Parity:
    """A sample of the snapshot in force, asked again as a check asks; of an older date, none."""
    desk = SnapshotDesk(run.workspace, run.ledger)
    try:
        if desk.name() != snapshot_name(run.ledger, run.request.as_of):
            return Parity(0, ())
        return sample_parity(
            desk, catalogue=run.catalogue, as_of=run.request.as_of, seed=entry.run_id
        )
    finally:
        desk.close()


def _looked_at(request: RunRequest) -> Routes | None:
    """The routes, read and found right; refuses an inbox, or no way in at all, just as early."""
    dictionary = load_dictionary()
    if request.sources is None:
        if request.inbox is None:
            raise HeduiError("sources_neither")
        received = DeliveryStore(request.workspace)
        look_into(request.inbox, dictionary, has_received=received.has_records())
        return None
    if request.inbox is not None:
        lying_in(request.inbox, dictionary)
    return load_routes(request.sources, dictionary)


def _gather(run: Run) -> Gathered | None:
    """Fetch by the routes; what could not be fetched is told with the outcome."""
    if run.routes is None:
        return None
    with _timed(run, "fetch"):
        gathered = gather(
            run.routes,
            load_dictionary(),
            spool=Spool(run.workspace.spool),
            store=DeliveryStore(run.workspace.path),
            as_of=run.request.as_of,
            has_inbox=run.request.inbox is not None,
            today=_today(run),
            progress=_told(run, "fetch"),
        )
    run.unfetched = gathered.unfetched
    keep_unfetched(run.workspace.unfetched_file, gathered.unfetched)
    return gathered


def _today(run: Run) -> date:
    """The day it is, as far as the machine knows."""
    return run.clock().astimezone(HERE).date()


def _write_quality(run: Run) -> None:
    """The quality page of the date, for the departments that deliver."""
    found = survey(run.workspace.path, releases(run.ledger), run.request.as_of)
    page = quality_path(run.report_folder, run.request.as_of)
    write_text(render_quality(found), page)


def _district(policies: tuple[Policy, ...]) -> str:
    return joined(policy.title for policy in policies)


def _workbook(run: Run) -> Path:
    return run.report_folder / f"hedui-{run.request.as_of}.xlsx"


def _page(run: Run) -> Path:
    return run.report_folder / f"hedui-{run.request.as_of}.html"


def _told(run: Run, step: str) -> Progress:
    """Progress under the step's name; what is within it is not shown apart."""
    name = text(f"cli.steps.{step}")
    return lambda _, done, total: run.progress(name, done, total)


@contextmanager
def _timed(run: Run, step: str) -> Iterator[None]:
    name = text(f"cli.steps.{step}")
    run.progress(name, 0, 0)
    start = time.monotonic()
    yield
    run.seconds[name] = time.monotonic() - start


def _note_failure(run: Run, reason: str) -> None:
    if run.entry is not None and not run.entry.is_done:
        fail_run(run.ledger, run.entry, at=run.clock(), reason=reason)
