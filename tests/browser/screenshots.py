"""`make screenshots`: every state of the page on a phone and on a wide screen, by day and by night, and on paper.

python -m browser.screenshots [--only STATE ...] [--to FOLDER]
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from browser.conftest import CHROMIUM, with_microphone
from browser.states import STATES, running_services, visiting

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "screenshots"
SIZES = {390: 844, 1280: 800}
WHOLE = ("begin", "begin-again", "set-up", "set-up-with-a-paste", "end")
"""States that are higher than a screen; so are reports."""


def main() -> None:
    """Write the pictures and say where they are."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", nargs="*", choices=STATES, default=list(STATES))
    asked.add_argument("--to", type=Path, default=FOLDER)
    wishes = asked.parse_args()
    wishes.to.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running_services(Path(data)) as services,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=with_microphone(Path(data)))
        for name in wishes.only:
            with visiting(chromium, services, name) as tab:
                take(tab.page, wishes.to, name)
        chromium.close()
    print(f"{len(wishes.only)} states are in {wishes.to}")


def take(page: Page, folder: Path, name: str) -> None:
    """Photograph one state from all sides."""
    where = page.evaluate("() => scrollY > 0 && document.documentElement.scrollHeight - scrollY - innerHeight < 20")
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if where:
            page.evaluate("() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", animations="disabled")
    page.emulate_media(color_scheme="light")
    if name in ("begin", "begin-again", "set-up", "set-up-with-a-paste", "end") or name.startswith(
        ("report", "history")
    ):
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{name}-{width}-whole.png", full_page=True, animations="disabled")
    if name in ("end", "report"):
        page.pdf(path=folder / f"{name}.pdf", format="A4")


if __name__ == "__main__":
    main()
