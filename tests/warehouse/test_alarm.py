"""Calls at a later moment."""

from __future__ import annotations

import threading

from lib.warehouse.alarm import Alarm


def test_calls_come_in_the_order_of_their_moments() -> None:
    alarm, made, done = Alarm(), [], threading.Event()
    alarm.after(0.10, lambda: made.append("last") or done.set())
    alarm.after(0.05, lambda: made.append("second"))
    alarm.after(0.0, lambda: made.append("first"))
    assert done.wait(10)
    assert made == ["first", "second", "last"]


def test_a_cancelled_call_is_not_made() -> None:
    alarm, made, done = Alarm(), [], threading.Event()
    alarm.after(0.02, lambda: made.append("unwanted")).cancel()
    alarm.after(0.05, done.set)
    assert done.wait(10)
    assert made == []


def test_an_alarm_that_has_slept_wakes_for_a_new_call() -> None:
    alarm = Alarm()
    for _ in range(3):
        done = threading.Event()
        alarm.after(600, lambda: None)
        alarm.after(0.01, done.set)
        assert done.wait(10)


def test_many_threads_may_make_appointments() -> None:
    alarm, done = Alarm(), threading.Semaphore(0)

    def make() -> None:
        for _ in range(50):
            alarm.after(0.0, done.release)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert all(done.acquire(timeout=10) for _ in range(200))
