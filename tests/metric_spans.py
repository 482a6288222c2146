"""Rows that total several days, in plain Python: in which periods they count, and which of them say the same."""

from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd
from metric_sources import Source, list_months

NOWHERE = object()


def _text(cell):
    return None if cell is None or pd.isna(cell) else cell


@dataclass
class SpanSource(Source):
    """Rows with a first and a last day, and the columns that say whose figures they are."""

    keys: list = field(default_factory=list)
    begun: list = field(default_factory=list)
    group: str = ""

    def settle(self, label_of):
        """Return the rows that count, with their periods as ``label``; ``label_of`` gives the period of a day."""
        owners = list(self.rows[self.keys].map(_text).itertuples(index=False, name=None))
        groups = [_text(cell) for cell in self.rows[self.group]] if self.group else [None] * len(owners)
        lying = {}
        for place, (owner, group, first, last) in enumerate(
            zip(owners, groups, self.begun, self.rows["day"], strict=True)
        ):
            labels = {label_of.get(first + timedelta(days=n), NOWHERE) for n in range((last - first).days + 1)}
            if len(labels) == 1 and NOWHERE not in labels:
                lying.setdefault(owner, []).append((place, group, first, last, labels.pop()))
        chosen = {}
        for mine in lying.values():
            sound = [one for one in mine if not self._is_torn(one, mine)]
            long = [one for one in sound if one[2] < one[3]]
            kept = [
                one for one in sound if not any(self._covers(other, one) for other in long if other[2:4] != one[2:4])
            ]
            wholes = {one[2:4] for one in sound if one[1] is None}
            chosen |= {one[0]: one[4] for one in kept if one[1] is None or one[2:4] not in wholes}
        places = sorted(chosen)
        return self.rows.iloc[places].assign(label=pd.Series([chosen[p] for p in places], dtype=object).to_numpy())

    def months_of(self, cut, as_of):
        """Return the months of which rows speak that lie in one period."""
        days = [self.begun[place] for place in range(len(self.begun))]
        label_of, day = {}, min(days, default=as_of)
        while day <= as_of:
            label_of[day] = cut(day)
            day += timedelta(days=1)
        held = self.settle(label_of)
        begun = dict(zip(self.rows.index, self.begun, strict=True))
        return {month for at, last in held["day"].items() for month in list_months(begun[at], last)}

    @staticmethod
    def _covers(total, other):
        same = total[1] is None or total[1] == other[1]
        return same and total[2] <= other[2] and total[3] >= other[3]

    def _is_torn(self, total, others):
        if (total[2].year, total[2].month) == (total[3].year, total[3].month):
            return False
        near = [
            one for one in others if one[2] <= total[3] and one[3] >= total[2] and len({total[1], one[1], None}) < 3
        ]
        return not all(self._covers(total, one) or self._covers(one, total) for one in near)
