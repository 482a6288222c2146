"""What stands in a workspace's own metrics, turned into definitions: each fault with its place and a fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from mopsnb.data.catalogue import Metric, read_catalogue, read_definitions
from mopsnb.data.contract import TABLES
from mopsnb.data.metric_syntax import check_expression, check_query
from mopsnb.data.relations import Measure, Relation, build_measures
from mopsnb.errors import suggest
from mopsnb.strategy.syntax import Problem

_SECTIONS = ("relations", "measures", "metrics")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = ("count", "sum", "distinct", "level")
# What pydantic's kinds of errors mean, in words for people.
_EXPECTED = {
    "tuple_type": "a list in square brackets, such as [deal]",
    "string_type": "a text",
    "string_too_short": "a text",
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "greater_than_equal"), "a whole number from 1 on"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "keys with values"),
}


def build_own(data: dict[str, Any], problems: list[Problem]) -> dict[str, Metric]:
    """Return the metrics of a workspace's file that are sound; what is wrong with the others joins the problems.

    Parameters
    ----------
    data
        The file's values.
    problems
        Grows by what is wrong.
    """
    known_relations, known_measures = read_definitions()
    for key in data:
        if key not in _SECTIONS:
            problems.append(Problem((key,), f"one of the keys {', '.join(_SECTIONS)}", suggest(key, _SECTIONS), key))
    relations, measures, metrics = dict(known_relations), dict(known_measures), {}
    for name, fields in _list_entries(data, "relations", problems):
        if relation := _build_relation(name, fields, known_relations, problems):
            relations[name] = relation
    broken = _list_names(data, "relations") - {*relations}  # their own faults are listed: what rests on them is not
    for name, fields in _list_entries(data, "measures", problems):
        if broken & {*_list_texts(fields.get("of"))}:
            continue
        if measure := _build_measure(name, fields, known_measures, relations, problems):
            measures[name] = measure
    broken = _list_names(data, "measures") - {*measures}
    entries = list(_list_entries(data, "metrics", problems))
    names = {*read_catalogue(), *(name for name, _ in entries)}
    for name, fields in entries:
        if broken & {*_list_texts(fields.get("numerator")), *_list_texts(fields.get("denominator"))}:
            continue
        if metric := _build_metric(name, fields, measures, names, problems):
            metrics[name] = metric
    return metrics


def _list_names(data: dict[str, Any], section: str) -> set[str]:
    entries = data.get(section)
    return {*entries} if isinstance(entries, dict) else set()


def _list_texts(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _list_entries(data: dict[str, Any], section: str, problems: list[Problem]) -> Iterable[tuple[str, dict[str, Any]]]:
    entries = data.get(section) or {}
    if not isinstance(entries, dict):
        problems.append(Problem((section,), "names with their definitions below", "Write each as 'name:' and indent."))
        return
    for name, fields in entries.items():
        if not _NAME.fullmatch(name):
            expected = "a name of lower-case letters, digits and underscores"
            problems.append(Problem((section, name), expected, "Rename it, for example webinar_leads.", name))
        elif not isinstance(fields, dict):
            problems.append(Problem((section, name), "keys with values", "Indent the keys below the name."))
        elif "name" in fields:
            problems.append(Problem((section, name, "name"), "no key 'name'", f"Remove it: the name is {name}."))
        else:
            yield name, fields


def _build_relation(
    name: str, fields: dict[str, Any], known: Mapping[str, Relation], problems: list[Problem]
) -> Relation | None:
    path = ("relations", name)
    if name in known:
        problems.append(
            Problem(path, "a name that is not taken", "Choose another name; built-in relations stay.", name)
        )
        return None
    if "spans" in fields:
        expected = "no key 'spans', which built-in relations alone have"
        problems.append(Problem((*path, "spans"), expected, "Leave rows that others cover out in 'sql'."))
        return None
    try:
        relation = Relation.model_validate({"name": name, **fields})
    except ValidationError as error:
        problems += _translate(path, error, Relation)
        return None
    strange = [table for table in relation.tables if table not in TABLES]
    faults = (
        [Problem((*path, "tables"), "tables of the data dictionary", suggest(strange[0], TABLES), strange[0])]
        if strange
        else []
    )
    expressions = {"time": relation.time, "begins": relation.begins, "where": relation.where, "person": relation.person}
    expressions |= {f"marks {place}": mark for place, mark in enumerate(relation.marks)}
    naming = relation.naming
    listed = (*naming.systems, *naming.campaign, *naming.channels, naming.channel)
    expressions |= {f"naming {place}": text for place, text in enumerate(listed)}
    for key, text in expressions.items():
        reason = check_expression(text, relation.tables) if text else ""
        if reason:
            faults.append(Problem((*path, key.partition(" ")[0]), "one SQL expression", reason, text))
    reason = check_query(relation.sql, relation.tables) if relation.sql else ""
    if reason:
        faults.append(Problem((*path, "sql"), "one SELECT over the tables that are named", reason, relation.sql))
    problems += faults
    return None if faults else relation


def _build_measure(
    name: str,
    fields: dict[str, Any],
    known: Mapping[str, Measure],
    relations: dict[str, Relation],
    problems: list[Problem],
) -> Measure | None:
    path = ("measures", name)
    if name in known:
        problems.append(Problem(path, "a name that is not taken", "Choose another name; built-in measures stay.", name))
        return None
    if not isinstance(fields.get("of"), str) or fields["of"] not in relations:
        hint = suggest(str(fields.get("of")), relations)
        problems.append(Problem((*path, "of"), "the name of a relation", hint or "docs/metrics.md lists them."))
        return None
    listed = fields.get("distinct")
    if "distinct" in fields and (not isinstance(listed, list) or not listed or _list_texts(listed) != listed):
        problems.append(
            Problem((*path, "distinct"), "a list of columns, such as [contact_id]", "Put brackets around it.")
        )
        return None
    blank = [key for key in ("count", "sum", "level", "where") if key in fields and not isinstance(fields[key], str)]
    if blank:
        fix = "Write it as one text, in quotes if need be."
        problems += [Problem((*path, key), "one SQL expression", fix) for key in blank]
        return None
    try:
        measure = build_measures({name: fields}, relations)[name]
    except ValueError:
        expected = f"'of' and exactly one of count: rows, {', '.join(_KINDS[1:])}, with 'where' if need be"
        fix = "For example {of: won_deal, count: rows, where: amount > 0}."
        problems.append(Problem(path, expected, fix, ", ".join(fields)))
        return None
    tables = measure.relation.tables
    texts = (*measure.columns, measure.where)
    wrong = [(text, reason) for text in texts if (reason := check_expression(text, tables))]
    problems += [Problem(path, "one SQL expression", reason, text) for text, reason in wrong]
    return None if wrong else measure


def _build_metric(
    name: str, fields: dict[str, Any], measures: Mapping[str, Measure], names: set[str], problems: list[Problem]
) -> Metric | None:
    path, built_in = ("metrics", name), read_catalogue()
    faults: list[Problem] = []
    asked = fields.get("numerator")
    tops = [asked] if isinstance(asked, str) else asked if isinstance(asked, list) else []
    wanted = [("numerator", top) for top in tops]
    wanted += [("denominator", fields["denominator"])] if "denominator" in fields else []
    for key, measure in wanted:
        if not isinstance(measure, str) or measure not in measures:
            hint = suggest(str(measure), measures) or "Define it under measures."
            faults.append(
                Problem((*path, key), "the name of a measure", hint, measure if isinstance(measure, str) else "")
            )
    related = fields.get("related") if isinstance(fields.get("related"), list) else []
    for other in _list_texts(related or []):
        if other not in names:
            faults.append(Problem((*path, "related"), "names of metrics", suggest(other, names), other))
    parts: dict[str, Any] = {"numerator": tuple(measures[top] for top in _list_texts(tops) if top in measures)}
    bottom = fields.get("denominator")
    if isinstance(bottom, str) and bottom in measures:
        parts["denominator"] = measures[bottom]
    try:
        metric = Metric.model_validate({"name": name, "group": "Own metrics", **fields, **parts})
    except ValidationError as error:
        problems += [*faults, *_translate(path, error, Metric)]
        return None
    if not tops:
        faults.append(Problem((*path, "numerator"), "a list of measures", "Name at least one measure."))
    if metric.additive and metric.denominator:
        faults.append(
            Problem((*path, "additive"), "no additive: true beside a denominator", "Ratios do not add up: remove it.")
        )
    if name in built_in and not metric.replaces:
        fix = "Choose another name, or add replaces: true; pages then say that the definition is your own."
        faults.append(Problem(path, "a name that no built-in metric has", fix, name))
    if name not in built_in and metric.replaces:
        hint = suggest(name, built_in) or "Remove replaces."
        faults.append(Problem((*path, "replaces"), "the name of a built-in metric", hint, name))
    problems += faults
    if faults:
        return None
    if not metric.replaces:
        return metric
    source = f"This workspace's own definition, which replaces the built-in one. {metric.definition_source}"
    return metric.model_copy(update={"definition_source": source})


def _translate(path: tuple[str, str], error: ValidationError, part: type[Metric | Relation]) -> list[Problem]:
    """Return pydantic's errors in the words of the file."""
    found = []
    for detail in error.errors(include_url=False):
        place = (*path, *detail["loc"])
        keys = [key for key in part.model_fields if key != "name"]
        if detail["type"] == "extra_forbidden":
            hint = suggest(str(place[-1]), keys) or "Remove the key."
            found.append(Problem(place, f"one of the keys {', '.join(keys)}", hint, str(place[-1])))
        elif detail["type"] == "missing":
            found.append(Problem(place, "a value", f"Add the key '{place[-1]}'."))
        else:
            wanted = _EXPECTED.get(detail["type"], detail["msg"].removeprefix("Input should be "))
            fix = "Correct the value."
            if detail["type"] == "value_error":
                wanted, fix = "keys that fit together", f"A relation {detail['ctx']['error']}."
            found.append(Problem(place, wanted, fix))
    return found
