"""Conversion drivers, the leak, duplicates and broken records are in the contact table as the truth says."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from tests.sample.conftest import Company

pytestmark = pytest.mark.slow

CATEGORIES = ["job_level", "company_size", "product_interest", "industry", "lead_source", "is_free_mail"]
SETTLED = pd.Timestamp("2026-07-01", tz="UTC")  # who came later had little time to become an opportunity


@pytest.fixture(scope="module")
def leads(sample: Company) -> pd.DataFrame:
    """Contacts that had time to convert, without the planted duplicates."""
    contacts = sample.table("contact")
    copies = {name for group in sample.truth["duplicates"]["groups"] for name in group["contact_ids"][1:]}
    known = contacts[~contacts.contact_id.isin(copies) & (contacts.created_at < SETTLED)]
    return known.assign(is_free_mail=known.is_free_mail.astype(str).str.lower())


def fit_logit(matrix: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit a logistic regression by Newton's method; return coefficients and standard errors."""
    weights = np.zeros(matrix.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        information = matrix.T @ (matrix * (chance * (1 - chance))[:, None])
        weights += np.linalg.solve(information, matrix.T @ (outcome - chance))
    return weights, np.sqrt(np.diag(np.linalg.inv(information)))


def encode(sample: Company, leads: pd.DataFrame, extra: list[str]) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return one column a level (against the level whose effect is 0) and the true log-odds of each."""
    truth = sample.truth["conversion"]
    columns = {"intercept": np.ones(len(leads)), "pages_before_form": leads.pages_before_form.astype(float)}
    expected = {"intercept": truth["intercept"], **truth["log_odds_per_unit"]}
    for name in CATEGORIES:
        effects = truth["log_odds"][name]
        zero = next(level for level, effect in effects.items() if effect == 0)
        for level in [level for level in effects if level != zero] + (["missing"] if name == "company_size" else []):
            values = leads[name].fillna("missing")
            columns[f"{name}={level}"] = (values == level).astype(float)
            expected[f"{name}={level}"] = effects.get(level, np.nan)
    for name in extra:
        codes = leads[name].fillna("missing").astype(str)
        numeric = pd.to_numeric(leads[name], errors="coerce")
        if numeric.notna().all():
            columns[name] = (numeric - numeric.mean()) / numeric.std()
            expected[name] = 0.0
            continue
        for level in sorted(codes.unique())[1:]:
            columns[f"{name}={level}"] = (codes == level).astype(float)
            expected[f"{name}={level}"] = 0.0
    return pd.DataFrame(columns, index=leads.index), expected


def test_a_logistic_regression_recovers_the_true_log_odds(sample: Company, leads: pd.DataFrame) -> None:
    frame, expected = encode(sample, leads, [])
    found, error = fit_logit(frame.to_numpy(float), leads.is_converted.to_numpy(float))
    z = pd.Series((found - np.array([expected[name] for name in frame])) / error, index=frame.columns).dropna()
    assert len(z) == 1 + 1 + 4 + 3 + 4 + 6 + 12 + 1  # intercept, pages, and the levels of six columns
    assert z.abs().max() < 3.5, z
    assert (z**2).mean() < 1.8


def test_noise_columns_have_no_effect(sample: Company, leads: pd.DataFrame) -> None:
    frame, expected = encode(sample, leads, sample.truth["conversion"]["noise_columns"])
    found, error = fit_logit(frame.to_numpy(float), leads.is_converted.to_numpy(float))
    noise = [name for name in frame if name.split("=")[0] in sample.truth["conversion"]["noise_columns"]]
    assert {name.split("=")[0] for name in noise} == set(sample.truth["conversion"]["noise_columns"])
    z = pd.Series(found / error, index=frame.columns)[noise]
    assert z.abs().max() < 3.3, z
    assert {expected[name] for name in noise} == {0.0}


def rank_area(score: np.ndarray, outcome: np.ndarray) -> float:
    """Return the area under the receiver operating characteristic."""
    ranks = pd.Series(score).rank().to_numpy()
    hits = outcome.astype(bool)
    return float((ranks[hits].sum() - hits.sum() * (hits.sum() + 1) / 2) / (hits.sum() * (~hits).sum()))


def test_the_true_drivers_predict_honestly_in_time_order(sample: Company, leads: pd.DataFrame) -> None:
    frame, _ = encode(sample, leads, [])
    frame = frame.loc[leads.sort_values("created_at", kind="stable").index]
    outcome = leads.is_converted.loc[frame.index].to_numpy(float)
    cut = int(len(frame) * 0.7)
    weights, _ = fit_logit(frame.to_numpy(float)[:cut], outcome[:cut])
    assert 0.7 < rank_area(frame.to_numpy(float)[cut:] @ weights, outcome[cut:]) < 0.8


def test_the_leak_column_is_filled_for_those_who_converted_and_for_hardly_anybody_else(
    sample: Company, leads: pd.DataFrame
) -> None:
    leak = sample.truth["leak"]
    filled = leads[leak["column"]].notna()
    assert filled[leads.is_converted].mean() == pytest.approx(leak["filled_of_converted"], abs=0.01)
    assert filled[~leads.is_converted].mean() == pytest.approx(leak["filled_of_others"], abs=0.004)
    assert rank_area(filled.to_numpy(float), leads.is_converted.to_numpy()) > 0.97


def test_the_only_leak_among_attributes_is_the_planted_one(sample: Company, leads: pd.DataFrame) -> None:
    truth = sample.truth["conversion"]
    later = {*truth["later_columns"], sample.truth["leak"]["column"], "is_converted", "contact_id"}
    for name in [column for column in leads if column not in later]:
        filled = leads[name].notna().to_numpy(float)
        assert abs(rank_area(filled, leads.is_converted.to_numpy()) - 0.5) < 0.06, name


@pytest.fixture(scope="module")
def contacts(sample: Company) -> pd.DataFrame:
    """All contacts by id."""
    return sample.table("contact").set_index("contact_id")


class TestDuplicates:
    """Each group is one person under several ids."""

    def test_there_are_pairs_and_groups_of_three(self, sample: Company) -> None:
        sizes = pd.Series([len(group["contact_ids"]) for group in sample.truth["duplicates"]["groups"]])
        assert set(sizes) == {2, 3}
        assert 200 <= len(sizes) <= 300

    def test_members_share_account_and_most_of_the_name(self, sample: Company, contacts: pd.DataFrame) -> None:
        for group in sample.truth["duplicates"]["groups"]:
            rows = contacts.loc[group["contact_ids"]]
            assert len(set(rows.account_id.fillna(""))) == 1
            assert len(set(rows.first_name.str[0].str.lower())) == 1
            last = rows.last_name.str.lower()
            original = set(last.iloc[0])
            assert all(set(name) <= original and abs(len(name) - len(last.iloc[0])) <= 1 for name in last)

    def test_copies_come_later_from_a_list_and_never_convert(self, sample: Company, contacts: pd.DataFrame) -> None:
        for group in sample.truth["duplicates"]["groups"]:
            first, *copies = group["contact_ids"]
            rows = contacts.loc[copies]
            assert (rows.created_at >= contacts.created_at[first]).all()
            assert (rows.lead_source == "list_import").all()
            assert not rows.is_converted.any()

    def test_merged_copies_say_into_whom_and_are_the_only_ones(self, sample: Company, contacts: pd.DataFrame) -> None:
        expected = {
            copy: group["contact_ids"][0]
            for group in sample.truth["duplicates"]["groups"]
            if group["is_merged"]
            for copy in group["contact_ids"][1:]
        }
        assert contacts.merged_into.dropna().to_dict() == expected
        assert set(contacts.index[contacts.is_deleted]) == set(expected)

    def test_no_other_two_records_share_an_address(self, sample: Company, contacts: pd.DataFrame) -> None:
        person = {name: k for k, g in enumerate(sample.truth["duplicates"]["groups"]) for name in g["contact_ids"]}
        shared = contacts[contacts.email.notna()]
        for _, rows in shared.groupby(shared.email.str.lower()):
            if len(rows) > 1:
                assert len({person[name] for name in rows.index}) == 1


def invalid(address: object) -> bool:
    return isinstance(address, str) and not re.fullmatch(r"[^@\s]+@[a-z0-9.-]+\.[a-z]{2,}", address.lower())


def is_junk(phone: object) -> bool:
    return isinstance(phone, str) and not re.fullmatch(r"\+1 ?\d{3} ?555 ?01\d\d ?(ext\.|x) ?\d{3}", phone)


BROKEN = {
    "email_invalid": lambda frame: frame.email.map(invalid),
    "phone_junk": lambda frame: frame.phone.map(is_junk),
    "email_missing": lambda frame: frame.email.isna(),
    "country_missing": lambda frame: frame.country.isna(),
    "job_title_missing": lambda frame: frame.job_title.isna(),
    "activity_before_creation": lambda frame: frame.last_activity_at < frame.created_at,
    "updated_before_creation": lambda frame: frame.updated_at < frame.created_at,
    "consent_in_1970": lambda frame: frame.consent_at < pd.Timestamp("2000-01-01", tz="UTC"),
    "owner_gone": lambda frame: ~frame.owner.isin(frame.owner.value_counts().index[:5]),
}


def test_every_kind_of_broken_record_is_tested_here(sample: Company) -> None:
    assert set(BROKEN) == set(sample.truth["broken_records"])


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_broken_records_are_exactly_those_of_the_truth(sample: Company, kind: str) -> None:
    contacts = sample.table("contact")
    found = set(contacts.contact_id[BROKEN[kind](contacts)])
    assert found == set(sample.truth["broken_records"][kind]["contact_ids"])
    assert len(found) >= 20


def test_each_broken_record_is_broken_in_one_way(sample: Company) -> None:
    names = [name for item in sample.truth["broken_records"].values() for name in item["contact_ids"]]
    assert len(names) == len(set(names))
