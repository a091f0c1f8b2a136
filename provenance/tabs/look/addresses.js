// Where a visitor is, as an address: a tab, and the picture, name or dispute that it is about. A reload, a link, Back and
// Forward find it again.
(() => {
  const genzu = window.genzu;
  const $ = (where, from = document) => from.querySelector(where);
  const OF_ALL = ["lang", "keeper", "__theme"], OF_ONE = ["picture", "name", "dispute"];
  const params = () => new URLSearchParams(location.search);
  const named = () => params().get("tab") ?? (params().has("name") ? "credits" : "paint");

  // What each tab is about, also while another one is open: its address is its own.
  const about = {};
  const read = () => { about[named()] = OF_ONE.map((key) => [key, params().get(key)]).find(([, value]) => value); };
  read();
  function addressOf(tab) {
    const address = new URL(location.href);
    for (const each of [...address.searchParams.keys()]) if (!OF_ALL.includes(each)) address.searchParams.delete(each);
    if (tab !== "paint") address.searchParams.set("tab", tab);
    if (about[tab]) address.searchParams.set(...about[tab]);
    return address;
  }
  // Back goes to what the tab was about before; a tab that was about nothing is the same place as before.
  genzu.about = (tab, what) => {
    const before = about[tab];
    about[tab] = what;
    if (tab !== named() || String(before ?? "") === String(what ?? "")) return;
    history[before && what ? "pushState" : "replaceState"](null, "", addressOf(tab));
  };

  genzu.at = (key) => {
    if (!key) return;
    if (about.paint?.[1] !== key) genzu.begun("gz-revision");
    genzu.about("paint", ["picture", key]);
    // On a phone it stands above the form; whoever is typing is left where they are.
    if (matchMedia("(max-width: 760px)").matches && !document.activeElement?.matches("input, textarea"))
      $(".gz-history")?.scrollIntoView();
  };
  // What was dropped on the tab Inspect is kept nowhere, and has no address.
  genzu.inspected = () => genzu.about("inspect", null);

  // The switch of the language keeps the rest of the address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-lang]");
    if (!link) return;
    event.preventDefault();
    const address = new URL(location.href);
    address.searchParams.set("lang", link.dataset.lang);
    genzu.keep();
    location.assign(address);
  });

  const tabs = () => [...document.querySelectorAll("button[role=tab]")];
  const nameOf = (button) => (button.id || "").replace(/^gz-tab-|-button$/g, "");
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
    if (name && !following && name !== named()) history.pushState(null, "", addressOf(name));
  }, true);
  addEventListener("popstate", () => {
    read();
    follow();
    const name = named() === "credits" && params().get("name");
    if (name && name !== $("input, textarea", document.getElementById("gz-credit-name"))?.value) {
      genzu.written("gz-credit-name", name);
      setTimeout(() => document.getElementById("gz-credit-ask")?.click(), 60);
    }
    const key = named() === "paint" && params().get("picture");
    if (!key || $(`.gz-stage[data-picture="${CSS.escape(key)}"]`)) return;
    const known = $(`.gz-strip [data-key="${CSS.escape(key)}"]`);
    if (known) known.click(); else location.reload();
  });
  // However long a slow machine takes to draw the tabs.
  const watching = setInterval(() => { if (follow()) clearInterval(watching); }, 100);
})();
