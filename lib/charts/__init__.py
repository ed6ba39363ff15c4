"""Charts: a look's header and rows become a drawing; numbers and moments become words."""

from lib.charts.drawing import Drawing, draw
from lib.charts.format import MISSING, axis_label, format_change, format_counter, format_value
from lib.charts.rows import place_words
from lib.charts.spec import CHART_KINDS, HEIGHT

__all__ = [
    "CHART_KINDS",
    "HEIGHT",
    "MISSING",
    "Drawing",
    "axis_label",
    "draw",
    "format_change",
    "format_counter",
    "format_value",
    "place_words",
]
