"""Slides of films: a clip a section, which plays when its slide comes and stays at its end."""

from __future__ import annotations

import base64
import importlib.util
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from look.theme import THEMES
from look.words import Visual
from pipeline import executors
from pipeline.catalogue import filled
from pipeline.items import Picture, Work
from pipeline.kinds import ANIMATION
from simulate.errors import UserError
from simulate.storage.files import write_atomic


@dataclass(frozen=True)
class Clip:
    """A section of a film.

    Attributes
    ----------
    stem : str
        Of the film.
    theme : str
    number : int
        Of the section, from 1.
    section : str
        Its name.
    said : str
        The last of its headlines: a title and, on a second line, a subtitle.
    words : Visual
        Those of the film's row, filled.
    film, first, last : bytes
        The MP4, and its first and last frame as PNG.
    seconds : float
    """

    stem: str
    theme: str
    number: int
    section: str
    said: str
    words: Visual
    film: bytes
    first: bytes
    last: bytes
    seconds: float

    @property
    def title(self) -> str:
        """What the slide is called."""
        return self.said.partition("\n")[0] or self.words.title

    @property
    def alt(self) -> str:
        """What is seen, for those who can't see it: the headlines, then the whole film."""
        said = ". ".join(line for line in self.said.split("\n") if line)
        return f"{self.words.title}, {self.section}: {said or self.words.alt}"

    @property
    def notes(self) -> str:
        """What a speaker wants beside it."""
        return "\n\n".join(filter(None, (self.said, self.words.alt, self.words.caption)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Sections(Picture):
    """A film's sections, a clip each, always made; they are in `clips` then."""

    clips: list[Clip] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{super().name} sections"

    @property
    def forced(self) -> bool:
        return True

    @property
    def outputs(self) -> dict[str, Path]:
        return {}

    def reasons(self) -> list[str]:
        return ["asked for"]

    def sources(self) -> Sequence[Path]:
        return ()

    def work(self) -> Work:
        self.check()
        words = filled(self.entry, self.store)
        drawn = yield from ANIMATION.clips(self.subject(ANIMATION))
        for number, (section, said, seconds, *contents) in enumerate(drawn, 1):
            film, first, last = (executors.content(each) for each in contents)
            self.clips.append(
                Clip(self.stem, self.theme, number, section, said, words,
                     film, first, last, seconds)
            )  # fmt: skip
        return []


def check(path: Path) -> None:
    """Refuse a deck that can't be written, before its films are drawn.

    Raises
    ------
    UserError
        If its name ends like no deck's, or what writes it is not installed.
    """
    if path.suffix.lower() not in WRITERS:
        raise UserError(
            f"-o is {path.name!r}; it ends with .html (self-contained, for a browser), .md (Marp) "
            "or .pptx (PowerPoint)"
        )
    if path.suffix.lower() == ".pptx" and importlib.util.find_spec("pptx") is None:
        raise UserError(
            "a .pptx is written by python-pptx, which is not here; run `pip install '.[slides]'` "
            "in the clone, or take .html or .md"
        )
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UserError(f"{path} can't be a file: no such folder, or it is one; name another")


def write(path: Path, clips: Sequence[Clip], *, loop: bool) -> list[Path]:
    """Write a deck, and what it needs beside it; return the paths.

    Parameters
    ----------
    path : Path
        Its ending decides: ``.html``, ``.md``, ``.pptx``.
    clips : sequence of Clip
        In order; all in one theme.
    loop : bool
        Whether clips begin again at their end.
    """
    beside: dict[Path, bytes] = {}
    content = WRITERS[path.suffix.lower()](clips, path, loop, beside)
    for other, inside in beside.items():
        other.parent.mkdir(exist_ok=True)
        write_atomic(other, inside)
    write_atomic(path, content)
    return [path, *beside]


# ------------------------------------------------------------------------------ a browser's

_STYLE = """\
html,body{margin:0;height:100%;background:GROUND}
section{position:relative;height:100vh;display:flex;align-items:center;justify-content:center}
h1{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
video,img{width:100%;height:100%;object-fit:contain}
.end{display:none}
.live section{position:fixed;inset:0;visibility:hidden}
.live section.now{visibility:visible}
#bar{position:fixed;left:0;bottom:0;height:4px;background:INK;opacity:.6}
@media print{
@page{size:1280px 720px;margin:0}
section,.live section{position:static;visibility:visible;height:720px;break-after:page}
video,#bar{display:none}.end{display:block}
}
"""
# Without it the slides stand under each other, each clip with its controls.
_SCRIPT = """\
const slides=[...document.querySelectorAll('section')],bar=document.getElementById('bar')
const still=matchMedia('(prefers-reduced-motion: reduce)')
let now=-1
function show(k){
  k=Math.max(0,Math.min(slides.length-1,k))
  if(k===now)return
  slides.forEach((slide,i)=>{
    slide.classList.toggle('now',i===k);slide.toggleAttribute('inert',i!==k)
    const film=slide.querySelector('video')
    film.pause();film.controls=false  // which would cover the end of a clip
    if(i!==k)return
    if(film.currentTime>0)film.currentTime=0
    if(still.matches)film.poster=slide.querySelector('.end').src
    else film.play().catch(()=>{})
  })
  now=k
  bar.style.width=100*(k+1)/slides.length+'%'
  document.title=slides[k].querySelector('h1').textContent
  history.replaceState(null,'','#/'+k)
}
const keys={ArrowRight:1,ArrowDown:1,PageDown:1,' ':1,Enter:1,n:1,
  ArrowLeft:-1,ArrowUp:-1,PageUp:-1,Backspace:-1,p:-1,Home:-1e9,End:1e9}
addEventListener('keydown',event=>{
  if(event.ctrlKey||event.altKey||event.metaKey)return
  if(event.key==='f')document.documentElement.requestFullscreen()
  if(!(event.key in keys))return
  event.preventDefault();show(now+keys[event.key])
},true)
let from=null
addEventListener('pointerdown',event=>{from=event.clientX})
addEventListener('pointerup',event=>{
  const by=event.clientX-from,film=slides[now].querySelector('video')
  if(Math.abs(by)>50)show(now+(by<0?1:-1))
  else film.paused?film.play():film.pause()
})
addEventListener('hashchange',()=>show(+location.hash.slice(2)||0))
document.documentElement.classList.add('live')
show(+location.hash.slice(2)||0)
"""


def _html(clips: Sequence[Clip], path: Path, loop: bool, beside: dict[Path, bytes]) -> bytes:
    """Return a deck in the markup of reveal.js, played by a script of forty lines.

    All is in the one file. The whole of reveal.js would be more than the clips of a short film.
    """
    theme = THEMES[clips[0].theme]
    style = _STYLE.replace("GROUND", theme.background).replace("INK", theme.muted)
    slides = [
        f'<section aria-roledescription="slide" aria-label="{k} / {len(clips)}">'
        f"<h1>{escape(clip.title)}</h1>"
        f'<video src="{_data("video/mp4", clip.film)}" poster="{_data("image/png", clip.first)}" '
        f'muted playsinline controls{" loop" if loop else ""} preload="auto" '
        f'aria-label="{escape(clip.alt)}"></video>'
        f'<img class="end" src="{_data("image/png", clip.last)}" alt="{escape(clip.alt)}">'
        f'<aside class="notes" hidden>{escape(clip.notes)}</aside></section>'
        for k, clip in enumerate(clips, 1)
    ]
    title = escape(clips[0].words.title)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
            f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>',
            f"<style>\n{style}</style>",
            '<main class="reveal"><div class="slides">',
            *slides,
            f'</div></main>\n<div id="bar"></div>\n<script>\n{_SCRIPT}</script>\n</html>\n',
        ]
    ).encode()


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


# ------------------------------------------------------------------------------ Marp


# Marp's own player starts all films at once. It lets a script in only with `marp --html`; else this
# one is text, in a box that is not shown. Marp escapes what would be written with < > &.
_WAIT = """\
<div class="script"><script>
function wait(){document.querySelectorAll('svg.bespoke-marp-slide').forEach(function(slide){
const film=slide.querySelector('video'),now=slide.classList.contains('bespoke-marp-active')
if(film===null)return
film.controls=false
if(now===false)film.pause()
else if(slide.now!==true){film.currentTime=0;film.play()}
slide.now=now
})}
new MutationObserver(wait).observe(document,{subtree:true,attributeFilter:['class']})
</script></div>"""


def _marp(clips: Sequence[Clip], path: Path, loop: bool, beside: dict[Path, bytes]) -> bytes:
    """Return a deck for Marp; the clips lie in a folder beside it."""
    theme = THEMES[clips[0].theme]
    folder = path.with_suffix(".media")
    lines = [
        "---", "marp: true", "size: 16:9", f'backgroundColor: "{theme.background}"', "style: |",
        "  section { padding: 0 }",
        "  video, img { width: 1280px; height: 720px; display: block; object-fit: contain }",
        "  img, .script { display: none }",
        "  @media print { video { display: none } img { display: block } }",
        "---",
    ]  # fmt: skip
    for k, clip in enumerate(clips):
        name = re.sub(r"\W+", "-", clip.section)
        stem = f"{clip.stem}.{clip.theme}.{clip.number}-{name}"
        parts = {"mp4": clip.film, "first.png": clip.first, "last.png": clip.last}
        beside |= {folder / f"{stem}.{ending}": content for ending, content in parts.items()}
        at = f"{folder.name}/{stem}"
        lines += [
            *(["", "---"] if k else []),
            "",
            f'<video src="{escape(at)}.mp4" poster="{escape(at)}.first.png" autoplay muted '
            f'playsinline controls{" loop" if loop else ""} title="{escape(clip.alt)}"></video>',
            f'<img src="{escape(at)}.last.png" alt="{escape(clip.alt)}">',
            "",
            f"<!--\n{clip.notes.replace('--', '−−')}\n-->",
        ]
    return ("\n".join([*lines, "", _WAIT]) + "\n").encode()


# ------------------------------------------------------------------------------ PowerPoint

WIDE, TALL = 12_192_000, 6_858_000  # of a slide, in the unit of such files


def _pptx(clips: Sequence[Clip], path: Path, loop: bool, beside: dict[Path, bytes]) -> bytes:
    """Return a deck for PowerPoint; everything is in it."""
    from pptx import Presentation
    from pptx.dml.color import RGBColor

    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = WIDE, TALL
    deck.core_properties.title = clips[0].words.title
    deck.core_properties.author = "teaching-networks"
    ground = RGBColor.from_string(THEMES[clips[0].theme].background[1:].upper())
    for clip in clips:
        slide = deck.slides.add_slide(deck.slide_layouts[5])  # with a title, for lists of slides
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = ground
        title = slide.shapes.title
        title.text = clip.title
        # The film shows it already.
        title.left, title.top, title.width, title.height = 0, -TALL // 6, WIDE, TALL // 7
        movie = slide.shapes.add_movie(
            BytesIO(clip.film), 0, 0, WIDE, TALL, BytesIO(clip.first), "video/mp4"
        )
        movie.name = f"{clip.stem} {clip.section}"
        movie._element.nvPicPr.cNvPr.set("descr", clip.alt)
        slide.notes_slide.notes_text_frame.text = clip.notes
        _time(slide, movie.shape_id, clip.seconds, loop)
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


_TIMING = """\
<p:timing xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:tnLst><p:par>
<p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst>
<p:seq concurrent="1" nextAc="seek"><p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst>
<p:par><p:cTn id="3" fill="hold"><p:stCondLst><p:cond delay="indefinite"/>
<p:cond evt="onBegin" delay="0"><p:tn val="2"/></p:cond></p:stCondLst><p:childTnLst>
<p:par><p:cTn id="4" fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst>
<p:par><p:cTn id="5" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold"
 nodeType="afterEffect"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst>
<p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr><p:cTn id="6" dur="{milliseconds}" fill="hold"/>
<p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl></p:cBhvr></p:cmd>
</p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par>
</p:childTnLst></p:cTn>
<p:prevCondLst><p:cond evt="onPrev" delay="0">
<p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst>
<p:nextCondLst><p:cond evt="onNext" delay="0">
<p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst>
</p:seq>
<p:video><p:cMediaNode vol="80000" mute="1"><p:cTn id="7"{repeat} fill="hold" display="0">
<p:stCondLst><p:cond delay="indefinite"/></p:stCondLst></p:cTn>
<p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl></p:cMediaNode></p:video>
</p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>"""


def _time(slide: Any, shape: int, seconds: float, loop: bool) -> None:
    """Make a slide's film begin with the slide; python-pptx has it wait for a click."""
    from pptx.oxml import parse_xml

    element = slide._element
    for old in element.findall(f"{{{element.nsmap['p']}}}timing"):
        element.remove(old)
    timing = (
        _TIMING.replace("\n<", "<")
        .replace("\n ", " ")
        .format(
            shape=shape,
            milliseconds=round(1000 * seconds),
            repeat=' repeatCount="indefinite"' if loop else "",
        )
    )
    element.append(parse_xml(timing))


WRITERS: Mapping[str, Callable[[Sequence[Clip], Path, bool, dict[Path, bytes]], bytes]] = {
    ".html": _html,
    ".md": _marp,
    ".pptx": _pptx,
}
