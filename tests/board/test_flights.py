"""Who waits for a running query, and when it is stopped."""

import threading

from lib.board.flights import Flights, Waiter

MINE = Waiter("maya", "dau")
YOURS = Waiter("noor", "dau")


def test_a_newer_question_of_a_tile_stops_its_older_one():
    flights = Flights()
    assert flights.is_empty()
    with flights.waiting("old", MINE):
        assert not flights.is_empty()
        running = flights.cancellation("old")
        with flights.waiting("new", MINE):
            assert running.cancelled
            assert not flights.cancellation("new").cancelled


def test_the_same_question_asked_again_by_a_tile_goes_on():
    flights = Flights()
    with flights.waiting("same", MINE):
        running = flights.cancellation("same")
        with flights.waiting("same", MINE):
            assert not running.cancelled
            assert flights.cancellation("same") is running


def test_a_question_somebody_else_waits_for_goes_on():
    flights = Flights()
    with flights.waiting("shared", MINE), flights.waiting("shared", YOURS):
        running = flights.cancellation("shared")
        flights.stop(MINE)
        assert not running.cancelled
        flights.stop(YOURS)
        assert running.cancelled


def test_stopping_one_tile_leaves_the_others_of_the_page():
    flights = Flights()
    other = Waiter("maya", "wau")
    with flights.waiting("a", MINE), flights.waiting("b", other):
        first, second = flights.cancellation("a"), flights.cancellation("b")
        flights.stop(MINE)
        assert first.cancelled and not second.cancelled


def test_a_closed_tab_ends_its_waits():
    flights = Flights()
    with flights.waiting("a", MINE), flights.waiting("b", YOURS):
        mine, yours = flights.cancellation("a"), flights.cancellation("b")
        flights.sweep(lambda session: session != "maya")
        assert mine.cancelled and not yours.cancelled


def test_whoever_joins_after_a_stop_gets_a_question_of_its_own():
    flights = Flights()
    with flights.waiting("a", MINE):
        stopped = flights.cancellation("a")
        flights.stop(MINE)
        with flights.waiting("a", YOURS):
            assert stopped.cancelled
            assert not flights.cancellation("a").cancelled


def test_a_refresh_in_the_background_is_stopped_by_nobody():
    flights = Flights()
    background = flights.cancellation("a")
    with flights.waiting("a", MINE):
        flights.stop(MINE)
    assert not background.cancelled


def test_nothing_is_kept_when_nobody_waits():
    flights = Flights()
    with flights.waiting("a", MINE), flights.waiting("b", YOURS):
        assert flights.waiting_now() == 2
    assert flights.waiting_now() == 0


def test_a_watched_query_is_stopped_when_its_tab_closes():
    flights = Flights(check_every_s=0.001)
    stopped = threading.Event()
    with flights.waiting("a", MINE):
        flights.cancellation("a").on_cancel(stopped.set)
        with flights.watched(lambda _session: False):
            assert stopped.wait(5)
