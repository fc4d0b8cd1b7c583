// One box chooses all rows of the page. Without this file each is chosen by itself.
"use strict";

for (const form of document.querySelectorAll("[data-chooses]")) {
  const every = form.querySelector("[data-chooses-all]");
  const boxes = [...form.querySelectorAll('[name="educator"]')];
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    every.checked = chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  every.hidden = false;
  every.addEventListener("change", () => boxes.forEach((box) => (box.checked = every.checked)));
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
}
