/* 惠民：只让页面更快，不让页面离不开它。每个动作没有脚本也是链接或表单。 */
(function () {
  "use strict";

  var FIELD = "input, textarea, select, [contenteditable]";
  var KEYS_OFF = "huimin-keys-off";
  var waiting = "";

  function remembered(name) {
    try { return window.localStorage.getItem(name); } catch (refused) { return null; }
  }

  function remember(name, value) {
    try {
      if (value) { window.localStorage.setItem(name, value); } else { window.localStorage.removeItem(name); }
    } catch (refused) { /* 浏览器不让存，就只管本页 */ }
  }

  /* ── 键盘：单字键从不在输入框里起作用，可以关掉 ── */
  function follow(selector) {
    var link = document.querySelector(selector);
    if (link) { link.click(); }
    return Boolean(link);
  }

  function showKeys() {
    var box = document.getElementById("keys");
    if (box && box.showModal && !box.open) { box.showModal(); }
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.target.closest && event.target.closest(FIELD)) { return; }
    if (remembered(KEYS_OFF)) { return; }
    var key = event.key;
    if (waiting === "g") {
      waiting = "";
      if (key === "h" && follow("[data-key='g h']")) { event.preventDefault(); }
      if (key === "t" && follow("[data-key='g t']")) { event.preventDefault(); }
      return;
    }
    if (key === "/") {
      var search = document.getElementById("q");
      if (search && search.offsetParent) { event.preventDefault(); search.focus(); search.select(); }
    } else if (key === "g") {
      waiting = "g";
      window.setTimeout(function () { waiting = ""; }, 1500);
    } else if (key === "n") {
      if (follow("[data-key='n']")) { event.preventDefault(); }
    } else if (key === "?") {
      event.preventDefault();
      showKeys();
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.id === "keys-on") { remember(KEYS_OFF, event.target.checked ? "" : "1"); }
    if (event.target.closest && event.target.closest("form[data-quick]")) { event.target.form.requestSubmit(); }
  });

  /* ── 提交一次就忙；回到本页时恢复 ── */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if ((form.method || "").toLowerCase() !== "post") { return; }
    if (/\/sign-out$/.test(form.action)) { forgetDay(); }
    form.dataset.sent = "1";
    var button = event.submitter || form.querySelector("button:not([type=button])");
    if (button) { button.setAttribute("aria-busy", "true"); }
    if (form.hasAttribute("data-download")) { window.setTimeout(function () { rested(form); }, 3000); }
  });

  /* 页面为断网留在本机的当天资料，退出登录时清掉。 */
  function forgetDay() {
    try { window.indexedDB.deleteDatabase("huimin-day"); } catch (refused) { /* 浏览器不让存，就没有可清的 */ }
  }

  function rested(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach(function (button) { button.removeAttribute("aria-busy"); });
  }

  window.addEventListener("pageshow", function () { document.querySelectorAll("form[data-sent]").forEach(rested); });
  document.addEventListener("htmx:afterRequest", function () {
    document.querySelectorAll("form[data-sent]").forEach(rested);
  });

  /* ── 点一下就做的事 ── */
  document.addEventListener("click", function (event) {
    var at = event.target.closest ? event.target.closest("[data-act]") : null;
    if (!at) { return; }
    var act = at.dataset.act;
    if (act === "print") { event.preventDefault(); window.print(); }
    if (act === "keys") { event.preventDefault(); showKeys(); }
    if (act === "close") { var box = at.closest("dialog"); if (box) { event.preventDefault(); box.close(); } }
  });

  /* ── 每次页面或局部换新之后 ── */
  function settle(root) {
    var wrong = root.querySelector(".errsum");
    if (wrong) { wrong.setAttribute("tabindex", "-1"); wrong.focus(); }
    root.querySelectorAll(".toast:not(.bad)").forEach(function (toast) {
      window.setTimeout(function () { toast.classList.add("gone"); }, 6000);
    });
    root.querySelectorAll("[data-reveal-seconds]").forEach(function (shown) {
      window.setTimeout(function () { shown.textContent = shown.dataset.masked; }, Number(shown.dataset.revealSeconds) * 1000);
    });
    var keys = root.querySelector("#keys-on");
    if (keys) { keys.checked = !remembered(KEYS_OFF); }
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    settle(event.target);
    var heading = event.target.querySelector("h1, h2");
    if (heading && !event.target.contains(document.activeElement)) { heading.setAttribute("tabindex", "-1"); }
  });
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", function () { settle(document); });
  } else {
    settle(document);
  }
})();
