"""Cron expressions: what is read, and how a wrong one is refused."""

import pytest

from mopsnb.schedule.cron import read_cron


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 6 * * MON", "At 06:00 on Monday"),
        ("*/15 8-17 * * mon-fri", "Every 15th minute from 08:00 through 17:59 on Monday through Friday"),
        ("0 7 L * *", "At 07:00 on the last day of every month"),
        ("0 0 1 JAN *", "At 00:00 on January 1"),
    ],
)
def test_an_expression_explains_itself(text: str, words: str) -> None:
    assert read_cron(text).explain() == words


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("@daily", 'Write "0 0 * * *" instead of @daily.'),
        ("0 6 * *", "It has 4 fields, not five"),
        ("0 0 6 * * MON", "There is no field for seconds."),
        ("60 6 * * *", "Minutes go from 0 to 59."),
        ("0 24 * * *", "Hours go from 0 to 23."),
        ("0 6 32 * *", "Days go from 1 to 31"),
        ("0 6 30 2 *", "The months named must have such a day."),
        ("0 6 * 13 *", "Months go from 1 to 12"),
        ("0 6 * * FRI-MON", "A range goes upwards"),
        ("0 6 * * MONDAY", "Weekdays go from 0"),
        ("2-2/5 6 * * *", "Write 2 instead of 2-2/5."),
        ("*/0 6 * * *", "Minutes go from 0 to 59."),
        ("", "It has 0 fields"),
    ],
)
def test_what_is_no_expression_is_refused_with_the_way_to_put_it_right(text: str, advice: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_cron(text)
    assert advice in str(caught.value)


def test_blanks_and_small_letters_do_not_matter() -> None:
    assert read_cron(" 0  6 * jan  mon ").text == "0 6 * JAN MON"
