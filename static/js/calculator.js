// What is on screen belongs together: an answer stands only beside the very inputs it was made from.
// Without this file the page works through its Calculate button.
"use strict";
(() => {
  const form = document.getElementById("plan");
  const answer = document.getElementById("answer");
  const status = document.getElementById("status");
  const idle = document.getElementById("idle");
  const title = "CMV dosing";
  const lead = form.dataset.lead; // of a draft: that it is one, first in every title
  const KEY = "units";
  const WHOLE = /^\s*<div data-state="(empty|plan|refused|unavailable)"/;
  const IDLE = Number(form.dataset.idle) * 1000;
  const WARN = Math.min(60000, IDLE / 2);
  const bound = form.dataset.state !== "empty";

  let asked = ""; // the inputs of the answer that is shown or on its way
  let timer = 0;
  let submitted = false; // the button was pressed: every message is shown, and told
  let touched = new Set(); // fields that were left once: their messages are shown
  let lastUse = Date.now();
  const sent = new WeakMap(); // request → the inputs it carried
  let latest = null;

  const inputs = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  };
  const rowOf = (name) => form.querySelector(`[data-row="${name}"]`);
  const control = (name) => document.getElementById(`id_${name}`);

  // Units are remembered on this workstation, nothing else is

  const unitSelects = () => [...form.querySelectorAll("select.unit")].filter((one) => one.name !== "age_unit");
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  };
  function recallUnits() {
    const known = stored();
    for (const select of unitSelects()) {
      if ([...select.options].some((option) => option.value === known[select.name])) select.value = known[select.name];
    }
  }
  function rememberUnits() {
    const known = {};
    for (const select of unitSelects()) if (select.value) known[select.name] = select.value;
    try {
      localStorage.setItem(KEY, JSON.stringify(known));
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }

  // Rows that do not apply are gone; the server says which (data-shows). A row in use never goes

  function inUse(row) {
    for (const one of row.querySelectorAll("input, select:not(.unit)")) {
      if (one.type === "checkbox" && one.checked) return true;
      if ((one.type === "text" || one.type === "date") && one.value) return true;
      if (one.matches("select") && one.selectedIndex > 0) return true;
    }
    const radios = row.querySelectorAll("input[type=radio]");
    const invalid = row.querySelector(".error");
    return Boolean(invalid) || [...radios].findIndex((one) => one.checked) > 0;
  }
  function arrange() {
    suggest();
    const away = new Set();
    for (const governor of form.querySelectorAll("[data-governs]")) {
      const chosen = governor.matches("select") ? governor.selectedOptions[0] : governor.querySelector("input:checked");
      const shows = new Set(((chosen ? chosen.dataset.shows : governor.dataset.blank) || "").split(" "));
      for (const name of governor.dataset.governs.split(" ")) if (!shows.has(name)) away.add(name);
    }
    for (const row of form.querySelectorAll("[data-row]")) {
      row.classList.toggle("gone", away.has(row.dataset.row) && !inUse(row));
    }
    for (const group of form.querySelectorAll("details.group")) {
      group.classList.toggle("gone", !group.querySelector("[data-row]:not(.gone)"));
    }
    const regimen = control("regimen").selectedOptions[0];
    const phases = regimen && regimen.dataset.phases ? regimen.dataset.phases.split("|") : [];
    phases.forEach((text, place) => {
      const row = rowOf(`phase_days_${place + 1}`);
      if (row) row.querySelector(".hint").textContent = text;
    });
  }

  // Who and what for → two or three regimens; choosing one sets the whole list below

  function suggest() {
    const who = control("group").value;
    const what = control("situation").value;
    const row = rowOf("suggested");
    let found = 0;
    for (const label of row.querySelectorAll("label")) {
      const fits = label.dataset.groups.split(" ").includes(who) && label.dataset.situations.split(" ").includes(what);
      label.hidden = !fits;
      found += fits;
      label.firstElementChild.checked = fits && label.firstElementChild.value === control("regimen").value;
    }
    row.querySelector(".none").hidden = found > 0;
    row.hidden = !(who && what);
  }

  // Taking the old answer away, asking for the new one

  function say(text, kind) {
    status.className = `status ${kind}`;
    status.textContent = text;
  }
  function withdraw(text, kind) {
    answer.replaceChildren();
    document.title = lead + title;
    say(text, kind);
  }
  function fail(text) {
    withdraw(text, "failed");
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => ask());
    answer.replaceChildren(again);
  }
  function ask() {
    clearTimeout(timer);
    asked = inputs();
    if (!form.checkValidity()) {
      const unfinished = form.querySelector("input:invalid");
      const label = unfinished && unfinished.labels.length ? unfinished.labels[0].textContent.trim() : "A date";
      withdraw(`${label}: this date is not complete. No dose is shown until it is.`, "waiting");
      return;
    }
    withdraw("Working out the answer for these inputs.", "waiting");
    send();
  }
  function send() {
    // Each question has an element of its own: htmx would make a second one of the same element wait
    // for the first. None is broken off; the answer to an old question is dropped when it comes.
    const question = document.getElementById("question").content.firstElementChild.cloneNode(true);
    // Following the typing, "not yet" is a plain answer; asked for by the button it is a refusal.
    if (submitted) question.removeAttribute("hx-headers");
    document.body.append(question);
    htmx.process(question);
    question.addEventListener("htmx:afterRequest", () => setTimeout(() => question.remove(), 0));
    htmx.trigger(question, "ask");
  }
  function changed(delay) {
    arrange();
    const now = inputs();
    if (now === asked) return;
    asked = now;
    submitted = false;
    latest = null;
    withdraw("The inputs changed: the old answer was taken away. The new one is on its way.", "waiting");
    clearTimeout(timer);
    timer = setTimeout(ask, delay);
  }
  form.addEventListener("input", (event) => {
    if (event.target.classList.contains("unit")) rememberUnits();
    changed(event.target.matches("input[type=text], input[type=date]") ? 350 : 50);
  });
  form.addEventListener("change", () => changed(50));
  rowOf("suggested").addEventListener("input", (event) => {
    control("regimen").value = event.target.value;
  });
  form.addEventListener("focusout", (event) => {
    if (!event.target.name) return;
    touched.add(event.target.name);
    place();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.formTarget) {
      // The sheet is made from the inputs: only while they are those of the answer on screen.
      if (inputs() !== asked || !answer.querySelector(".plan")) event.preventDefault();
      return;
    }
    event.preventDefault();
    submitted = true;
    ask();
  });
  answer.addEventListener("click", (event) => {
    const offer = event.target.closest("button[data-regimen]");
    if (offer) {
      event.preventDefault();
      control("regimen").value = offer.dataset.regimen;
      const days = offer.dataset.days.split(",");
      ["1", "2", "3"].forEach((place, index) => {
        control(`phase_days_${place}`).value = days[index] || "";
      });
      changed(0);
      return;
    }
    const link = event.target.closest("a[data-field], a[data-go]");
    if (link) {
      event.preventDefault();
      goTo(link.dataset.field || link.dataset.go);
    }
  });
  function goTo(name) {
    const field = control(name);
    if (!field) return;
    const group = field.closest("details");
    if (group) group.open = true;
    const row = field.closest("[data-row]");
    if (row) row.classList.remove("gone");
    field.focus();
  }

  // Answers: late ones are dropped, failures show no number

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    latest = event.detail.xhr;
    sent.set(latest, inputs());
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, isError, serverResponse } = event.detail;
    if (xhr !== latest || sent.get(xhr) !== inputs()) {
      event.detail.shouldSwap = false;
    } else if (!isError && !WHOLE.test(serverResponse)) {
      event.detail.shouldSwap = false;
      fail("The server sent something else than an answer. No dose is shown.");
    }
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    latest = null;
    const shown = answer.firstElementChild;
    const state = shown ? shown.dataset.state : "";
    place();
    if (state === "plan") {
      say(shown.dataset.said, "sr");
      document.title = `${lead}${shown.querySelector("h1").textContent} – ${title}`;
      if (submitted && answer.getBoundingClientRect().top > innerHeight) answer.scrollIntoView();
    } else if (state === "refused") {
      say("", "");
      if (submitted) {
        document.title = `${lead}Error: not calculated – ${title}`;
        document.getElementById("summary").focus();
      }
    } else {
      say("", "");
    }
  });
  const failed = (text) => (event) => {
    if (event.detail.xhr !== latest || sent.get(latest) !== inputs()) return;
    latest = null;
    fail(event.detail.xhr.status === 403 ? "This page was open too long. No dose is shown. Press New patient." : text);
  };
  document.body.addEventListener("htmx:timeout", failed("No answer within 3 seconds. No dose is shown."));
  document.body.addEventListener("htmx:sendError", failed("The server cannot be reached. No dose is shown."));
  document.body.addEventListener("htmx:responseError", failed("The server could not answer. No dose is shown."));

  // Messages stand beside their fields once those were left, or the button was pressed

  function place() {
    for (const one of form.querySelectorAll(".note .error")) one.remove();
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    for (const link of answer.querySelectorAll("a[data-field]")) {
      const name = link.dataset.field;
      const field = control(name);
      const note = document.getElementById(`note_${name}`);
      if (!field || !note) continue;
      const typing = field === document.activeElement && !submitted;
      const quiet = "blank" in link.dataset || !touched.has(name);
      if (!submitted && (typing || quiet)) continue;
      const message = document.createElement("span");
      message.className = "error";
      message.textContent = link.textContent;
      note.append(message);
      field.setAttribute("aria-invalid", "true");
      const group = field.closest("details");
      if (group) group.open = true;
    }
    arrange();
  }

  // A new patient; a page left alone

  function empty(text) {
    clearTimeout(timer);
    latest = null;
    submitted = false;
    touched = new Set();
    withdraw(text, "");
    form.reset();
    if (bound) {
      // These fields would fall back to what was posted: leave nothing, and fetch the empty page.
      for (const one of form.querySelectorAll("input[type=text], input[type=date]")) one.value = "";
      form.hidden = true;
      location.replace(form.action);
      return;
    }
    for (const group of form.querySelectorAll("details.group")) group.open = false;
    recallUnits();
    asked = inputs();
    place();
    form.scrollTop = 0;
    scrollTo(0, 0);
    control("age").focus();
  }
  const newPatient = () => empty("Everything was emptied. Enter the next patient. The units stay as they were chosen on this workstation.");
  document.getElementById("new").addEventListener("click", (event) => {
    event.preventDefault();
    newPatient();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "F2" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      newPatient();
    }
  });
  const used = () => {
    lastUse = Date.now();
    if (idle.textContent) idle.textContent = "";
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "input", "wheel", "touchstart"]) {
    addEventListener(kind, used, { passive: true, capture: true });
  }
  let fresh = "";
  function tick() {
    // Values put back by the browser come without an event.
    if (inputs() !== asked) changed(50);
    if (asked === fresh && !answer.querySelector(".plan")) {
      lastUse = Date.now();
      return;
    }
    const left = IDLE - (Date.now() - lastUse);
    if (left <= 0) {
      idle.textContent = "";
      empty("Emptied, because nobody used this page for a while.");
    } else if (left <= WARN && !idle.textContent) {
      idle.textContent = `Nobody has used this page for a while. It empties itself in ${Math.ceil(left / 1000)} seconds. Move the mouse or press a key to keep it.`;
    }
  }

  form.reset(); // what the server sent, not what a browser kept
  if (!bound) recallUnits();
  fresh = bound ? "" : inputs();
  asked = inputs();
  arrange();
  setInterval(tick, 500);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (Date.now() - lastUse > IDLE) empty("Emptied, because nobody used this page for a while.");
    else if (asked !== fresh) ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) tick();
  });
})();
