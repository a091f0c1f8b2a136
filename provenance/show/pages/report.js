"use strict";
(() => {
  const box = document.getElementById("q"), told = document.getElementById("n");
  box.closest(".find").hidden = false;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const say = (shown, of) => {
    const [some, all] = [shown, of].map((each) => each.toLocaleString("en-US"));
    told.textContent = told.dataset.of.replace("{0}", some).replace("{1}", all).replace("{}", some).replace("{}", all);
  };
  const asked = () => new URLSearchParams(location.hash.slice(1));
  const remember = (key, value) => {
    const all = asked();
    if (value) all.set(key, value); else all.delete(key);
    history.replaceState(null, "", "#" + all);
  };
  // The filters that are on, each to be taken off by a click.
  const on = document.getElementById("on"), names = JSON.parse(on.dataset.names);
  const tell = (again) => {
    const all = asked();
    on.replaceChildren(...["act", "vendor", "cut", "stage"].filter((key) => all.has(key)).map((key) => {
      const link = document.createElement("a"), value = all.get(key);
      link.className = "on";
      link.href = "#files";
      link.textContent = (names[key][value] || value) + " ×";
      link.addEventListener("click", (event) => { event.preventDefault(); remember(key, ""); again(); });
      return link;
    }));
  };
  const held = document.getElementById("index");
  if (held) {
    const files = JSON.parse(held.textContent), list = document.getElementById("r");
    const pages = document.querySelector("#files nav"), more = document.getElementById("m"), MOST = 300;
    const find = () => {
      const words = fold(box.value).split(/\s+/).filter(Boolean);
      const answer = document.querySelector("input[name=f]:checked").id.slice(2);
      const all = asked(), places = ["vendor", "cut", "stage"];
      const fits = (f) => (answer === "all" || f[1] === answer)
        && (!all.has("act") || f[4].split(" ").includes(all.get("act")))
        && places.every((key, at) => !all.has(key) || f[5 + at] === all.get(key))
        && words.every((w) => fold(f[0] + " " + f[3]).includes(w));
      const idle = !words.length && answer === "all" && !["act", ...places].some((key) => all.has(key));
      const found = idle ? files : files.filter(fits);
      list.hidden = idle;
      pages.hidden = !idle;
      list.replaceChildren(...(idle ? [] : found.slice(0, MOST)).map((f) => {
        const item = document.createElement("li"), link = document.createElement("a");
        link.href = f[2];
        link.textContent = f[0];
        item.append(link, " " + f[3]);
        return item;
      }));
      more.hidden = found.length <= MOST || idle;
      more.textContent = more.dataset.of.replace("{}", found.length - MOST);
      say(idle ? files.length : found.length, files.length);
      tell(find);
    };
    box.value = asked().get("q") || "";
    box.addEventListener("input", () => { remember("q", box.value); find(); });
    document.querySelectorAll("input[name=f]").forEach((each) => each.addEventListener("change", () => { if (each.id === "f-all") history.replaceState(null, "", "#"); find(); }));
    window.addEventListener("hashchange", () => { box.value = asked().get("q") || ""; find(); if (location.hash.includes("=")) document.getElementById("files").scrollIntoView(); });
    find();
    if (location.hash.includes("=")) document.getElementById("files").scrollIntoView();
    return;
  }
  const body = document.querySelector("tbody.rows"), rows = [...body.rows];
  const texts = new Map(rows.map((row) => [row, fold(row.textContent)]));
  const filter = () => {
    const all = asked(), words = fold(box.value).split(/\s+/).filter(Boolean);
    const answer = document.querySelector("input[name=f]:checked");
    let shown = 0;
    for (const row of rows) {
      const fits = ["cut", "vendor", "stage"].every((key) => !all.has(key) || row.dataset[key] === all.get(key))
        && (!all.has("act") || row.dataset.act.split(" ").includes(all.get("act")))
        && words.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      if (fits && (!answer || answer.id === "f-all" || row.classList.contains(answer.id.slice(2)))) shown += 1;
    }
    say(shown, rows.length);
    tell(filter);
  };
  box.value = asked().get("q") || "";
  box.addEventListener("input", () => { remember("q", box.value); filter(); });
  document.querySelectorAll("input[name=f]").forEach((each) => each.addEventListener("change", () => { if (each.id === "f-all") history.replaceState(null, "", "#"); filter(); }));
  window.addEventListener("hashchange", () => { box.value = asked().get("q") || ""; filter(); if (location.hash.includes("=")) document.getElementById("files").scrollIntoView(); });
  document.querySelectorAll("table.files thead th").forEach((head, at) => {
    head.dataset.sort = "";
    head.tabIndex = 0;
    const sort = () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      document.querySelectorAll("table.files th[aria-sort]").forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = new Intl.Collator(undefined, { numeric: true });
      rows.sort((a, b) => order.compare(a.cells[at].textContent, b.cells[at].textContent) * (down ? -1 : 1));
      body.append(...rows);
    };
    head.addEventListener("click", sort);
    head.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(); } });
  });
  filter();
  if (location.hash.includes("=")) document.getElementById("files").scrollIntoView();
})();
