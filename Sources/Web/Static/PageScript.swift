/// The script of the pages that show jobs. Everything it shows is there without it, too, as it was when the
/// page was loaded.
enum PageScript {
  /// The script.
  static let text = #"""
    "use strict";
    const $ = (id) => document.getElementById(id);

    // Times as people here write them.
    function localTimes(root) {
      for (const time of root.querySelectorAll("time")) {
        const date = new Date(time.dateTime);
        if (!isNaN(date)) time.textContent = date.toLocaleString();
      }
    }
    localTimes(document);

    // A part of this page, loaded anew.
    async function renew(id) {
      const reply = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!reply.ok) return;
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      const part = fresh.getElementById(id);
      if (!part || !$(id)) return;
      localTimes(part);
      $(id).replaceWith(part);
    }

    function runningItem(job) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = "/jobs/" + job.id;
      link.textContent = job.name;
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.value = job.share;
      bar.setAttribute("aria-label", "share of this stage");
      const how = document.createElement("span");
      how.className = "how";
      how.textContent = [job.stage || "begins", job.seconds + " s", job.left && "about " + job.left + " left", job.memory]
        .filter(Boolean).join(", ");
      const said = document.createElement("q");
      said.textContent = job.written;
      item.append(link, " ", bar, " ", how, " ", said);
      return item;
    }

    function watchQueue() {
      let counts = "";
      const source = new EventSource("/events");
      source.onmessage = (event) => {
        const state = JSON.parse(event.data);
        if (!state.counts) return;
        const old = $("running");
        if (old && state.daemon) {
          const list = document.createElement(state.running.length ? "ul" : "p");
          list.id = "running";
          if (state.running.length) {
            list.className = "running";
            list.append(...state.running.map(runningItem));
          } else {
            list.textContent = "Nothing is running.";
          }
          old.replaceWith(list);
        }
        const now = JSON.stringify([state.counts, state.paused, state.daemon]);
        // The page may have been made just before the last order was carried out.
        const isOld = $("queue").dataset.paused !== String(state.paused);
        if (isOld || (counts && now !== counts)) {
          renew("list").catch(() => {});
          renew("queue").catch(() => {});
        }
        counts = now;
      };
      addEventListener("pagehide", () => source.close());
    }

    function watchJob(article) {
      const source = new EventSource("/jobs/" + article.dataset.job + "/events");
      source.onmessage = (event) => {
        const state = JSON.parse(event.data);
        const now = $("now");
        if (state.final) {
          source.close();
          renew("job").catch(() => {});
        } else if (now) {
          now.querySelector("progress").value = state.share || 0;
          now.querySelector(".how").textContent =
            [state.stage || state.state, state.left && "about " + state.left + " left"].filter(Boolean).join(", ");
          if (state.written) now.querySelector(".written").textContent = state.written;
        }
      };
      addEventListener("pagehide", () => source.close());
    }

    if (document.body.dataset.page === "jobs") {
      const article = $("job");
      if (article) {
        if (!["done", "failed", "cancelled"].includes(article.dataset.state)) watchJob(article);
      } else {
        watchQueue();
      }
    }

    """#
}
