// What the page does in the browser by itself: no library, nothing fetched from elsewhere.
(() => {
  const genzu = window.genzu; // its words are there (theme.py)
  const $ = (where, from = document) => from.querySelector(where);
  // What is not drawn yet: a slow machine takes its time. Null where it does not come.
  const there = async (where) => {
    for (let looks = 0; looks < 100 && !$(where); looks++) await new Promise((done) => setTimeout(done, 50));
    return $(where);
  };
  // A sentence in the page's language.
  genzu.say = (text) => genzu.words?.[document.documentElement.lang]?.[text] ?? text;

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
  const cleared = (genzu.cleared = (block) => {
    block.classList.remove("gz-wrong");
    document.getElementById(`${block.id}-wrong`)?.remove();
    const field = $(FIELD, block);
    field?.removeAttribute("aria-invalid");
    field?.removeAttribute("aria-describedby");
  });
  // Opens the folds around a field, outermost first, and gives the field.
  const unfolded = (genzu.unfolded = async (folds, id) => {
    for (const fold of folds) {
      const button = await there(`#${fold} > button`);
      if (button && !button.classList.contains("open")) button.click();
    }
    return there(`#${id}`);
  });
  // A busy server may take seconds to answer a press: that it was noticed is seen at once.
  const WRITES = "#gz-record-sign, #gz-revision-sign, #gz-choose, #gz-dispute-send, #gz-keeper-correct, #gz-keeper-again, #gz-keeper-answer";
  const PRESSES = `#gz-paint, #gz-first-again, #gz-takeover-go, ${WRITES}`;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(PRESSES);
    // What is written down is written once: the second press of two asks nothing, and is told nothing.
    if (button?.matches(WRITES) && (event.detail > 1 || button.hasAttribute("aria-busy"))) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    button?.setAttribute("aria-busy", "true");
    // Where the server could not even be asked, a toast says so, and the button can be pressed again.
    const looking = button && setInterval(() => {
      if ($(".toast-body.error")) button.removeAttribute("aria-busy");
      if (!button.hasAttribute("aria-busy")) clearInterval(looking);
    }, 400);
  }, true);
  let marks = 0;
  genzu.mark = async (text) => {
    const mine = ++marks;
    document.querySelectorAll(PRESSES).forEach((button) => button.removeAttribute("aria-busy"));
    document.querySelectorAll(".gz-wrong").forEach(cleared);
    const troubles = text ? JSON.parse(text) : [];
    for (const {folds, id} of troubles) await unfolded(folds, id);
    if (mine !== marks) return; // pressed again meanwhile
    let first = null;
    for (const {id, words} of troubles) {
      const block = document.getElementById(id);
      if (!block) continue;
      block.classList.add("gz-wrong");
      const note = document.createElement("p");
      note.className = "gz-wrong-words";
      note.id = `${id}-wrong`;
      note.textContent = words;
      // Of a button it is told below it: nothing can stand inside.
      if (block.matches("button")) block.after(note); else block.append(note);
      const field = $(FIELD, block) ?? $("button, input", block) ?? block;
      field?.setAttribute("aria-invalid", "true");
      field?.setAttribute("aria-describedby", note.id);
      block.dataset.was = $(FIELD, block)?.value ?? "";
      first ??= field;
    }
    first?.focus({preventScroll: true});
    first?.closest(".gz-wrong")?.scrollIntoView({block: "center", behavior: "smooth"});
  };
  for (const kind of ["input", "change", "drop"]) document.addEventListener(kind, ({target}) => {
    const block = target.closest?.(".gz-wrong");
    if (block) cleared(block);
  });

  // A choice from a list changes its field without telling: looked at once the list has done its work.
  for (const kind of ["mouseup", "keyup", "focusout"]) document.addEventListener(kind, () => setTimeout(() => {
    for (const block of document.querySelectorAll(".gz-wrong"))
      if (($(FIELD, block)?.value ?? "") !== block.dataset.was) cleared(block);
  }, 80));

  // Gives a file to a field, in place of the one that it has; false where it takes none.
  genzu.give = async (id, file) => {
    let input = $(`#${id} input[type=file]`);
    if (!input) {
      [...document.querySelectorAll(`#${id} button`)].at(-1)?.click();
      input = await there(`#${id} input[type=file]`);
    }
    if (!input) return false;
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
    return true;
  };

  // A mask painted with a brush over the layout: white where it was painted, as large as the layout.
  const brush = () => $(".gz-brush");
  function opened() {
    const layout = $("#gz-layout img"), canvas = $("canvas", brush());
    $(".gz-brush-none", brush()).hidden = Boolean(layout?.naturalWidth);
    if (!layout?.naturalWidth) return;
    [canvas.width, canvas.height] = [layout.naturalWidth, layout.naturalHeight];
    canvas.parentNode.style.backgroundImage = `url("${layout.src}")`;
    $(".gz-brush-board", brush()).hidden = false;
  }
  async function used() {
    const canvas = $("canvas", brush()), mask = document.createElement("canvas");
    [mask.width, mask.height] = [canvas.width, canvas.height];
    const pen = mask.getContext("2d");
    pen.drawImage(canvas, 0, 0);
    pen.globalCompositeOperation = "source-in";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, mask.width, mask.height);
    pen.globalCompositeOperation = "destination-over";
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, mask.width, mask.height);
    const data = await new Promise((done) => mask.toBlob(done, "image/png"));
    if (!await genzu.give("gz-mask", new File([data], "mask.png", {type: "image/png"}))) return;
    $(".gz-brush-board", brush()).hidden = true;
  }
  document.addEventListener("click", ({target}) => {
    const what = target.closest?.("[data-brush]")?.dataset.brush;
    const canvas = what && $("canvas", brush());
    if (what === "open") opened();
    if (what === "clear") canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    if (what === "use") used();
  });
  let last = null;
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.matches?.(".gz-brush canvas")) return;
    event.target.setPointerCapture(event.pointerId);
    last = null;
    drawn(event);
  });
  document.addEventListener("pointermove", (event) => { if (event.buttons && event.target.matches?.(".gz-brush canvas")) drawn(event); });
  function drawn({target: canvas, clientX, clientY}) {
    const place = canvas.getBoundingClientRect(), scale = canvas.width / place.width;
    const now = [(clientX - place.left) * scale, (clientY - place.top) * scale];
    const pen = canvas.getContext("2d");
    pen.strokeStyle = "#e0442e";
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = Number($("input[type=range]", brush()).value) * scale;
    pen.beginPath();
    pen.moveTo(...(last ?? now));
    pen.lineTo(...now);
    pen.stroke();
    last = now;
  }

  // Who is credited, by an address that can be linked to.
  const update = (values) => ({__type__: "update", ...values});
  const LONGEST = 8000; // characters of an address that any server and proxy takes
  let asks = 0;
  const nameTyped = () => $("#gz-credit-name :is(input, textarea)")?.value ?? "";
  let nameBefore = "";
  // A picture is asked about: a name that was asked before is answered no more, and one that is typed from now on stays.
  genzu.asksByPicture = () => {
    asks++;
    nameBefore = nameTyped();
  };
  genzu.credits = async (name) => {
    const mine = ++asks;
    // Half of a letter has no place in an address.
    const said = String(name ?? "").trim().replace(/\p{Surrogate}/gu, "\ufffd"), asked = encodeURIComponent(said);
    const long = asked.length > LONGEST && {error: genzu.say("This is too long for a name; write it as it is credited.")};
    // A server that cannot be reached, or a proxy before it that answers in its place.
    const lost = () => ({error: genzu.say("The server did not answer; try again.")});
    const answer = long || (await fetch(`genzu/credits?name=${asked}`).then((told) => told.json()).catch(lost));
    if (mine !== asks) return [undefined, undefined, undefined];
    const {html, one, error} = answer;
    if (said && !long) genzu.about("credits", ["name", said]);
    const words = document.createElement("p");
    words.textContent = error ?? "";
    return [html ?? `<div class="gz-note gz-warn" role="alert">${words.innerHTML}</div>`, update({visible: Boolean(one)}), update({visible: false})];
  };
  const written = (genzu.written = (id, text) => {
    const field = $("input, textarea", document.getElementById(id));
    if (!field) return null;
    const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", {bubbles: true}));
    return field;
  });
  // An answer on a picture has the address of its record, which stands in the field; of one without, nothing is kept.
  genzu.credited = () => {
    const picture = $(".gz-credited")?.dataset.asked ?? "";
    genzu.about("credits", picture ? ["name", picture] : null);
    return nameTyped() === nameBefore ? picture : undefined;
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-credit]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      written("gz-credit-name", link.dataset.credit);
      setTimeout(() => document.getElementById("gz-credit-ask")?.click(), 60);
    }
    // A row that is wrong: the form for it, with its picture filled in.
    const wrong = event.target.closest?.("[data-wrong]");
    if (!wrong) return;
    const block = await unfolded(["gz-dispute"], "gz-dispute-claim");
    const claim = block && $("textarea", block);
    written("gz-dispute-picture", wrong.dataset.wrong);
    claim?.focus({preventScroll: true});
    claim?.scrollIntoView({block: "center", behavior: "smooth"});
  });
  genzu.asked = async () => {
    const name = new URLSearchParams(location.search).get("name");
    const typed = nameTyped();
    return name ? [...await genzu.credits(name), nameTyped() === typed ? name : undefined] : [update({}), update({}), update({}), update({})];
  };

  // What somebody said is wrong has an id by which its answer is read: the address keeps it, and asks for the answer.
  genzu.disputed = () => {
    const sent = $("[data-dispute]")?.dataset.dispute;
    if (sent) genzu.about("credits", ["dispute", sent]);
  };
  genzu.answered = async () => {
    const sent = new URLSearchParams(location.search).get("dispute");
    if (!sent) return;
    // As gradio finishes drawing the page, it closes what was opened before.
    for (let looks = 0; looks < 8; looks++) {
      await unfolded(["gz-dispute"], "gz-dispute-id");
      await new Promise((done) => setTimeout(done, 250));
    }
    written("gz-dispute-id", sent)?.scrollIntoView({block: "center"});
    setTimeout(() => $("#gz-dispute-id button")?.click(), 60);
  };
})();
