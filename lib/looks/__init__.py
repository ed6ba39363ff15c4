"""Looks: the header model, the catalogue, and the way from a look and filters to one query."""

from lib.looks.caption import fill_caption
from lib.looks.catalogue import Catalogue, catalogue, check_catalogue
from lib.looks.clock import present
from lib.looks.compile import CompiledLook, OptionError, compile_look
from lib.looks.counter import CounterFigures, counter_figures
from lib.looks.drill import Drill, NoRowsBehind, Rest, compile_drill
from lib.looks.look import Look, LookError

__all__ = [
    "Catalogue",
    "CompiledLook",
    "CounterFigures",
    "Drill",
    "Look",
    "LookError",
    "NoRowsBehind",
    "OptionError",
    "Rest",
    "catalogue",
    "check_catalogue",
    "compile_drill",
    "compile_look",
    "counter_figures",
    "fill_caption",
    "present",
]
