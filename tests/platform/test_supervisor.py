import signal
import sys
import time

import pytest

from kompetenslyft.supervisor import Child, Supervisor


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervise(said):
    made = []

    def make(*children):
        supervisor = Supervisor(
            children, stop_order=[child.name for child in children], say=said.append
        )
        made.append(supervisor)
        return supervisor

    yield make
    for supervisor in made:
        supervisor.stop_requests += 2
        supervisor.stop()


def _python(name, code):
    return Child(name, [sys.executable, "-c", code])


def test_a_child_that_ends_at_once_again_and_again_stops_the_portal(supervise, said):
    child = _python("web", "raise SystemExit(3)")
    supervisor = supervise(child)
    supervisor.start("web")

    started = time.monotonic()
    supervisor.keep()

    assert supervisor.stop() == 1
    assert [line.count("3") for line in said] == [1, 1, 1, 1, 1]
    assert "5" in said[-1]
    assert 7.5 <= time.monotonic() - started < 30  # 0.5 + 1 + 2 + 4 seconds of pauses.


def test_a_long_life_makes_the_failures_forgotten(supervise):
    child = _python("web", "import time; time.sleep(60)")
    supervisor = supervise(child)
    supervisor.start("web")
    child.failures = 4
    child.started_at -= 61

    child.process.kill()
    supervisor.keep(until=lambda: child.start_again_at is not None)

    assert (child.failures, supervisor.gave_up) == (1, False)


def test_a_second_request_waits_for_nobody(supervise):
    stubborn = _python(
        "web",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('ready', flush=True); time.sleep(60)",
    )
    supervisor = supervise(stubborn)
    supervisor.start("web")
    time.sleep(0.5)
    supervisor.stop_requests = 1

    def hurry(*_):
        supervisor.stop_requests = 2

    signal.signal(signal.SIGALRM, hurry)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    started = time.monotonic()
    supervisor.stop()

    assert time.monotonic() - started < 5
    assert stubborn.exit_status == -signal.SIGKILL
