from __future__ import annotations

import pytest
import torch

from simulate.errors import UserError
from simulate.training import device


def test_auto_takes_the_fastest_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device.choose("auto") == device.available()[0]
    monkeypatch.setattr(device, "available", lambda: ["cuda", "mps", "cpu"])
    assert device.choose("auto") == "cuda"
    assert device.choose("mps") == "mps"
    assert device.choose("cpu") == "cpu"


def test_what_is_not_there_is_a_user_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "available", lambda: ["mps", "cpu"])
    with pytest.raises(UserError, match=r"device 'cuda' is not here; there is cpu, mps"):
        device.choose("cuda")
    with pytest.raises(UserError, match=r"no device is called 'tpu'; there is auto, cpu, cuda"):
        device.choose("tpu")


def test_settle_holds_to_one_thread_and_fixed_kernels() -> None:
    threads, fixed = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    try:
        device.settle("cpu")
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(fixed)


def test_generators_are_seeded_and_apart() -> None:
    state = torch.random.get_rng_state()
    one = torch.rand(3, generator=device.generator(7))
    two = torch.rand(3, generator=device.generator(7))
    torch.testing.assert_close(one, two, rtol=0, atol=0)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda_is_chosen_where_it_is() -> None:
    assert device.choose("auto") == "cuda"
    device.settle("cuda")
    device.synchronize("cuda")
