"""Widgets beside a notebook's parameters: what a reader chooses, what it shows, and a button that keeps it.

A headless run never comes here: the cell is tagged ``interactive``, and the runner leaves it out.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Any

import ipywidgets

from mopsnb.errors import MopsnbError
from mopsnb.view.explored import Choice, Keeper, Study
from mopsnb.view.figure import LAB_MIME, Figure
from mopsnb.view.html import NO_MATH, Html
from mopsnb.view.linked_charts import linked
from mopsnb.view.style import STYLE

NOTHING = "There is nothing to try out yet: the workspace has no data for this page."
KEEP = "Keep for scheduled runs"
WIDE = "19rem"  # of one field with its label; two stand beside each other, one on a narrow page
TALL = "460px"  # keeps the page from jumping while a chart is drawn anew


class Explorer:
    """The widgets of one notebook. Made by `explore`.

    Parameters
    ----------
    study
        What can be tried.
    keeper
        Where a choice is kept; None: there is no button.
    """

    def __init__(self, study: Study, keeper: Keeper | None) -> None:
        self.study, self.keeper = study, keeper
        self.fields: dict[str, ipywidgets.Widget] = {}
        self.keys: dict[str, tuple[object, ...]] = {}
        self.choices: Sequence[Choice] = study.offer({})
        shape = ipywidgets.Layout(min_height=TALL if self.choices else "0", overflow="auto", max_width="100%")
        self.chart = ipywidgets.Output(layout=shape)
        self.words, self.state = ipywidgets.HTML(), ipywidgets.HTML()
        self.is_settling = False
        self.form = ipywidgets.Box(layout=_flow())
        self.box = ipywidgets.VBox([self.form, self.chart, self.words], layout=ipywidgets.Layout(max_width="100%"))
        if not self.choices:
            self.words.value = _write([NOTHING])
            return
        self._settle()
        if self.keeper and any(choice.is_parameter for choice in self.choices):
            self.box.children = (*self.box.children, self._make_row(self.keeper))
        self._redraw()

    @property
    def chosen(self) -> dict[str, object]:
        """What is chosen now, by name."""
        return {name: _read(field.value) for name, field in self.fields.items()}

    def choose(self, **values: object) -> None:
        """Choose values as a reader would with the widgets."""
        for name, value in values.items():
            field = self.fields[name]
            field.value = date.fromisoformat(str(value)) if isinstance(field, ipywidgets.DatePicker) else value

    def _settle(self) -> None:
        """Bring the fields in line with what is offered now; a choice whose key changed starts anew."""
        self.is_settling = True
        try:
            for choice in self.choices:
                field = self.fields.get(choice.name)
                key = (choice.key, choice.options)
                if field is None:
                    field = self.fields[choice.name] = _make_field(choice)
                    field.observe(self._follow, "value")
                elif self.keys[choice.name] != key:
                    _renew(field, choice)
                self.keys[choice.name] = key
            self.form.children = tuple(self.fields[choice.name] for choice in self.choices)
        finally:
            self.is_settling = False

    def _follow(self, change: Any) -> None:
        if self.is_settling:
            return
        try:
            # One choice may change what the next one offers.
            for _ in range(len(self.choices)):
                before = self.chosen
                self.choices = self.study.offer(before)
                self._settle()
                if self.chosen == before:
                    break
            self._redraw()
        except Exception as error:  # a callback's traceback would end in the log, where nobody looks
            self.state.value = ""
            self.words.value = _write([_explain(error)], alarm=True)

    def _redraw(self) -> None:
        answer = self.study.answer(self.chosen)
        shown = linked(answer)
        # Put in at once: clearing first would make the page jump.
        self.chart.outputs = (_bundle(shown),)
        self.words.value = _write(answer.sentences)
        self.state.value = ""

    def _make_row(self, keeper: Keeper) -> ipywidgets.Box:
        places = list(keeper.list_places())
        self.place = ipywidgets.Dropdown(options=places, value=places[0], description="Keep in", **_shape())
        self.button = ipywidgets.Button(description=KEEP, icon="save", layout=ipywidgets.Layout(width="auto"))
        self.button.on_click(self._keep)
        row = ipywidgets.Box([self.place, self.button], layout=_flow())
        return ipywidgets.VBox([row, self.state])

    def _keep(self, _: Any) -> None:
        kept = {choice.name: self.chosen[choice.name] for choice in self.choices if choice.is_parameter}
        try:
            told = self.keeper.keep(kept, self.place.value) if self.keeper else ""
            self.state.value = _write([told])
        except Exception as error:  # see _follow
            self.state.value = _write(
                [str(error) if isinstance(error, MopsnbError) else f"Nothing is kept: {error}"], alarm=True
            )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)


def explore(study: Study, keeper: Keeper | None = None) -> Explorer:
    """Return widgets for a study, to stand as a cell's last line.

    Parameters
    ----------
    study
        What can be chosen, and the answer to each choice; see `mopsnb.analysis.studies`.
    keeper
        Where a button keeps the choice as parameters of scheduled runs; see `mopsnb.keeper`. None: no button.
    """
    return Explorer(study, keeper)


def _make_field(choice: Choice) -> ipywidgets.Widget:
    shape = _shape()
    if choice.kind == "pick":
        field = ipywidgets.Dropdown(options=list(choice.options), value=choice.value, description=choice.label, **shape)
    elif choice.kind == "day":
        field = ipywidgets.DatePicker(value=_read_day(choice.value), description=choice.label, **shape)
    elif choice.kind == "whole":
        low, high = int(choice.low), int(choice.high)
        field = ipywidgets.IntSlider(
            choice.value, low, high, description=choice.label, continuous_update=False, **shape
        )
    else:
        field = ipywidgets.BoundedFloatText(choice.value, min=choice.low, max=choice.high, step=choice.step,
                                            description=choice.label, **shape)  # fmt: skip
    field.add_class(f"mops-choice-{choice.name}")
    return field


def _renew(field: ipywidgets.Widget, choice: Choice) -> None:
    if choice.kind == "pick":
        kept = field.value if field.value in [value for _, value in choice.options] else choice.value
        field.options = list(choice.options)
        field.value = kept
    elif choice.kind == "day":
        field.value = _read_day(choice.value)
    else:
        if choice.kind == "number":
            field.step = choice.step
        field.min, field.max, field.value = min(choice.low, field.min), choice.high, choice.value
        field.min = choice.low


def _read(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _read_day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _bundle(shown: Figure | Html) -> dict[str, Any]:
    if isinstance(shown, Figure):  # JupyterLab alone shows widgets, so its own form is enough, without a still picture
        data: dict[str, Any] = {LAB_MIME: shown.make_lab_spec(), "text/plain": repr(shown)}
    else:
        data = dict(shown._repr_mimebundle_())
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _explain(error: Exception) -> str:
    if isinstance(error, MopsnbError):
        return f"{error} The chart shows the choice before."
    name = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"This choice cannot be shown ({name}). The chart shows the choice before. Run the cell again to start anew."


def _write(sentences: Sequence[str], *, alarm: bool = False) -> str:
    items = "".join(f"<p>{html.escape(text)}</p>" for text in sentences)
    tone = ' role="alert"' if alarm else ""
    kind = "mops-note mops-alarm" if alarm else "mops-note"
    return f'{STYLE}<div class="mops {NO_MATH}"><div class="{kind}"{tone}>{items}</div></div>' if sentences else ""


def _flow() -> ipywidgets.Layout:
    return ipywidgets.Layout(display="flex", flex_flow="row wrap", grid_gap="0.35rem 1.25rem", align_items="center")


def _shape() -> dict[str, Any]:
    return {
        "style": {"description_width": "9.5rem"},
        "layout": ipywidgets.Layout(width=f"calc({WIDE} + 7rem)", max_width="100%"),
    }
