"""The language of filters: read a text, say what it means, make it a predicate, write it back (docs/filters)."""

from lib.filters.context import Context
from lib.filters.date_filter import DateExpression
from lib.filters.definitions import FilterDefinition, names_of, reduce_name
from lib.filters.errors import FilterError
from lib.filters.expression import KINDS, Expression, Kind, parse
from lib.filters.intervals import Dates, fixed_text, utc_text
from lib.filters.links import LinkFilters, link_pairs, read_link, write_link
from lib.filters.number_filter import NumberExpression
from lib.filters.periods import floor, shift
from lib.filters.presets import PRESETS, Preset
from lib.filters.string_filter import StringExpression
from lib.filters.strings import StringItem, contains_text, literal_text
from lib.filters.yesno_filter import YesNoExpression

__all__ = [
    "KINDS",
    "PRESETS",
    "Context",
    "DateExpression",
    "Dates",
    "Expression",
    "FilterDefinition",
    "FilterError",
    "Kind",
    "LinkFilters",
    "NumberExpression",
    "Preset",
    "StringExpression",
    "StringItem",
    "YesNoExpression",
    "contains_text",
    "fixed_text",
    "floor",
    "link_pairs",
    "literal_text",
    "names_of",
    "parse",
    "read_link",
    "reduce_name",
    "shift",
    "utc_text",
    "write_link",
]
