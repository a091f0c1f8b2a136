// gradio's own controls, so that whoever hears the page, or uses no mouse, finds their way: folds, buttons, lists, toasts.
(() => {
  const genzu = window.genzu;
  const $ = (where, from = document) => from.querySelector(where);

  // A fold says aloud whether it is open, which gradio only shows; a control says in the page's language what it does,
  // and to which field it belongs: all of them are called "Remove Image" otherwise, and the arrow in a field nothing.
  let ids = 0;
  const idOf = (node) => (node.id ||= `gz-said-${++ids}`);
  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
  function told(control) {
    for (const name of ["aria-label", "title"]) {
      const words = control.getAttribute(name), [, begins, label] = /^((?:number input|range slider) for )(.+)$/.exec(words) ?? [];
      if (words) set(control, name, begins ? genzu.say(`${begins}{}`).replace("{}", label) : genzu.say(words));
    }
    const block = control.matches("button") && control.closest(".block");
    const title = block && $("[data-testid=block-label], [data-testid=block-info]", block);
    if (!title || (!control.ariaLabel && control.innerText.trim())) return;
    set(control, "aria-labelledby", control.ariaLabel ? `${idOf(title)} ${idOf(control)}` : idOf(title));
  }
  new MutationObserver(() => {
    for (const fold of document.querySelectorAll("button.label-wrap")) set(fold, "aria-expanded", String(fold.classList.contains("open")));
    document.querySelectorAll(".block :is(button, input)").forEach(told);
  }).observe(document, {childList: true, subtree: true, attributes: true, attributeFilter: ["class"]});

  // gradio takes the button that was pressed away with the picture, and the focus with it: it stays in the field.
  for (const kind of ["click", "change"]) document.addEventListener(kind, ({target}) => {
    const block = target.closest?.(".block");
    if (!block?.id || !$("[type=file], .image-container", block) || $(":scope > .label-wrap", block)) return;
    let looks = 0;
    const looking = setInterval(() => {
      if (document.activeElement === document.body)
        [...document.querySelectorAll(`#${block.id} button`)].find((each) => each.offsetParent && each.tabIndex >= 0)?.focus({preventScroll: true});
      if (++looks > 50 || !block.isConnected) clearInterval(looking);
    }, 100);
  }, true);

  // Every answer that a page waits for is told the same refusal: it is read once. gradio says in English alone that
  // the server is lost, and not that it will load the page anew (typed.js).
  const LOST = "Connection to the server was lost. Attempting reconnection...";
  new MutationObserver((changes) => {
    if (!changes.some(({addedNodes}) => [...addedNodes].some((node) => node.matches?.(".toast-item, .toast-message-item"))))
      return;
    for (const toast of document.querySelectorAll(".toast-body")) {
      const told = new Set();
      for (const item of toast.querySelectorAll(".toast-message-item")) {
        const words = [...item.querySelectorAll("*")].find((each) => !each.children.length && each.textContent.trim() === LOST);
        if (words) {
          item.classList.add("gz-lost");
          words.textContent = genzu.say("The connection was lost. This page opens again by itself as soon as the server answers, with what you typed.");
        }
        item.classList.toggle("gz-told", told.has(item.textContent));
        told.add(item.textContent);
      }
      toast.classList.toggle("gz-one", told.size === 1);
    }
  }).observe(document, {childList: true, subtree: true});

  // gradio leaves a list open, over the next field, when a keyboard goes on without choosing: page.css hides it then.
  for (const kind of ["focusin", "focusout"]) document.addEventListener(kind, ({target}) => {
    if (target.matches?.("[role=combobox]")) setTimeout(() => {
      const list = document.getElementById(target.getAttribute("aria-controls"));
      target.setAttribute("aria-expanded", String(Boolean(list) && target === document.activeElement));
    }, 80);
  });
})();
