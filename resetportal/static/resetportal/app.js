// Comforts on top of pages that work without them.
"use strict";

const MONTH_KEYS = { PageUp: -1, PageDown: 1 };
const DAY_KEYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

// Theme: light, dark or the machine's; kept in this browser.
function chooseTheme(name) {
  if (name) {
    localStorage.setItem("theme", name);
    document.documentElement.dataset.theme = name;
  } else {
    localStorage.removeItem("theme");
    delete document.documentElement.dataset.theme;
  }
  showTheme();
}

function showTheme() {
  const chosen = document.documentElement.dataset.theme || "";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    button.hidden = false;
  }
}

// The date grid: one day is in the tab order, arrows move by a day or a week, Page Up and Down by a month.
function dayButtons(grid) {
  return [...grid.querySelectorAll("button[data-day]")];
}

function sameDayOfMonth(iso, months) {
  const [year, month, day] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

function dayAfter(iso, days) {
  const at = new Date(`${iso}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

function neighbour(grid, from, key) {
  const buttons = dayButtons(grid);
  if (key === "Home") return buttons[0];
  if (key === "End") return buttons.at(-1);
  const iso = key in MONTH_KEYS ? sameDayOfMonth(from, MONTH_KEYS[key]) : dayAfter(from, DAY_KEYS[key]);
  return buttons.find((button) => button.dataset.day === iso);
}

function makeCurrent(grid, button) {
  for (const other of dayButtons(grid)) other.tabIndex = other === button ? 0 : -1;
}

function prepareGrid(grid) {
  const buttons = dayButtons(grid);
  if (!buttons.length) return;
  makeCurrent(grid, buttons.find((b) => b.getAttribute("aria-pressed") === "true") || buttons.find((b) => b.dataset.start) || buttons[0]);
}

function moveInGrid(event) {
  const button = event.target.closest("[data-day-grid] button[data-day]");
  if (!button) return;
  const grid = button.closest("[data-day-grid]");
  if (event.key === "Escape") button.closest("td").classList.add("is-closed");
  if (!(event.key in DAY_KEYS || event.key in MONTH_KEYS || event.key === "Home" || event.key === "End")) return;
  event.preventDefault();
  const next = neighbour(grid, button.dataset.day, event.key);
  if (!next) return;
  makeCurrent(grid, next);
  next.focus();
}

// A grave button waits until the name is typed; the server looks at it again.
function watchTypedName(field) {
  const button = document.getElementById(field.dataset.typesName);
  if (!button) return;
  const compare = () => {
    button.disabled = field.value.trim() !== field.dataset.expected;
  };
  field.addEventListener("input", compare);
  compare();
}

// A drawing that is wider than its window opens where today is.
function showToday(region) {
  const line = region.querySelector(".t-today");
  if (!line || region.scrollWidth <= region.clientWidth) return;
  const middle = region.getBoundingClientRect().left + region.clientWidth / 2;
  region.scrollLeft += line.getBoundingClientRect().left - middle;
}

function prepare(root) {
  root.querySelectorAll("[data-shows-today]").forEach(showToday);
  root.querySelectorAll("[data-day-grid]").forEach(prepareGrid);
  root.querySelectorAll("[data-types-name]").forEach(watchTypedName);
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  if (event.target.closest("[data-prints]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  moveInGrid(event);
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    for (const cell of document.querySelectorAll("[data-day-grid] td:hover")) cell.classList.add("is-closed");
  }
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.metaKey && !event.ctrlKey) {
    const field = document.querySelector("[data-find]");
    if (!field || !field.offsetParent) return;
    event.preventDefault();
    field.focus();
  }
});

document.addEventListener("focusout", (event) => event.target.closest("td.is-closed")?.classList.remove("is-closed"));
document.addEventListener("mouseover", (event) => {
  for (const cell of document.querySelectorAll("[data-day-grid] td.is-closed")) {
    if (!cell.contains(event.target)) cell.classList.remove("is-closed");
  }
});
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
showTheme();
prepare(document);
