"""Goals and what they are tied to."""

from datetime import date

import analysis_samples as samples
import pandas as pd

from mopsnb.analysis import check_trace, list_links, trace_goals

TASKS = pd.DataFrame(
    {
        "task_id": ["1", "2", "3", "4"],
        "goal": ["low", "low", None, "ghost"],
        "status": ["done", "todo", "todo", "in_progress"],
    }
)


def make():
    top = samples.make_goal(id="top", statement="Top")
    low = samples.make_goal(id="low", statement="Low", parent="top")
    bare = samples.make_goal(id="bare", statement="Bare", metric="ghost", stakeholders=[])
    return samples.make_strategy(top, low, bare)


def test_each_goal_stands_with_its_ties_and_the_loneliest_comes_first():
    trace = trace_goals(make(), samples.CATALOGUE, TASKS).set_index("goal")

    assert trace.index.tolist() == ["bare", "top", "low"]
    assert trace.loc["bare", "orphan"] == "no metric, no stakeholder and no task"
    assert (trace["orphan"] == "").tolist() == [False, True, True]
    assert trace.loc["low", ["parent", "tasks", "open_tasks"]].tolist() == ["Top", 2, 1]


def test_tasks_of_a_goal_below_count_for_the_goals_above():
    assert trace_goals(make(), samples.CATALOGUE, TASKS).set_index("goal").loc["top", "tasks"] == 2


def test_without_a_table_of_tasks_no_goal_lacks_one():
    trace = trace_goals(make(), samples.CATALOGUE).set_index("goal")

    assert trace["tasks"].isna().all()
    assert trace.loc["top", "orphan"] == ""
    assert check_trace(make(), trace.reset_index(), None, None) == []


def test_the_matrix_has_a_cell_for_each_goal_and_column():
    strategy = make()
    links = list_links(strategy, trace_goals(strategy, samples.CATALOGUE, TASKS))

    columns = ["Metric", "Tasks", *(person.name for person in strategy.stakeholders)]
    assert len(links) == 3 * len(columns)
    assert links["link"].unique().tolist() == columns
    bare = links[links["goal"] == "bare"]
    assert bare["count"].sum() == 0


def test_goals_without_a_task_and_tasks_without_a_goal_are_notes():
    strategy = make()
    trace = trace_goals(strategy, samples.CATALOGUE, TASKS)

    found = {item.id: item for item in check_trace(strategy, trace, TASKS, date(2026, 6, 30))}

    assert set(found) == {"goals.no-task.bare", "tasks.no-goal"}
    assert "3 and 4" in found["tasks.no-goal"].evidence
    assert {item.severity for item in found.values()} == {"info"}
    later = {item.id for item in check_trace(strategy, trace, TASKS, date(2030, 1, 1))}
    assert later == {"tasks.no-goal"}
