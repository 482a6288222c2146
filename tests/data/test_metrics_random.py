"""Every metric compared with pandas and plain Python on random small tables."""

import pytest
from metric_random import draw_case
from metric_tables import make_tables

LONG = pytest.mark.soak


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed == 1 else LONG) for seed in range(20)]
)
def test_every_metric_of_random_tables_equals_the_reference(seed):
    """Missing cells, zero denominators, twins, moments around midnight, months without rows, tables without any."""
    case = draw_case(seed)
    case.check(make_tables(**case.rows))
