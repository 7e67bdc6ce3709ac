"""Loss and accuracy on whole sets, in evaluation mode."""

from simulate.probes import _base as base


def _record(step, parts):
    """Return ``train_loss``, ``train_accuracy``, …, ``epoch_steps``, ``epoch_seconds``.

    Parameters
    ----------
    parts : list of str
        Which of "train", "test" and "test_all"; those that the run doesn't have are left out.
    """
    loss = step.context.loss
    found = {}
    for part in parts:
        if part not in step.context.sets:
            continue
        value, accuracy = step.evaluate(part)
        said = base.said(f"{part} {loss.long_name}", loss.units)
        found[f"{part}_loss"] = (), value, said
        if accuracy is not None:
            found[f"{part}_accuracy"] = (), accuracy, base.said(f"{part} accuracy")
    return {
        **found,
        "epoch_steps": ((), step.number, base.said("steps so far")),
        "epoch_seconds": (
            (),
            step.seconds,
            base.said("training time so far", "seconds", measured=True),
        ),
    }


PROBE = base.Probe(
    record=_record,
    label="loss and accuracy on whole sets",
    every="epoch",
    defaults={"parts": ["train", "test"]},
)
