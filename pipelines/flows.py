"""Prefect's view of the steps; the only file that imports Prefect."""

from datetime import date, datetime, timedelta
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from domain.dates import HERE
from domain.errors import ParityDiffers
from domain.wording import joined
from pipelines import steps
from pipelines.progress import Progress, silent
from pipelines.run import RunOutcome, RunRequest

# The steps share open files and connections, so nothing of them is cached or stored by Prefect.
# A step is not retried by itself: it is safe to run the whole night again.
take_in = task(cache_policy=NO_CACHE, persist_result=False)(steps.take_in)
link = task(cache_policy=NO_CACHE, persist_result=False)(steps.link)
judge = task(cache_policy=NO_CACHE, persist_result=False)(steps.judge)
publish = task(cache_policy=NO_CACHE, persist_result=False)(steps.publish)
report = task(cache_policy=NO_CACHE, persist_result=False)(steps.report)


@flow(name="nightly", persist_result=False)
def nightly(
    policies: list[Path],
    workspace: Path,
    inbox: Path | None = None,
    as_of: date | None = None,
    full: bool = False,
    sources: Path | None = None,
) -> str:
    """Take in what was delivered, link it, evaluate every rule, publish one snapshot, report.

    ``as_of`` is the business date; left out, it is the day before the scheduled start in
    Asia/Shanghai, so that a late or repeated start of one schedule means the same evening.
    Deliveries come from ``inbox``, by the routes of the file ``sources``, or both; what could not
    be fetched is logged, with the reason. Returns the run's id. Parameters are folders and dates,
    never anything about a person.
    """
    request = RunRequest(
        inbox=inbox,
        policies=tuple(policies),
        workspace=workspace,
        as_of=as_of or evening_before(flow_run.scheduled_start_time),
        full=full,
        sources=sources,
    )
    outcome = run_as_flow(request)
    for unfetched in outcome.unfetched:
        get_run_logger().warning("%s", unfetched.says())
    if outcome.parity is not None and outcome.parity.differing:
        # Published all the same; as a failed flow run it is seen by whoever watches the nights.
        raise ParityDiffers("parity_differs", cases=joined(outcome.parity.differing))
    return outcome.run_id


def run_flow(request: RunRequest, progress: Progress = silent) -> RunOutcome:
    """The night as a flow in this process; without a server configured Prefect starts its own."""

    @flow(name="nightly", persist_result=False)
    def nightly_here() -> RunOutcome:
        return run_as_flow(request, progress)

    return nightly_here()


def evening_before(scheduled: datetime) -> date:
    """The business date of a nightly run scheduled at ``scheduled``."""
    return scheduled.astimezone(HERE).date() - timedelta(days=1)


def run_as_flow(request: RunRequest, progress: Progress = silent) -> RunOutcome:
    """The steps in their order as Prefect tasks; call it inside a flow."""
    with steps.opened(request, progress) as run:
        take_in(run)
        if run.is_done_before:
            return steps.outcome_of(run)
        link(run)
        judge(run)
        publish(run)
        report(run)
        return steps.outcome_of(run)
