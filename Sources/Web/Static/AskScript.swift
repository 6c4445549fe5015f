/// The script of the page on which questions are asked.
enum AskScript {
  /// The script.
  static let text = #"""
    function askPage() {
      const kinds = {
        "tab-image": { text: "a picture", accept: "image/*,application/pdf", several: false },
        "tab-images": { text: "several pictures", accept: "image/*,application/pdf", several: true },
        "tab-video": { text: "a video", accept: "video/*", several: false },
      };
      const tabs = Object.keys(kinds).map($);
      let files = [], turns = [], source = null, current = null, pictures = [], asked = "";
      const isVideo = () => $("tab-video").getAttribute("aria-selected") === "true";

      function select(tab) {
        for (const one of tabs) {
          one.setAttribute("aria-selected", one === tab);
          one.tabIndex = one === tab ? 0 : -1;
        }
        const kind = kinds[tab.id];
        $("panel").setAttribute("aria-labelledby", tab.id);
        $("kind").textContent = kind.text;
        $("files").accept = kind.accept;
        $("files").multiple = kind.several;
        $("camera-label").hidden = tab.id === "tab-video";
        choose([]);
      }
      tabs.forEach((tab, index) => {
        tab.addEventListener("click", () => select(tab));
        tab.addEventListener("keydown", (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!step) return;
          const next = tabs[(index + step + tabs.length) % tabs.length];
          select(next);
          next.focus();
          event.preventDefault();
        });
      });

      function choose(list) {
        files = $("files").multiple ? files.concat(list) : list.slice(0, 1);
        if (!list.length) files = [];
        turns = [];
        for (const media of $("chosen").querySelectorAll("img, video")) URL.revokeObjectURL(media.src);
        $("chosen").replaceChildren(...files.map((file) => {
          const item = document.createElement("li");
          const isPicture = file.type.startsWith("image/"), isFilm = file.type.startsWith("video/");
          if (isPicture || isFilm) {
            const media = document.createElement(isPicture ? "img" : "video");
            media.src = URL.createObjectURL(file);
            if (isPicture) media.alt = "";
            else media.muted = true;
            item.append(media, document.createElement("br"));
          }
          item.append(file.name);
          return item;
        }));
      }
      for (const id of ["files", "camera"]) {
        $(id).addEventListener("change", (event) => {
          if (event.target.files.length) choose([...event.target.files]);
          event.target.value = "";
        });
      }
      const drop = $("drop");
      for (const name of ["dragover", "dragenter"]) {
        drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
      }
      for (const name of ["dragleave", "drop"]) {
        drop.addEventListener(name, () => drop.classList.remove("over"));
      }
      drop.addEventListener("drop", (event) => {
        event.preventDefault();
        choose([...event.dataTransfer.files]);
      });
      for (const button of document.querySelectorAll(".preset")) {
        button.addEventListener("click", () => { $("prompt").value = button.dataset.text; $("prompt").focus(); });
      }

      function options() {
        const chosen = {};
        for (const field of document.querySelectorAll("#merging [name], #form [name]")) {
          const value = field.value.trim();
          if (!value) continue;
          if (field.name === "choices") chosen.choices = value.split("\n").map((line) => line.trim()).filter(Boolean);
          else if (field.name.startsWith("enable_")) chosen[field.name] = value === "true";
          else chosen[field.name] = value;
        }
        return chosen;
      }

      async function send(path, body, type) {
        const reply = await fetch(path, { method: "POST", body, headers: { "content-type": type } });
        const value = await reply.json().catch(() => ({}));
        if (!reply.ok) throw new Error(value.problem || "the server answers with " + reply.status);
        return value;
      }

      function problem(text) {
        $("problem").textContent = text;
        $("problem").hidden = !text;
      }

      function busy(isBusy) {
        $("send").disabled = isBusy;
        $("stop").hidden = !isBusy;
        if (isBusy) $("follow").hidden = true;
      }

      function showPicture() {
        const name = pictures[Number($("layer").value)];
        $("layer-name").textContent = (Number($("layer").value) + 1) + " of " + pictures.length + ": " + name;
        $("layer-picture").src = "/jobs/" + current + "/files/" + encodeURIComponent(name);
        $("layer-picture").alt = "what was looked at: " + name;
      }
      $("layer").addEventListener("input", showPicture);

      function show(state) {
        $("share").value = state.final ? 100 : state.share || 0;
        $("stage").textContent = state.final ? state.state
          : [state.stage || state.state, state.left && "about " + state.left + " left"].filter(Boolean).join(", ");
        if (state.written) $("answer").textContent = state.written;
        if (state.problem) problem(state.problem);
        if (!state.final) return;
        source.close();
        source = null;
        busy(false);
        const link = document.createElement("a");
        link.href = "/jobs/" + current;
        link.textContent = "All about this job";
        $("about").replaceChildren(state.about ? state.about + ". " : "", link);
        pictures = (state.pictures || []).filter((name) => /\.(png|jpg)$/.test(name));
        $("layers").hidden = !pictures.length;
        if (pictures.length) {
          $("layer").max = pictures.length - 1;
          $("layer").value = pictures.length - 1;
          showPicture();
        }
        if (state.state === "done") {
          turns.push({ question: asked, answer: state.written });
          $("follow").hidden = false;
        }
      }

      async function ask(prompt) {
        problem("");
        $("result").hidden = false;
        if (!files.length) return problem("Choose " + $("kind").textContent + " first.");
        if (!prompt.trim()) return problem("Write a question first.");
        busy(true);
        asked = prompt;
        $("answer").textContent = "";
        $("about").textContent = "";
        $("layers").hidden = true;
        $("stage").textContent = "sending";
        try {
          let upload = "";
          for (const file of files) {
            const to = upload ? "&to=" + upload : "";
            const reply = await send("/uploads?name=" + encodeURIComponent(file.name) + to, file, "application/octet-stream");
            upload = reply.upload;
          }
          const body = { upload, prompt, turns, options: options(), pictures: isVideo() ? "final" : "all" };
          current = (await send("/ask", JSON.stringify(body), "application/json")).id;
        } catch (error) {
          busy(false);
          $("stage").textContent = "";
          return problem(error.message);
        }
        source = new EventSource("/jobs/" + current + "/events");
        source.onmessage = (event) => show(JSON.parse(event.data));
      }

      $("ask").addEventListener("submit", (event) => {
        event.preventDefault();
        turns = [];
        ask($("prompt").value);
      });
      $("follow").addEventListener("submit", (event) => {
        event.preventDefault();
        ask($("follow-prompt").value);
        $("follow-prompt").value = "";
      });
      $("again").addEventListener("click", () => { turns = []; ask($("prompt").value); });
      $("stop").addEventListener("click", () => {
        if (current) fetch("/jobs/" + current + "/cancel", { method: "POST", headers: { accept: "application/json" } });
      });
      addEventListener("pagehide", () => source && source.close());
    }
    if ($("ask")) askPage();

    """#
}
