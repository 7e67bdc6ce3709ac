from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.simulate._project import Project

RACE = "simulate/experiments/chapter/race.py"
RATES = "simulate/experiments/chapter/rates.py"

# How a process of its own records the race.
SCRIPT = """
from pathlib import Path
from simulate import recorder
from simulate.storage import store
from simulate.data.choice import Choice
context = recorder.Context(data=Choice.embedded())
recorder.record("race", store.Store(Path("media")), context)
"""


def test_records_what_the_runs_computed(project: Project) -> None:
    assert project.record("race") == ["adam", "sgd"]
    race = project.load("race")
    np.testing.assert_array_equal(race.theta.sel(run="sgd"), [0.5, 0.25, 0.125, 0.0625])
    np.testing.assert_array_equal(race.theta.sel(run="adam"), [0.125, 0.0625, 0.03125, 0.015625])
    assert race.theta.dims == ("run", "step")


def test_recording_says_where_it_comes_from(project: Project) -> None:
    project.record("rates", data="c0ffee MNIST")
    rates = project.load("rates")
    assert rates.attrs["experiment"] == "rates"
    assert rates.attrs["dataset"] == "MNIST"  # from the third parameter of record()
    assert rates.attrs["data_digest"] == "c0ffee"
    assert rates.attrs["device"] == "cpu"
    assert rates.attrs["backend"] == "eager"
    assert rates.attrs["schema"] == 1
    assert '"settings":{"lr":0.25}' in rates.attrs["spec"]
    assert '"python"' in rates.attrs["versions"]
    receipt = project.simulate("storage.store").Store(project.media).receipt("rates")
    assert receipt.rows == [
        "datasets/mnist",
        "models/line",
        "optimizers/adam",
        "probes/evaluation",
        "probes/parameters",
        "probes/scalars",
    ]
    assert len(receipt.runs) == 2
    assert receipt.attrs == rates.attrs


def test_state_before_and_after(project: Project) -> None:
    assert project.state("race") == ["never recorded"]
    project.record("race")
    assert project.state("race") == []
    assert project.record("race") == []


def test_force_computes_again(project: Project) -> None:
    project.record("race")
    assert project.record("race", force=True) == ["adam", "sgd"]


def test_same_runs_give_the_same_file(project: Project) -> None:
    project.record("race")
    before = (project.media / "race.nc").read_bytes()
    project.record("race", force=True)
    assert (project.media / "race.nc").read_bytes() == before


# What makes it stale, and what doesn't


def test_touching_a_file_makes_nothing_stale(project: Project) -> None:
    project.record("race")
    for path in [*project.root.rglob("*.py"), project.media / "race.nc"]:
        os.utime(path)
    assert project.state("race") == []


def test_comments_and_docstrings_make_nothing_stale(project: Project) -> None:
    project.record("race")
    project.replace("simulate/_arithmetic.py", "    # Each", "    # Every\n\n    # Each")
    project.replace("simulate/training/execute.py", '"""Divides', '"""Halves')
    project.replace(RACE, '"""All of them."""', '"""All of them, side by side."""')
    assert project.state("race") == []


def test_colour_and_label_make_no_recording_stale(project: Project) -> None:
    project.record("race")
    code = project.simulate("storage.code")
    path = project.root / "simulate/optimizers/adam.py"
    before = code.presentation(path)
    project.add_optimizer("adam", lr=0.125, color="red")
    assert project.state("race") == []
    assert code.presentation(path) != before


def test_learning_rate_of_an_experiment_trains_that_run_only(project: Project) -> None:
    project.record("rates")
    project.replace(RATES, "slow: float = 0.25", "slow: float = 0.0625")
    assert project.state("rates") == [f"{RATES} changed"]
    assert project.record("rates") == ["adam"]
    assert float(project.load("rates").theta.sel(run="slow", step=0)) == 0.0625


def test_default_rate_of_an_optimizer_trains_the_runs_that_use_it(project: Project) -> None:
    project.record("race")
    project.record("rates")
    project.add_optimizer("adam", lr=1.0)
    reason = ["simulate/optimizers/adam.py changed"]
    assert project.state("race") == project.state("rates") == reason
    assert project.record("race") == ["adam"]
    assert project.record("rates") == []  # its runs give their own rates


def test_code_of_an_optimizer_trains_it_everywhere(project: Project) -> None:
    project.record("race")
    project.record("rates")
    project.replace("simulate/optimizers/adam.py", "lambda lr: lr", "lambda lr: -lr")
    assert project.record("race") == ["adam"]
    assert project.record("rates") == ["adam", "adam"]


def test_added_optimizer_is_the_only_one_trained(project: Project) -> None:
    project.record("race")
    project.record("rates")
    project.add_optimizer("toy", lr=0.75)
    assert project.state("race") == ["list of optimizers changed: +toy"]
    assert project.state("rates") == []
    assert project.record("race") == ["toy"]
    assert list(project.load("race").run) == ["adam", "sgd", "toy"]


def test_removed_optimizer(project: Project) -> None:
    project.record("race")
    (project.root / "simulate/optimizers/sgd.py").unlink()
    assert project.state("race") == [
        "list of optimizers changed: -sgd",
        "simulate/optimizers/sgd.py is gone",
    ]
    assert project.record("race") == []
    assert list(project.load("race").run) == ["adam"]


def test_engine_and_its_helpers_count(project: Project) -> None:
    project.record("race")
    project.replace("simulate/_arithmetic.py", "2**step", "4**step")
    assert project.state("race") == ["simulate/_arithmetic.py changed"]
    assert project.record("race") == ["adam", "sgd"]


def test_a_rows_own_helpers_count(project: Project) -> None:
    """As models/mlp.py counts for runs of models/mlps.py."""
    project.write("simulate/models/_width.py", '"""Widths."""\n\nWIDTH = 1\n')
    project.write(
        "simulate/models/line.py",
        """
\"\"\"A line.\"\"\"

from simulate.models import _width

MODEL = dict(label="line", build=_width.WIDTH, defaults={"width": 1})
""",
    )
    assert project.record("rates") == ["adam", "adam"]
    assert project.record("rates") == []
    project.replace("simulate/models/_width.py", "WIDTH = 1", "WIDTH = 2")
    assert project.state("rates") == ["simulate/models/_width.py changed"]
    assert project.record("rates") == ["adam", "adam"], "the store has none of that width"


def test_a_probe_counts_for_the_runs_that_use_it(project: Project) -> None:
    project.record("rates")
    project.record("race")
    project.replace("simulate/probes/scalars.py", "every=1", "every=1, record=2")
    assert project.state("rates") == ["simulate/probes/scalars.py changed"]
    assert project.state("race") == [], "descents on surfaces name no probe"
    assert project.record("rates") == ["adam", "adam"]


def test_the_stride_of_a_probe_reaches_a_run_through_its_spec(project: Project) -> None:
    project.record("rates")
    project.replace("simulate/probes/parameters.py", 'every="ends"', "every=2")
    assert project.record("rates") == ["adam", "adam"]


def test_assembly_counts_and_trains_nothing(project: Project) -> None:
    project.record("race")
    shared = "simulate/experiments/chapter/_shared.py"
    project.replace(shared, "labels = list(runs)", "labels = sorted(runs)[::-1]")
    assert project.state("race") == [f"{shared} changed"]
    assert project.record("race") == []
    assert list(project.load("race").run) == ["sgd", "adam"]


def test_other_digits_count_where_digits_are_read(project: Project) -> None:
    project.record("rates", data="aa MNIST")
    project.record("race", data="aa MNIST")
    assert project.state("rates", data="bb digits") == ["data changed from MNIST to digits"]
    assert project.state("rates", data="bb MNIST") == ["data changed"]
    assert project.state("race", data="bb digits") == []
    assert project.record("rates", data="bb digits") == ["adam", "adam"]
    assert project.record("rates", data="aa MNIST") == []  # the store has both


def test_device_counts_where_networks_are_trained(project: Project) -> None:
    project.record("rates")
    project.record("race")
    assert project.state("rates", device="cuda") == ["device changed from cpu to cuda"]
    assert project.state("race", device="cuda") == []
    assert project.record("rates", device="cuda") == ["adam", "adam"]
    assert project.load("rates").attrs["device"] == "cuda"


def test_settings(project: Project) -> None:
    project.record("race", tiny=True)
    assert project.load("race").sizes["step"] == 2
    assert project.state("race") == ["settings changed from tiny to full"]
    assert project.state("race", tiny=True) == []
    project.record("race", settings={"steps": 5})
    assert project.load("race").sizes["step"] == 6
    assert project.state("race", settings={"steps": 5}) == []
    assert project.state("race") == ['settings changed from full{"steps":5} to full']


def test_runs_are_shared_between_settings(project: Project) -> None:
    project.record("rates")
    assert project.record("rates", settings={"fast": 0.75}) == ["adam"]
    assert project.record("rates", settings={"fast": 0.5, "slow": 0.75}) == []


def test_addresses_differ_by_what_is_computed(project: Project) -> None:
    plan = project.plan("race")
    assert len(set(plan.addresses.values())) == 2
    assert project.plan("race").addresses == plan.addresses
    assert project.plan("race", settings={"steps": 4}).addresses != plan.addresses


# What can go wrong


def test_wrong_names_are_named(project: Project) -> None:
    with pytest.raises(Exception, match=r"no experiment is called 'rcae'; there is race"):
        project.state("rcae")
    with pytest.raises(Exception, match=r"no setting is called 'step'; there is steps"):
        project.record("race", settings={"step": 3})
    with pytest.raises(Exception, match=r"Settings.steps is 0: expected `int` >= 1"):
        project.record("race", settings={"steps": 0})
    project.replace(RATES, 'name="adam"', 'name="adm"')
    with pytest.raises(Exception, match=r"no optimizer is called 'adm'; there is adam"):
        project.record("rates")


def test_failed_run_is_named_and_others_are_kept(project: Project) -> None:
    project.add_optimizer("wild", lr=2.0)
    with pytest.raises(Exception, match=r"race, run wild: loss became NaN at step 1") as caught:
        project.record("race")
    assert type(caught.value).__name__ == "RunError"
    assert project.state("race") == ["never recorded"]
    project.add_optimizer("wild", lr=0.5)
    assert project.record("race") == ["wild"]


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_damaged_recording_is_noticed_and_made_again(project: Project, damage: str) -> None:
    project.record("race")
    _damage(project.media / "race.nc", damage)
    assert project.state("race") == ["file missing" if damage == "gone" else "file damaged"]
    assert project.record("race") == []
    assert project.state("race") == []
    assert project.load("race").sizes == {"run": 2, "step": 4}


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "silently"])
def test_damaged_run_is_computed_again(project: Project, damage: str) -> None:
    project.record("race")
    run = project.plan("race").addresses["sgd"]
    _damage(project.media / "runs" / f"{run}.nc", damage)
    _damage(project.media / "race.nc", "gone")
    assert project.record("race") == ["sgd"]


def test_lost_receipt_is_as_good_as_no_recording(project: Project) -> None:
    project.record("race")
    (project.media / ".receipts" / "race.json").write_text('{"inputs": ')
    assert project.state("race") == ["never recorded"]
    assert project.record("race") == []


def test_unlabelled_variable_is_refused(project: Project) -> None:
    project.replace(
        RACE, "_shared.together(runs)", "_shared.together(runs).assign(odd=('run', [1, 2]))"
    )
    with pytest.raises(Exception, match=r"variable 'odd' has no long_name"):
        project.record("race")
    assert project.state("race") == ["never recorded"]


def test_progress_counts_up_to_the_end(project: Project) -> None:
    seen: list[tuple[int, int, str]] = []
    project.record("race", progress=lambda *what: seen.append(what))
    done = [what[0] for what in seen]
    assert done == sorted(done)
    assert {what[1] for what in seen} == {2000}
    assert seen[0] == (500, 2000, "run 1/2 adam, loss 0.5")
    assert seen[-1][0] == 2000


# Several processes


def _start(project: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-Bc", SCRIPT], cwd=project.root, env={**os.environ, "PYTHONPATH": "."}
    )


def test_two_processes_do_no_work_twice(project: Project) -> None:
    hold = project.write("HOLD", "adam")
    both = [_start(project), _start(project)]
    _wait_for(project.root / "EXECUTED", "adam", *both)
    time.sleep(1)  # long enough for the other one to come to the same run, and to wait
    hold.unlink()
    assert [process.wait(timeout=300) for process in both] == [0, 0]
    assert (project.root / "EXECUTED").read_text().split() == ["adam", "sgd"]
    assert project.state("race") == []


def test_killed_recording_resumes_at_the_first_missing_run(project: Project) -> None:
    hold = project.write("HOLD", "sgd")
    process = _start(project)
    _wait_for(project.root / "EXECUTED", "sgd", process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=300)
    hold.unlink()
    assert project.state("race") == ["never recorded"]
    assert not (project.media / "race.nc").exists()
    assert project.record("race") == ["sgd"]  # the lock went with its holder
    assert project.state("race") == []


def test_edit_while_recording_counts_for_the_next_time(project: Project) -> None:
    hold = project.write("HOLD", "adam")
    process = _start(project)
    _wait_for(project.root / "EXECUTED", "adam", process)
    project.replace("simulate/optimizers/sgd.py", "lambda lr: lr", "lambda lr: -lr")
    hold.unlink()
    assert process.wait(timeout=300) == 0
    assert float(project.load("race").theta.sel(run="sgd", step=0)) == 0.5
    assert project.state("race") == ["simulate/optimizers/sgd.py changed"]
    assert project.record("race") == ["sgd"]
    assert float(project.load("race").theta.sel(run="sgd", step=0)) == -0.5


def _wait_for(path: Path, word: str, *writers: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while not (path.exists() and word in path.read_text().split()):
        assert time.monotonic() < deadline
        assert all(writer.poll() is None for writer in writers), "it ended without writing that"
        time.sleep(0.02)


def _damage(path: Path, how: str) -> None:
    stat = path.stat()
    content = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
        return
    if how == "cut":
        del content[len(content) // 2 :]
    else:
        content[:8] = b"damaged!"
    path.write_bytes(content)
    if how == "silently":  # as a failing disk does
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
