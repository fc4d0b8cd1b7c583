// Choosing many districts: one box for all rows of the page, a range with Shift, and the bar says what is chosen.
// Without this file each is chosen by itself, and the bar counts by the style sheet alone.
"use strict";

function prepareChoosing(root) {
  const boxes = [...root.querySelectorAll('input[name="d"]')];
  const every = root.querySelector("[data-chooses-all]");
  const all = root.querySelector('input[name="all"]');
  const said = root.querySelector("[data-chosen]");
  const students = root.querySelector("[data-chosen-students]");
  if (!said) return;
  let last = null;

  const sum = (chosen, name) => chosen.reduce((total, box) => total + Number(box.dataset[name] || 0), 0);
  const number = (value) => value.toLocaleString("en-US");

  function show() {
    const chosen = boxes.filter((box) => box.checked);
    const isAll = Boolean(all && all.checked);
    const count = isAll ? Number(all.dataset.all) : chosen.length;
    root.classList.toggle("has-chosen", count > 0);
    said.textContent = count ? said.dataset.words.replace("%d", number(count)) : "";
    const schools = sum(chosen, "schools");
    const words = schools ? students.dataset.words : students.dataset.wordsOfStudents;
    const told = words.replace("%schools", number(schools)).replace("%students", number(sum(chosen, "students")));
    students.textContent = count && !isAll ? told : "";
    for (const box of boxes) box.closest("tbody, li")?.classList.toggle("is-selected", box.checked || isAll);
    if (every) {
      every.checked = isAll || (boxes.length > 0 && chosen.length === boxes.length);
      every.indeterminate = !every.checked && chosen.length > 0;
    }
  }

  function range(event) {
    const box = event.target.closest('input[name="d"]');
    if (!box) return;
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
    }
    last = box;
  }

  if (every) {
    every.hidden = false;
    every.addEventListener("change", () => boxes.forEach((box) => (box.checked = every.checked)));
  }
  root.classList.add("has-script");
  root.addEventListener("click", range);
  root.addEventListener("change", show);
  root.addEventListener("reset", () => {
    for (const box of boxes) box.defaultChecked = false;
    setTimeout(() => {
      show();
      (every || boxes[0])?.focus(); // the bar with the pressed button is gone
    });
  });
  window.addEventListener("pageshow", show);
  show();
}

document.querySelectorAll("[data-chooses-districts]").forEach(prepareChoosing);
