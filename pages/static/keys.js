/* Keys of all pages: / goes to the search, n presses the page's button for something new, ? shows
   which keys there are. Never where somebody types or chooses, and never over a dialog. Streamlit's
   own shortcuts of buttons know no punctuation, and press what a dialog covers. */
document.addEventListener("keydown", (press) => {
  const at = press.composedPath()[0], wanted = {
    "/": "[data-testid=stMain] input[type=search]",
    "n": ".st-key-new button, [class*='st-key-empty-'] button",
    "?": ".st-key-shortcuts button",
  }[press.key];
  if (!wanted || press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return;
  if (at.isContentEditable || at.matches?.("input:not([type=checkbox], [type=radio]), textarea, select")) return;
  if (at.closest?.("[role=listbox], [role=menu], [role=combobox], [contenteditable=true]")) return;
  if (document.querySelector("[role=dialog]:not([data-testid=stToast])")) return;
  const found = [...document.querySelectorAll(wanted)].find((one) =>
    !one.disabled && (press.key === "?" || one.checkVisibility()));
  if (!found) return;
  press.preventDefault();
  if (press.key === "/") found.select();
  else found.click();
});
