"""A linkage model fitted to what a workspace holds."""

from datetime import date

from domain.errors import HeduiError
from matchers.model import Model
from matchers.weights import fit
from pipelines.progress import Progress, silent
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import scratch_on_snapshot
from store.workspace import Workspace


def fit_model(
    workspace: Workspace, *, seed: int, as_of: date | None = None, progress: Progress = silent
) -> Model:
    """The model that the records of the newest run (or that of ``as_of``) teach.

    It links the snapshot's records anew, aside, and learns from the pairs; the workspace stays as
    it is. Raises HeduiError ``snapshot_none`` where nothing was published, and those of
    :func:`fit`.
    """
    with Ledger.open(workspace) as ledger:
        run = newest_run(ledger, as_of)
        if run is None:
            raise HeduiError("snapshot_none", workspace=workspace.path, as_of=as_of or "-")
        with scratch_on_snapshot(workspace, ledger, run.as_of, ["clean"]) as engine:
            return fit(engine, as_of=run.as_of, seed=seed, progress=progress)
