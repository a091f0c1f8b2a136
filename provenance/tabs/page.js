// What the page does in the browser by itself: no library, nothing fetched from elsewhere.
(() => {
  const genzu = (window.genzu = {});
  const $ = (where, from = document) => from.querySelector(where);

  // A browser shows no TIFF, and nothing of a damaged file: words stand there instead of its broken mark.
  for (const kind of ["error", "load"]) document.addEventListener(kind, ({target}) => {
    if (target instanceof HTMLImageElement) target.closest(".gz-drop")?.classList.toggle("gz-unseen", kind === "error");
  }, true);

  // The line between two pictures: an <input type=range>, so that arrow keys move it, too.
  document.addEventListener("input", ({target}) => {
    if (target.matches?.(".gz-compare input")) target.parentNode.style.setProperty("--at", `${target.value}%`);
  });

  // What is wrong is said at its field, which gets the focus; it goes when the field is changed.
  const FIELD = "input:not([type=checkbox]):not([type=file]), textarea";
  function cleared(block) {
    block.classList.remove("gz-wrong");
    $(".gz-wrong-words", block)?.remove();
    const field = $(FIELD, block);
    field?.removeAttribute("aria-invalid");
    field?.removeAttribute("aria-describedby");
  }
  async function unfolded(folds, id) {
    for (const fold of folds) {
      if (document.getElementById(id)) return;
      document.querySelector(`#${fold} > button`)?.click();
      await new Promise((done) => setTimeout(done, 80));
    }
  }
  genzu.mark = async (text) => {
    document.querySelectorAll(".gz-wrong").forEach(cleared);
    const troubles = text ? JSON.parse(text) : [];
    for (const {folds, id} of troubles) await unfolded(folds, id);
    let first = null;
    for (const {id, words} of troubles) {
      const block = document.getElementById(id);
      if (!block) continue;
      block.classList.add("gz-wrong");
      const note = document.createElement("p");
      note.className = "gz-wrong-words";
      note.id = `${id}-wrong`;
      note.textContent = words;
      block.append(note);
      const field = $(FIELD, block) ?? $("button, input", block);
      field?.setAttribute("aria-invalid", "true");
      field?.setAttribute("aria-describedby", note.id);
      first ??= field;
    }
    first?.focus({preventScroll: true});
    first?.closest(".gz-wrong")?.scrollIntoView({block: "center", behavior: "smooth"});
  };
  for (const kind of ["input", "change", "drop"]) document.addEventListener(kind, ({target}) => {
    const block = target.closest?.(".gz-wrong");
    if (block) cleared(block);
  });

  // A picture on the table has an address: a reload, and who is sent it, find it again.
  genzu.at = (key) => {
    if (!key) return;
    const address = new URL(location.href);
    address.searchParams.set("picture", key);
    if (address.href !== location.href) history.pushState(null, "", address);
  };

  // Each tab has an address, and Back goes from tab to tab.
  const tabs = () => [...document.querySelectorAll("button[role=tab]")];
  const nameOf = (button) => (button.id || "").replace(/^gz-tab-|-button$/g, "");
  const named = () => new URLSearchParams(location.search).get("tab") ?? "paint";
  let following = false;
  function follow() {
    const button = tabs().find((each) => nameOf(each) === named());
    if (!button || button.getAttribute("aria-selected") === "true") return Boolean(button);
    following = true;
    button.click();
    following = false;
    return true;
  }
  document.addEventListener("click", ({target}) => {
    const button = target.closest?.("button[role=tab]");
    const name = button && nameOf(button);
    if (!name || following || name === named()) return;
    const address = new URL(location.href);
    for (const each of [...address.searchParams.keys()]) if (!["lang", "keeper", "__theme"].includes(each)) address.searchParams.delete(each);
    if (name !== "paint") address.searchParams.set("tab", name);
    history.pushState(null, "", address);
  }, true);
  addEventListener("popstate", follow);
  const watching = setInterval(() => { if (follow()) clearInterval(watching); }, 100);
  setTimeout(() => clearInterval(watching), 20000);
})();
