"""``teachnet attention``: what attends to what in a text of your own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from look.theme import THEMES
from pipeline.commands._options import Folder, examples, options
from pipeline.settings import Settings

ENDINGS = (".mp4", ".png", ".svg", ".nc")
STEM = "attention_heads"


@click.command(
    epilog=examples(
        'teachnet attention --text "The cat sat on the mat." -o heads.png',
        'teachnet attention --text "The cat sat." --model gpt2 --layer 0 -o heads.mp4',
        'teachnet attention --text "Eggs for breakfast." --from eggs --to breakfast -o heads.svg',
    )
)
@click.option("--text", required=True, help="What the model is to read.")
@click.option(
    "--model", default=None, metavar="NAME|DIR",
    help="A folder, or an id of the Hugging Face hub.  [default: the packaged all-MiniLM-L6-v2]",
)  # fmt: skip
@click.option("--revision", default=None, help="A commit, branch or tag of the hub.")
@click.option(
    "--layer", type=click.IntRange(min=0), default=0, show_default=True,
    help="Which layer, counted from 0; pictures count from 1.",
)  # fmt: skip
@click.option(
    "--head", type=click.IntRange(min=0), default=None,
    help="Which head stands out, from 0.  [default: chosen by its numbers]",
)  # fmt: skip
@click.option(
    "--from", "sources", default="", metavar="WORDS",
    help="Words of the text, with commas between: how much more do these attend …",
)  # fmt: skip
@click.option("--to", "targets", default="", metavar="WORDS", help="… to these than others do?")
@click.option("--theme", type=click.Choice(list(THEMES)), default="dark", show_default=True)
@click.option("-o", "--output", type=Folder(), required=True, metavar="FILE",
              help=f"{', '.join(ENDINGS)}, by the ending.")  # fmt: skip
@options("quality")
def command(
    text: str,
    model: str | None,
    revision: str | None,
    layer: int,
    head: int | None,
    sources: str,
    targets: str,
    theme: str,
    output: Path,
    settings: Settings,
) -> None:
    """Draw the attention of every head of a pretrained model's layer on a text.

    A film, a figure or the recording itself, which holds all layers. Prints the file's path.
    """
    from simulate.errors import UserError

    ending = output.suffix.lower()
    if ending == ".html":
        raise UserError("there are no interactive pages yet; give .mp4, .png, .svg or .nc")
    if ending not in ENDINGS:
        raise UserError(f"{str(output)!r} has no known ending; give {', '.join(ENDINGS)}")
    if bool(_words(sources)) != bool(_words(targets)):
        raise UserError("--from and --to belong together: give both, or none")

    from simulate.measures.attention import attention, shown

    given: dict[str, Any] = {} if model is None else {"model": model}
    given |= {"sources": _words(sources), "targets": _words(targets), "revision": revision}
    data = shown(attention(text, **given), layer, head)
    if ending == ".nc":
        from simulate import recording

        recording.save(data, output)
    else:
        options = {
            "--text": text, "--model": model, "--revision": revision, "--layer": layer or None,
            "--head": head, "--from": sources or None, "--to": targets or None,
            "--theme": None if theme == "dark" else theme,
            "-q": None if settings.quality.name == "blog" else settings.quality.name,
            "-o": output.name,
        }  # fmt: skip
        given_again = {option: str(said) for option, said in options.items() if said is not None}
        asked = [word for pair in given_again.items() for word in pair]
        command = shlex.join(["teachnet", "attention", *asked])
        _draw(data, output, ending[1:], theme, settings, command)
    click.echo(str(output))


def _words(given: str) -> list[str]:
    return [word.strip() for word in given.split(",") if word.strip()]


def _draw(
    data: Any, output: Path, ending: str, theme: str, settings: Settings, command: str
) -> None:
    from look import heads, metadata
    from look.numbers import written

    heads.check(data)
    size = settings.quality
    if ending == "mp4":
        from scenes.filming import film

        film(
            STEM, data, output, theme=theme, width=size.width, height=size.height, fps=size.fps,
            command=command,
        )  # fmt: skip
        return
    from figures import render
    from figures.parts.canvas import has
    from look import visuals
    from look.words import fill
    from simulate.storage.files import write_atomic

    # What no font has is named below the picture; a headline had better not have it.
    name = "What each head of layer {layer} looks at{shown:?| in “{text}”}"
    layer = int(data.layer[data.attrs["shown_layer"]]) + 1
    shown = not heads.missing(data, has)
    title = written(name, {"text": _short(data), "shown": shown, "layer": layer})
    found = visuals.drawn(STEM, "figures", data, title=title)
    with found.explaining():
        files = render.render(
            found.module, found.recordings, theme, [ending], size.png_width, found.row
        )
    words = fill(found.row, data.attrs)
    made = metadata.Made(
        stem=STEM, kind="figure", theme=theme, title=words.title, alt=words.alt,
        caption=words.caption, command=command, version=metadata.version(),
    )  # fmt: skip
    write_atomic(output, metadata.stamped(files[ending], ending, made))


def _short(data: Any) -> str:
    text = " ".join(str(data.attrs["text"]).split())
    return text if len(text) <= 48 else text[:47].rstrip() + "…"
