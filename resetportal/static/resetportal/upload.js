// How far an upload is, and its refusal in its place. Without this file the form is sent like any other.
"use strict";

document.addEventListener("htmx:beforeRequest", (event) => {
  const shown = event.target.querySelector?.("[data-upload-progress]");
  if (event.target.matches?.("[data-uploads]") && shown) shown.hidden = false;
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const form = event.target.closest?.("[data-uploads]");
  if (!form || !event.detail.lengthComputable) return;
  const percent = Math.floor((event.detail.loaded * 100) / event.detail.total);
  form.querySelector("progress").value = percent;
  form.querySelector("[data-upload-words]").textContent = percent < 100 ? `Sent: ${percent}%` : "Sent. The portal keeps it.";
});

// A refusal (422) is a page like the one that was there, with the words under the field.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422 || !event.detail.requestConfig.elt.matches("[data-uploads]")) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
