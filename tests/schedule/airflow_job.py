"""Import a generated DAG file with the real Airflow, and look at what it says: ``make airflow``.

It runs in an environment of its own, with apache-airflow and apache-airflow-providers-papermill. That environment
does not have mopsnb: the DAG file imports nothing of it.

``airflow_job.py FILE`` ends with 0 and a summary, or with what is wrong.
"""

import runpy
import sys
from datetime import UTC, datetime


def main(path: str) -> None:
    from airflow.providers.papermill.operators.papermill import PapermillOperator
    from airflow.sdk import DAG
    from airflow.timetables.base import TimeRestriction
    from airflow.timetables.trigger import CronTriggerTimetable

    found = {name: value for name, value in runpy.run_path(path).items() if isinstance(value, DAG)}
    assert found, "the file holds no DAG"
    for name, dag in found.items():
        assert dag.dag_id == name
        assert dag.catchup is False
        assert dag.max_active_runs == 1
        steps = [task for task in dag.tasks if isinstance(task, PapermillOperator)]
        assert steps, f"{name} has no papermill task"
        assert all(task.upstream_task_ids == {"prepare"} for task in steps)
        assert dag.get_task("report").upstream_task_ids == {task.task_id for task in steps}
        timetable = dag.timetable if hasattr(dag, "timetable") else dag.schedule
        core = CronTriggerTimetable(timetable.expression, timezone=timetable.timezone)
        first = core.next_dagrun_info(
            last_automated_data_interval=None,
            restriction=TimeRestriction(datetime(2026, 11, 22, 12, tzinfo=UTC), None, catchup=True),
        )
        sys.stdout.write(f"{name}: {len(steps)} papermill tasks, next at {first.run_after.isoformat()}\n")


if __name__ == "__main__":
    main(sys.argv[1])
