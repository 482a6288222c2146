"""Whom to tell: what a setting accepts, and that it never repeats what may be a password."""

import pytest
from pydantic import Field, ValidationError

from mopsnb.errors import InputError
from mopsnb.notify.settings import NotifySetting
from mopsnb.strategy.forms import Form, parse_form
from mopsnb.strategy.models import Part

ADDRESS = "mailto://bot:hunter2@example.com"


class Whole(Part):
    """A file with settings."""

    notify: list[NotifySetting] = Field([])


FORM = Form(Whole, "file", InputError, lambda data: [], "notify", "")


def test_setting_without_more_tells_of_failures_and_warnings():
    setting = NotifySetting(to="secret://marketing-mail")
    assert (setting.on, setting.severity, setting.attach) == (["failure", "findings"], "warning", "none")
    assert (setting.only_new, setting.link) == (False, None)


@pytest.mark.parametrize(
    "text",
    [
        f"notify: [{{to: '{ADDRESS}'}}]",
        f"notify: ['{ADDRESS}']",
        f"notify: [{{to: ['{ADDRESS}']}}]",
        "notify: [{to: secret://mail, link: 'https://bot:hunter2@example.com/'}]",
        "notify: [{to: 'secret://bot:hunter2@example.com'}]",
        f"notify: {ADDRESS}",
        "notify: hunter2",
        f"notify: [{{to: secret://mail, on: {ADDRESS}}}]",
        f"notify: [{{to: {ADDRESS}: x}}]",
    ],
)
def test_address_in_the_place_of_a_name_is_refused_and_not_repeated(text):
    with pytest.raises(InputError) as caught:
        parse_form(text, "schedule.yml", FORM)
    assert "hunter2" not in str(caught.value) + repr(caught.value.faults)
    assert "schedule.yml, line 1" in str(caught.value)


def test_address_is_not_in_the_models_own_error_either():
    with pytest.raises(ValidationError) as caught:
        NotifySetting(to=ADDRESS)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "link", ["reports/latest", "file:///tmp/x", "javascript:alert(1)", "https://", "https://a b/", 'https://a/"><b>',
             "https://a/\nBcc:x"]
)  # fmt: skip
def test_link_that_is_no_address_of_the_web_is_refused(link):
    with pytest.raises(ValidationError):
        NotifySetting(to="secret://mail", link=link)


@pytest.mark.parametrize(
    "values", [{"on": []}, {"on": ["sucess"]}, {"on": "failure"}, {"severity": "bad"}, {"attach": "pdf"}, {"too": 1}]
)
def test_value_that_is_none_of_the_choices_is_refused(values):
    with pytest.raises(ValidationError):
        NotifySetting(to="secret://mail", **values)
