// What is told of a file goes as another one is given (answers.py).
(() => {
  const genzu = window.genzu;
  const $ = (where, from = document) => from.querySelector(where);
  // What components showed as the page opened, in its language.
  genzu.atFirst = (ids) => ids.map((id) => {
    const {value = null, visible} = window.gradio_config.components.find((each) => each.id === id).props;
    return {__type__: "update", value, visible};
  });
  // What was told is about these values, a file by its path. gradio tells of one change several times: `undefined`
  // leaves a component as it is.
  const about = {};
  const key = (values) => JSON.stringify(values.map((each) => each?.path ?? each));
  const another = (what, values) => about[what] !== key(values);
  genzu.goneOf = (what, given) => [another(what, given) ? "" : undefined];
  genzu.comeOf = (what, many, arrived, now) => {
    const [told, ...of] = arrived ? JSON.parse(arrived) : [];
    if (key(of) !== key(now)) return [undefined];
    about[what] = key(of.slice(0, many));
    return [told];
  };
  // What belongs to a picture goes when another one comes.
  genzu.goesWith = (what, picture) => {
    if (!another(what, [picture])) return [undefined];
    about[what] = key([picture]);
    for (const board of document.querySelectorAll(".gz-brush-board")) board.hidden = true;
    return [null];
  };
  // What takes the place of an example's words in a field, or of nothing: `undefined` where a visitor typed others, even
  // after gradio had read the field.
  genzu.instead = (id, said, ours, words) => {
    const now = ($(`#${id} :is(input, textarea)`)?.value ?? said ?? "").trim();
    return !now || ours.includes(now) ? words : undefined;
  };
  genzu.begun = (field) => $(`#${field}-begun`)?.click();
  // A field's own trouble was about the file before, and so was what is told below the buttons of its form.
  function given(block) {
    const around = block.closest("[role=tabpanel]") ?? document;
    for (const each of around.querySelectorAll(".gz-wrong")) if (each === block || each.matches("button")) genzu.cleared(each);
    if (block.id === "gz-credit-picture") genzu.asksByPicture();
    genzu.begun(block.id);
  }
  // The button for a folder stands behind its field, and not around it.
  const fieldOf = (target) => target.closest?.(".block[id^=gz-]") ?? (target.nextElementSibling?.matches("button[id^=gz-]") ? target.nextElementSibling : null);
  document.addEventListener("change", ({target}) => {
    const field = target.matches?.("input[type=file]") && target.files.length && fieldOf(target);
    if (field) given(field);
  }, true);
  document.addEventListener("drop", ({target, dataTransfer}) => {
    const field = dataTransfer?.files.length && fieldOf(target);
    if (field) given(field);
  }, true);
  // A picture that was taken away, or came from an example.
  document.addEventListener("click", ({target}) => {
    const button = target.closest?.(".icon-button"), field = button && fieldOf(button);
    if (field?.matches(".gz-wrong") && [...field.querySelectorAll(".icon-button")].at(-1) === button) genzu.cleared(field);
  }, true);
  for (const kind of ["load", "error"]) document.addEventListener(kind, ({target}) => {
    const field = target instanceof HTMLImageElement && target.closest(".gz-wrong.gz-drop");
    if (field) genzu.cleared(field);
  }, true);
})();
