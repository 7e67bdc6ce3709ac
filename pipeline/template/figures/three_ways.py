"""Three paths down the bent valley, over its contours."""

from figures.parts import marks
from figures.parts.axes import legend, name_axes
from figures.parts.canvas import MARGIN, WIDTH, Canvas
from figures.parts.contours import contours
from look.runs import runs
from look.words import Visual

READS = {"three_ways": "theta (run, step, param), run (run), loss (y, x), grid_x (x), grid_y (y)"}

VISUAL = Visual(
    uses=["three_ways"],
    title="{n_runs} ways down the {surface}",
    subtitle="The loss as contours, and the path of each optimizer over {n_steps} steps from one "
    "start (ring) to where it then is (dot).",
    alt="Contour lines of a valley that bends like a sine, and {n_runs} paths in it.",
    caption="All start at one point, each with the learning rate of its own row.",
    words={"start": "{n_runs} ways down the {surface}\nEach step takes the same time."},
)


def draw(recorded):
    """Return the map with the paths."""
    fig = Canvas(410)
    ax = fig.place(MARGIN + 30, 34, WIDTH - 2 * MARGIN - 30, 330)
    contours(ax, recorded.grid_x, recorded.grid_y, recorded.loss)
    for i, run in enumerate(runs(recorded)):
        x, y = run.theta.values.T
        marks.path(ax, x, y, color=run.color, dash=run.dash, label=run.label)
        marks.dot(ax, x[-1], y[-1], color=run.color)
        legend(fig, [(run.label, run.color, run.dash)], left=MARGIN + 30 + 120 * i, top=8)
    marks.ring(ax, *recorded.theta.values[0, 0])
    name_axes(ax, "x", "y")
    return fig
