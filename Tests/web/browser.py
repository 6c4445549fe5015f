"""Uses the page of illava in Chromium.

usage: browser.py ADDRESS EXAMPLES SCREENSHOTS
"""

import sys
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

address, examples, shots = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
DESCRIPTION = "There is a clock at the bottom left and an orange triangle at the bottom center."

# Every text against what is behind it (WCAG 2.1, 1.4.3), controls without a name, ids that come twice.
CHECKS = """
const problems = [];
const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
function behind(e) {
  for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0.9) return c; }
  return [255, 255, 255, 1];
}
const shown = (e) => e.checkVisibility() && !e.closest(".unseen, .skip, noscript");
for (const e of document.querySelectorAll("body *")) {
  if (!shown(e)) continue;
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own) continue;
  const style = getComputedStyle(e), a = light(parse(style.color)), b = light(behind(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) problems.push("contrast " + ratio.toFixed(2) + ": " + e.textContent.trim().slice(0, 40));
}
for (const e of document.querySelectorAll("input, select, textarea, button, progress, a")) {
  if (!shown(e) || e.type === "hidden") continue;
  const name = e.textContent.trim() || e.getAttribute("aria-label") || (e.labels && [...e.labels].map((l) => l.textContent).join(" ").trim())
    || (e.querySelector && e.querySelector("img[alt]") && e.querySelector("img[alt]").alt);
  if (!name) problems.push("no name: " + e.outerHTML.slice(0, 80));
}
for (const e of document.querySelectorAll("img")) if (!e.hasAttribute("alt")) problems.push("no alt: " + e.outerHTML.slice(0, 80));
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push("twice: " + id);
if (document.querySelectorAll("h1").length !== 1 || !document.documentElement.lang) problems.push("no title");
if (document.documentElement.scrollWidth > innerWidth + 1) problems.push("wider than the window: " + document.documentElement.scrollWidth);
return problems;
"""


def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options)


driver = browser()


def one(selector):
    return driver.find_element(By.CSS_SELECTOR, selector)


def wait(condition, what, seconds=60):
    # The page may just be replacing the element that is looked at.
    ignored = [StaleElementReferenceException, NoSuchElementException]
    WebDriverWait(driver, seconds, 0.1, ignored).until(lambda _: condition(), what)


def answered(seconds=90):
    wait(lambda: one("#stage").text in ("done", "failed", "cancelled") or one("#problem").text, "an answer", seconds)
    assert one("#stage").text == "done", (one("#stage").text, one("#problem").text)
    return one("#answer").text


def ask(tab, files, prompt):
    one(tab).click()
    one("#files").send_keys("\n".join(str(examples / name) for name in files))
    field = one("#prompt")
    field.clear()
    field.send_keys(prompt)
    one("#send").click()
    return answered()


def asking():
    """The three tabs, to answers that are true."""
    driver.get(address)
    assert driver.title.startswith("Ask")
    assert ask("#tab-image", ["clock.png"], "Describe the picture.") == DESCRIPTION
    wait(lambda: one("#layer-picture").get_property("naturalWidth") > 0, "a picture of the layers")
    driver.execute_script("scrollTo(0, document.getElementById('drop').offsetTop)")
    driver.save_screenshot(str(shots / "answer.png"))
    first = one("#layer-picture").get_attribute("src")
    one("#layer").send_keys(Keys.HOME)
    wait(lambda: one("#layer-picture").get_attribute("src") != first, "another layer")
    one("#follow-prompt").send_keys("What color is the triangle?" + Keys.ENTER)
    time.sleep(0.3)
    answered()
    assert ask("#tab-video", ["duck-first.mp4"], "What appears first?") == "a duck"
    one("#tab-images").click()
    assert one("#files").get_property("multiple")
    one("#files").send_keys(str(examples / "clock.png"))
    one("#files").send_keys(str(examples / "clock.png"))
    assert len(driver.find_elements(By.CSS_SELECTOR, "#chosen li")) == 2
    one("#prompt").clear()
    one("#prompt").send_keys("What is there?")
    driver.execute_script("document.querySelectorAll('details').forEach((e) => e.open = true)")
    Select(one("[name=profile]")).select_by_visible_text("off")
    one("[name=choices]").send_keys("a clock\na duck")
    one("#send").click()
    assert answered() in ("a clock", "a duck")
    assert "confidence" in one("#about").text


def dropping():
    """A file that is dropped, a preset, and questions that cannot be asked."""
    driver.get(address + "/ask")
    one("#send").click()
    wait(lambda: "Choose a picture first" in one("#problem").text, "what is missing")
    driver.execute_script(
        """const data = new DataTransfer();
        data.items.add(new File(["not a picture"], "<b>x&amp;.png", { type: "image/png" }));
        document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));"""
    )
    assert one("#chosen li").text.endswith("<b>x&amp;.png")
    driver.find_elements(By.CSS_SELECTOR, ".preset")[1].click()
    assert "text" in one("#prompt").get_property("value")
    one("#send").click()
    wait(lambda: one("#stage").text == "failed", "a failure")
    assert one("#problem").text
    one("#about a").click()
    assert "<b>x&amp;.png" in one("h1").text and one(".bad").text
    driver.find_element(By.XPATH, "//button[text()='Retry']").click()
    wait(lambda: one("#job").get_attribute("data-state") == "failed", "another failure")


def orders():
    """The live queue, holding, cancelling, searching."""
    driver.get(address + "/jobs")
    driver.find_element(By.XPATH, "//button[text()='Pause the queue']").click()
    wait(lambda: "paused" in one("#queue").text, "the pause")
    driver.get(address + "/ask")
    one("#files").send_keys(str(examples / "clock.png"))
    one("#send").click()
    wait(lambda: one("#stage").text == "waiting", "a job that waits")
    queue = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(address + "/jobs?state=queued")
    one("td.name a").click()
    driver.find_element(By.XPATH, "//button[text()='Hold']").click()
    wait(lambda: one("#job").get_attribute("data-state") == "held", "the hold")
    driver.find_element(By.XPATH, "//button[text()='Release']").click()
    wait(lambda: one("#job").get_attribute("data-state") == "queued", "the release")
    driver.close()
    driver.switch_to.window(queue)
    one("#stop").click()
    wait(lambda: one("#stage").text == "cancelled", "the end of the job")
    driver.get(address + "/jobs")
    driver.find_element(By.XPATH, "//button[text()='Go on']").click()
    one("[name=text]").send_keys("orange tri" + Keys.ENTER)
    wait(lambda: "text=orange" in driver.current_url, "the search")
    rows = driver.find_elements(By.CSS_SELECTOR, "tbody tr")
    assert rows and all("orange" in row.text for row in rows), [row.text for row in rows]


def keyboard():
    """The order of the focus, and the tabs by their arrows."""
    driver.get(address + "/ask")
    body = one("body")
    names = []
    for _ in range(6):
        body.send_keys(Keys.TAB)
        names.append(driver.switch_to.active_element.text)
        body = driver.switch_to.active_element
    assert names == ["Skip to the content", "illava", "Ask", "Jobs", "Box", "Image"], names
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert driver.switch_to.active_element.text == "Several images"
    assert one("#tab-images").get_attribute("aria-selected") == "true"


def looks():
    """All pages in both schemes and two widths."""
    driver.get(address + "/jobs?state=done")
    job = one("td.name a").get_attribute("href")
    pages = {"ask": "/ask", "jobs": "/jobs", "job": job.removeprefix(address), "box": "/box"}
    for scheme in ("light", "dark"):
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        for width in (400, 1280):
            driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
            )
            for name, path in pages.items():
                begun = time.time()
                driver.get(address + path)
                seconds = time.time() - begun
                problems = driver.execute_script(CHECKS)
                driver.save_screenshot(str(shots / f"{name}-{scheme}-{width}.png"))
                assert not problems, (name, scheme, width, problems)
                assert seconds < 5, (name, seconds)


def silence():
    """No complaints in the console, and no request to anywhere else."""
    complaints = [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not complaints, complaints
    for entry in driver.get_log("performance"):
        if '"Network.requestWillBeSent"' not in entry["message"]:
            continue
        url = entry["message"].split('"url":"')[1].split('"')[0]
        assert url.startswith((address, "blob:", "data:", "chrome:", "about:")), url


try:
    for part in (asking, dropping, orders, keyboard, looks, silence):
        begun = time.time()
        part()
        print(f"{part.__name__}: {time.time() - begun:.1f} s", flush=True)
except Exception:
    driver.save_screenshot(str(shots / "failure.png"))
    raise
finally:
    driver.quit()
