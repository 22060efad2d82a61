"""What goes wrong in a step ends that step, not the engine: it becomes the run's reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError

from polars.exceptions import PolarsError

from core.errors import SegferryError, Stopped, StorageUnavailable
from core.plan.freeze import OverLimit
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.hold import Held
from core.texts import _


@contextmanager
def recorded(work: RunAtWork) -> Iterator[None]:
    """Records an error of the block with the run, as its reason or as its hold.

    StorageUnavailable it raises until the run has waited for as long as the settings allow.
    """
    try:
        yield
    except Stopped:
        pass
    except Held as held:
        if work.has_begun_sending():  # a held run has sent nothing, and pages say so
            work.fail(str(held))
        else:
            work.hold(str(held), held.asking, held.guards)
    except OverLimit as error:
        members = error.valid + sum(error.rejected.values())
        work.record(members=members, valid=error.valid, rejected=error.rejected)
        work.fail(str(error))
    except StorageUnavailable as error:
        if work.store.runtime.waits.seconds(work.run_id) <= work.store.settings.outage_wait:
            raise
        work.fail(str(error))
    except SegferryError as error:
        work.fail(str(error))
    except (PolarsError, JSONDecodeError) as error:
        text = _("Files of run {run} are damaged: {why}. Run the export again.")
        work.fail(text.format(run=work.run_id, why=str(error).rstrip(".")))
    except OSError as error:
        work.fail(_("The data folder can't be used: {why}.").format(why=error.strerror or error))
