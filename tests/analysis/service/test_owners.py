"""Whether owners differ by more than chance explains: against exact tests of scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, fisher_exact

from mopsnb.analysis.service import compare_owners, describe_owners


def make(*pairs, agreement="calls"):
    """A row an owner of decided requests and those in time, as rate_owners returns them."""
    return pd.DataFrame(
        [
            {"agreement": agreement, "name": "Calls", "owner": f"rep-{place}", "counted": counted, "in_time": kept,
             "late": counted - kept, "overdue": 0, "kept": kept / counted if counted else np.nan}
            for place, (counted, kept) in enumerate(pairs)
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "pairs", [((12, 11), (14, 8)), ((30, 29), (9, 6)), ((226, 179), (256, 225)), ((20, 10), (20, 10))]
)
def test_two_owners_agree_with_fisher_s_exact_test(pairs):
    """Two owners: the permutations are those of Fisher's test, which orders them by how likely they are."""
    exact = fisher_exact([[kept, counted - kept] for counted, kept in pairs]).pvalue
    assert compare_owners(make(*pairs), "calls") == pytest.approx(exact, abs=0.02)


def test_many_requests_of_many_owners_agree_with_the_chi_square_test():
    pairs = ((226, 179), (335, 300), (256, 225), (258, 231), (123, 112))
    table = [[kept, counted - kept] for counted, kept in pairs]
    assert compare_owners(make(*pairs), "calls") == pytest.approx(chi2_contingency(table).pvalue, abs=0.001)


def test_owners_who_keep_it_alike_are_rarely_told_apart():
    """Of 200 agreements that all owners keep alike, about one in a hundred has p below 0.01."""
    source = np.random.default_rng(3)
    chances = [
        compare_owners(make(*zip([40] * 4, source.binomial(40, 0.85, 4).tolist(), strict=True)), "calls")
        for _ in range(200)
    ]
    assert sum(chance < 0.01 for chance in chances) <= 7
    assert 0.35 < np.mean([chance < 0.5 for chance in chances]) < 0.65


@pytest.mark.parametrize("pairs", [((30, 20),), ((4, 1), (5, 5)), ((20, 20), (30, 30)), ((20, 0), (0, 0)), ()])
def test_one_owner_few_requests_and_no_difference_to_explain_give_no_chance(pairs):
    owners = make(*pairs) if pairs else make((1, 1)).iloc[:0]
    assert np.isnan(compare_owners(owners, "calls"))
    assert describe_owners(owners) == ""


def test_the_sentences_name_who_keeps_it_least_often_and_say_where_chance_is_enough():
    calls, tickets = make((100, 95), (100, 70), (5, 1)), make((50, 45), (50, 46), agreement="tickets")
    told = describe_owners(pd.concat([calls, tickets.assign(name="Tickets")]))
    assert told.startswith(
        "“Calls”: its 3 owners differ by more than chance explains (p-value below 0.001); rep-1 keeps it least often, "
        "70%. “Tickets”: chance alone can make the differences of its 2 owners (p-value "
    )
