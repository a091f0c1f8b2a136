// What a visitor typed and gave, while the page loads itself anew: gradio does so when a lost server answers again, and
// the switch of the language does. It lies in this tab of the browser for that moment alone.
(() => {
  const genzu = window.genzu;
  const $ = (where, from = document) => from.querySelector(where);
  const KEY = "genzu-typed";
  const FIELD = "input:not([type=file], [type=password], [type=range]), textarea";
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const nameOf = (url) => decodeURIComponent((url ?? "").split("/").at(-1));
  // What a list's choice means, by its words, which are others in the other language.
  const choices = (id) => window.gradio_config?.components.find(({props}) => props.elem_id === id)?.props.choices ?? [];
  const layout = () => $("#gz-layout img")?.src;

  // A field as it is filled in, with the folds that are open around it.
  function filled(field) {
    const block = field.closest(".block[id^=gz-]");
    if (!block) return [];
    const kind = field.matches("[role=combobox]") ? "list" : field.type;
    const at = [...block.querySelectorAll(FIELD)].indexOf(field), folds = [];
    for (let each = block.parentElement; each; each = each.parentElement) if ($(":scope > button.label-wrap.open", each) && each.id) folds.unshift(each.id);
    const value = field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value;
    const meant = kind === "list" ? choices(block.id).find(([words]) => words === value)?.[1] : value;
    return [{id: block.id, at, kind, folds, value: meant ?? value}];
  }
  genzu.keep = () => {
    const fields = [...document.querySelectorAll(FIELD)].flatMap(filled);
    try { sessionStorage.setItem(KEY, JSON.stringify({fields, layout: layout() ?? null})); } catch { /* it is forbidden here */ }
  };
  addEventListener("pagehide", () => { if ($(".gz-lost")) genzu.keep(); });

  // As by hand: gradio learns of it.
  function write(field, value) {
    const kindOf = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kindOf.prototype, "value").set.call(field, value);
    for (const event of ["input", "change", "blur"]) field.dispatchEvent(new Event(event, {bubbles: event !== "blur"}));
  }
  // What an empty field is offered while the page is still being drawn. gradio loses what comes then now and again (2 of
  // 38 first visits on a busy machine), so it is offered until it stays; what a visitor does with the field stands.
  genzu.offered = async (id, value) => {
    let touched = false, stays = 0;
    const touch = ({target, isTrusted}) => { touched ||= isTrusted && Boolean(target.closest?.(`#${id}`)); };
    document.addEventListener("input", touch, true);
    for (let looks = 0; value && !touched && stays < 10 && looks < 150; looks++) {
      const field = $(`#${id} :is(${FIELD})`);
      if (field?.value && field.value !== value) break;
      stays = field?.value ? stays + 1 : 0;
      if (field && !field.value) write(field, value);
      await pause(100);
    }
    document.removeEventListener("input", touch, true);
  };

  async function fill({id, at, kind, folds, value}) {
    const shown = document.getElementById(id);
    if (folds.length) await genzu.unfolded(folds, id);
    if (!shown) await pause(300); // a fold that was just opened fills its fields in first
    const field = [...document.querySelectorAll(`#${id} :is(${FIELD})`)][at];
    if (!field || field.disabled || (typeof value === "boolean" ? field.checked : field.value) === value) return;
    if (typeof value === "boolean") {
      if (kind === "checkbox" || value) field.click();
    } else if (kind === "list") {
      field.focus();
      await pause(150);
      const words = choices(id).find(([, meant]) => meant === value)?.[0];
      const option = [...document.querySelectorAll(`#${field.getAttribute("aria-controls")} [role=option]`)].find((each) => each.ariaLabel === words);
      option?.dispatchEvent(new MouseEvent("mousedown", {bubbles: true}));
      field.blur();
    } else {
      write(field, value);
    }
  }
  // The layout comes first: a new one empties what an example had filled in.
  async function given(before) {
    if (nameOf(before) === nameOf(layout())) return;
    const file = before && await fetch(before).then((told) => told.ok ? told.blob() : null).catch(() => null);
    if (file) await genzu.give("gz-layout", new File([file], nameOf(before), {type: file.type}));
    else [...document.querySelectorAll("#gz-layout .icon-button")].at(-1)?.click();
    await pause(1500);
    if (before && !file) genzu.mark(JSON.stringify([{id: "gz-layout", folds: [], words: genzu.say("Your drawing did not outlast this; give it once more.")}]));
  }
  (async () => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEY));
      sessionStorage.removeItem(KEY);
    } catch { /* nothing was kept */ }
    if (!kept) return;
    // The page fills itself in first: a seed, the facts of its layout.
    for (let looks = 0; looks < 100 && !$(".gz-arrived"); looks++) await pause(100);
    await given(kept.layout);
    let left = kept.fields;
    const fillIn = async () => {
      const here = left.filter(({id, folds}) => document.getElementById(folds[0] ?? id));
      left = left.filter((each) => !here.includes(each));
      for (const each of here) await fill(each);
    };
    await fillIn();
    // A tab is drawn when it is opened.
    document.addEventListener("click", ({target}) => { if (target.closest?.("button[role=tab]")) setTimeout(fillIn, 600); });
  })();
})();
