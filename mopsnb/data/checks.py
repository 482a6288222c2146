"""The contract's rules as SQL predicates: true where a row breaks the rule."""

from __future__ import annotations

from dataclasses import dataclass

from mopsnb.data.casts import Cast
from mopsnb.data.contract import Field, Rule
from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_text

_FIX = "Correct the value in the source."


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of fault or note, as SQL over a file's rows.

    Parameters
    ----------
    rule
        The rule's name in the contract, or the name of a note (see `mopsnb.data.casts.Cast`).
    column
        The column; for a rule on whole rows, the columns in words.
    predicate
        SQL that is true where a row has the fault.
    expected, fix
        For the message.
    is_fault
        False: good to know only.
    """

    rule: str
    column: str
    predicate: str
    expected: str
    fix: str
    is_fault: bool = True


def list_checks(file: TableFile, time_zone: str) -> list[Check]:
    """Return every check on a file's rows, in the order of the contract's columns."""
    casts = {name: file.cast(name, time_zone) for name in file.table.fields if name in file.types}
    checks: list[Check] = []
    for name, cast in casts.items():
        checks += _check_column(file.table.fields[name], cast, time_zone)
    for rule in file.table.rules:
        names = rule.facts["names"]
        empty = " AND ".join(f"NOT ({casts[name].filled})" for name in names if name in casts) or "true"
        checks.append(Check(rule.name, " or ".join(names), empty, rule.expected, "Fill one of them."))
    return checks


def _check_column(spec: Field, cast: Cast, time_zone: str) -> list[Check]:
    checks = []
    if spec.required:
        fix = "Fill the cell, or remove the row."
        checks.append(Check("required", spec.name, f"NOT ({cast.filled})", "a value in each row", fix))
    checks += [_translate_rule(rule, spec, cast) for rule in spec.rules]
    notes = {
        "naive": "a time with Z or an offset",
        "bare_date": f"a time; the start of the day in {time_zone} is taken",
        "rounded": f"at most {spec.scale} decimals",
    }
    fix = KINDS[spec.kind].fix
    checks += [Check(note, spec.name, sql, notes[note], fix, is_fault=False) for note, sql in cast.notes.items()]
    return [check for check in checks if check.predicate != "false"]


def _translate_rule(rule: Rule, spec: Field, cast: Cast) -> Check:
    is_fault = not rule.only_warn
    if rule.name == "kind":
        expected = rule.expected + (f", with at most {spec.scale} decimals" if spec.is_money else "")
        return Check("kind", spec.name, cast.bad, expected, KINDS[spec.kind].fix)
    if rule.name == "one_of":
        allowed = ", ".join(quote_text(value) for value in rule.facts["values"])
        predicate = f"coalesce({cast.value} NOT IN ({allowed}), false)"
    elif rule.name == "matches":
        predicate = f"NOT coalesce(regexp_full_match({cast.value}, {quote_text(rule.facts['pattern'])}), true)"
    else:
        sign = {"at_least": "<", "above": "<="}[rule.name]
        predicate = f"coalesce({cast.value} IS NOT NULL AND {cast.number} {sign} {rule.facts['minimum']}, false)"
    return Check(rule.name, spec.name, predicate, rule.expected, _FIX, is_fault)
