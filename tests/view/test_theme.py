"""Colors can be told apart and read in both modes; a channel keeps its color."""

import itertools
import json

import numpy as np
import pytest
from babel.core import UnknownLocaleError

from mopsnb import view
from mopsnb.view import palette, theme

# Machado, Oliveira, Fernandes (2009): what people with one kind of cone missing see, in linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def linear(color):
    channels = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((linear(color) @ [0.2126, 0.7152, 0.0722] for color in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def distance(one, other, sight):
    """The distance in Oklab, times 100; 2 is barely visible side by side."""
    lab = [
        np.array(TO_LAB) @ np.cbrt(np.array(TO_LMS) @ np.clip(np.array(SIGHT[sight]) @ linear(color), 0, 1))
        for color in (one, other)
    ]
    return 100 * np.linalg.norm(lab[0] - lab[1])


def test_the_contrast_formula_agrees_with_hand_worked_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", palette.MODES)
def test_every_mark_stands_out_from_the_paper(mode):
    look = palette.PALETTES[mode]
    assert min(contrast(color, look.paper) for color in look.series) >= 3
    assert min(contrast(color, look.paper) for color in (look.ink, look.muted, look.good, look.warn, look.bad)) >= 4.5


@pytest.mark.parametrize("mode", palette.MODES)
def test_text_stays_legible_on_the_shaded_band(mode):
    look = palette.PALETTES[mode]
    assert contrast(look.ink, look.band) >= 4.5
    assert contrast(look.series[0], look.band) >= 3


@pytest.mark.parametrize("mode", palette.MODES)
@pytest.mark.parametrize(
    ("sight", "least"), [("normal", 12), ("protanopia", 6), ("deuteranopia", 6), ("tritanopia", 6)]
)
def test_any_two_series_can_be_told_apart(mode, sight, least):
    pairs = itertools.combinations(palette.PALETTES[mode].series, 2)
    assert min(distance(one, other, sight) for one, other in pairs) >= least


def test_the_styles_of_both_modes_are_the_same_but_for_colors():
    light, dark = (view.site_configs()[mode] for mode in palette.MODES)

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(item) for key, item in value.items()}
        if isinstance(value, list):
            return [shape(item) for item in value]
        return "color" if isinstance(value, str) and value.startswith("#") else value

    assert shape(light) == shape(dark)
    assert light != dark


def test_configs_are_json_and_the_same_each_time():
    assert theme.dump_site_configs() == theme.dump_site_configs()
    assert json.loads(theme.dump_site_configs())["dark"]["background"] == "transparent"


def test_a_channel_has_the_color_of_its_place_in_the_strategy():
    channels = ["search", "social", "email"]
    assert theme.assign_slots(["email", "search"], channels) == {"email": 2, "search": 0}
    assert theme.assign_slots(["email"], channels) == {"email": 2}, "also where other channels are absent"


def test_channels_without_a_place_take_the_free_colors_in_alphabetical_order():
    channels = ["search", "social", "email"]
    assert theme.assign_slots(["video", "print", "search"], channels) == {"video": 4, "print": 3, "search": 0}
    assert theme.assign_slots(["print", "video"], channels) == theme.assign_slots(["video", "print"], channels)


def test_beyond_ten_colors_everything_is_gray():
    many = [f"channel-{place:02}" for place in range(12)]
    slots = theme.assign_slots(many, many)
    assert [slots[name] for name in many] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert theme.assign_slots(["stranger"], many) == {"stranger": theme.SLOTS}


def test_the_theme_is_what_was_set_last():
    set_theme = view.use_theme("EUR", "de_DE")
    assert theme.current() is set_theme
    assert view.format_value(1204.5, "currency") == "1.204\N{NO-BREAK SPACE}€"
    assert view.use_theme("", "en_US").formats.currency_code is None


def test_channels_may_come_with_their_names():
    look = view.use_theme("EUR", channels={"paid_search": "Paid search", "print": "Print"})
    assert look.channels == ("paid_search", "print")
    assert (look.name("paid_search"), look.name("list_import")) == ("Paid search", "list import")
    assert view.use_theme("EUR", channels=["paid_search"]).name("paid_search") == "paid search"


def test_an_unknown_locale_is_refused():
    before = theme.current()
    with pytest.raises(UnknownLocaleError):
        view.use_theme("USD", "xx_XX")
    assert theme.current() is before


def test_axes_write_numbers_as_the_locale_does():
    german = theme.locale_config(view.Formats("de_DE", "EUR"))
    number = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""], "percent": "\N{NO-BREAK SPACE}%"}
    assert german == {"number": number}
    assert theme.locale_config(view.Formats("en_US", "USD")) == {}
    assert theme.locale_config(view.Formats("en_GB", "GBP")) == {}
