/* 收银窗口：刷卡、看清谁付多少、按回车。断网照常签到，一笔不丢，连上后自动上传。
   本机只存当天名单（加密，密钥取不出来）和自己写的记录；名单在退出登录、终端停用和换天时清掉。 */
(function () {
  "use strict";

  var DAY_DATABASE = "huimin-day";
  var KEPT_DATABASE = "huimin-canteen";
  var COUNTY_HOURS = 8;
  var SENT_AT_ONCE = 200;
  var PATIENCE = 8000;
  var LOOK_PATIENCE = 1500;
  var POLL = 15000;
  var FRESH_LIST = 600000;
  var RECENT = 6;

  var at = document.getElementById("counter");
  var site = at.dataset.site;
  var base = at.dataset.base + site + "/";
  var words = {};
  document.getElementById("words").content.querySelectorAll("[data-word]").forEach(function (one) {
    words[one.dataset.word] = one.textContent;
  });
  var nobody = element("initial").firstElementChild.cloneNode(true);
  var kept = null;
  var terminal = null;
  var list = null;
  var guest = null;
  var shown = null;
  var set = null;
  var channel = "card";
  var net = "starting";
  var skew = 0;
  var sending = false;
  var looking = 0;
  var entries = [];

  function element(id) { return document.getElementById(id); }

  function say(word, values) {
    return (words[word] || word).replace(/\{(\w+)\}/g, function (all, name) {
      return values && name in values ? values[name] : all;
    });
  }

  function money(fen) { return (fen / 100).toFixed(2); }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }

  function bytes(text) { return new TextEncoder().encode(text); }

  function fromHex(text) {
    return new Uint8Array(text.match(/../g).map(function (pair) { return parseInt(pair, 16); }));
  }

  /* ── 时间：以服务器的钟为准，写成本县时间 ── */
  function now() { return new Date(Date.now() + skew); }

  function countyTime(moment) {
    return new Date(moment.getTime() + COUNTY_HOURS * 3600000).toISOString().slice(0, 19) + "+08:00";
  }

  function today() { return countyTime(now()).slice(0, 10); }

  function clock() { return countyTime(now()).slice(11, 16); }

  /* ── 本机的两个库：记录和密钥一个，当天名单一个 ── */
  function open(name, stores) {
    return new Promise(function (resolve, reject) {
      var asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = function () {
        stores.forEach(function (store) { asked.result.createObjectStore(store, { keyPath: "id" }); });
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }

  function result(asked) {
    return new Promise(function (resolve, reject) {
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }

  function finished(transaction) {
    return new Promise(function (resolve, reject) {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = function () { reject(transaction.error); };
    });
  }

  function write(names, act) {
    var transaction = kept.transaction(names, "readwrite", { durability: "strict" });
    act.apply(null, names.map(function (name) { return transaction.objectStore(name); }));
    return finished(transaction);
  }

  /* ── 当天名单 ── */
  async function withDay(act) {
    var day = await open(DAY_DATABASE, ["list"]);
    try { return await act(day); } finally { day.close(); }
  }

  async function keepList() {
    var key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    var nonce = crypto.getRandomValues(new Uint8Array(12));
    var sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, bytes(JSON.stringify(list)));
    await withDay(function (day) {
      var transaction = day.transaction("list", "readwrite");
      transaction.objectStore("list").put({ id: site, day: list.day, key: key, nonce: nonce, sealed: sealed });
      return finished(transaction);
    });
  }

  async function readList() {
    var found = await withDay(function (day) { return result(day.transaction("list").objectStore("list").get(site)); });
    if (!found) { return; }
    if (found.day !== today()) { return forgetList(); }
    var plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.nonce }, found.key, found.sealed);
    useList(JSON.parse(new TextDecoder().decode(plain)));
  }

  function forgetList() {
    list = null;
    indexedDB.deleteDatabase(DAY_DATABASE);
    if (guest) { clear(); }
    draw();
  }

  function useList(found) {
    list = found;
    list.byCard = {};
    list.byCode = {};
    list.diners.forEach(function (one) {
      list.byCode[one.code] = one;
      one.cards.forEach(function (digest) { list.byCard[digest] = one; });
    });
    pending().forEach(markEaten);
    if (!set || !list.sets.some(function (one) { return one.code === set.code; })) { set = setNow(); }
  }

  /* 服务器的名单还不知道没上传的那几笔；不记上，再断网就会给同一人补两次。 */
  function markEaten(entry) {
    var eater = list.byCode[entry.line.diner];
    var sold = list.sets.find(function (one) { return one.code === entry.line.set; });
    if (!eater || !sold || entry.undone || entry.line.kind !== "meal" || entry.line.at.slice(0, 10) !== list.day) { return; }
    var price = sold.price_fen + (entry.line.delivery ? list.fee_fen : 0);
    if (entry.line.charged_fen < price && eater.ate.indexOf(sold.meal) === -1) { eater.ate.push(sold.meal); }
  }

  function setNow() {
    var time = clock();
    return list.sets.find(function (one) {
      var hours = list.times[one.meal];
      return hours && hours[0] <= time && time <= hours[1];
    }) || list.sets[0] || null;
  }

  async function fetchList() {
    var answer = await ask("day" + (terminal && terminal.serial ? "?serial=" + terminal.serial : ""));
    await keepSkew(new Date(answer.now).getTime() - Date.now());
    if (answer.terminal === "revoked" || answer.terminal === "blocked") { return stop(); }
    useList(answer);
    list.fetched = clock();
    await keepList();
  }

  /* 断网时重开本页，也按最后一次对过的钟登记。 */
  function keepSkew(found) {
    skew = found;
    return navigator.locks.request("huimin-canteen-" + site, async function () {
      var own = await result(kept.transaction("terminals").objectStore("terminals").get(site));
      if (own) { await write(["terminals"], function (store) { store.put(Object.assign(own, { skew: found })); }); }
    });
  }

  /* ── 与服务器 ── */
  async function ask(path, values, patience) {
    var body = values ? new URLSearchParams(values) : undefined;
    if (body) { body.set("_form_key", document.querySelector("#keys [name=_form_key]").value); }
    var answer;
    try {
      answer = await fetch(base + path, {
        method: body ? "POST" : "GET", body: body, redirect: "manual", cache: "no-store",
        signal: AbortSignal.timeout(patience || PATIENCE)
      });
    } catch (cut) {
      throw lost("offline");
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) { forgetList(); throw lost("signed_out"); }
    var json = (answer.headers.get("content-type") || "").indexOf("application/json") === 0;
    if (!json) { throw lost(answer.status === 403 ? "reload" : "offline"); }
    var said = await answer.json();
    net = "online";
    if (!answer.ok) { throw Object.assign(new Error(said.error.message), { refused: said.error }); }
    return said;
  }

  function lost(state) {
    net = state;
    return Object.assign(new Error(state), { line: true });
  }

  /* ── 登记本机 ── */
  async function setUp() {
    terminal = await result(kept.transaction("terminals").objectStore("terminals").get(site));
    if (terminal && terminal.skew) { skew = terminal.skew; }
    if (terminal && terminal.key) { return true; }
    if (!element("setup").open) { element("setup").showModal(); }
    if (terminal) { await fetchKey(); }
    return Boolean(terminal && terminal.key);
  }

  async function registerHere() {
    var made = await ask("register", { title: element("setup-title").value });
    terminal = { id: site, serial: made.serial, claim: made.claim, counter: 0, previous: "" };
    await write(["terminals"], function (store) { store.put(terminal); });
    await fetchKey();
  }

  async function fetchKey() {
    drawSetup("waiting", false);
    var answer = await ask("key", { serial: terminal.serial, claim: terminal.claim });
    /* 密钥只发一次：发出以后断了线，这台设备只能重新登记。 */
    if (!answer.key && answer.state !== "registered") { drawSetup("key_gone", true); }
    if (!answer.key) { return; }
    terminal.key = await crypto.subtle.importKey(
      "raw", fromHex(answer.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]
    );
    delete terminal.claim;
    await write(["terminals"], function (store) { store.put(terminal); });
    element("setup").close();
    await begin();
  }

  function drawSetup(word, again) {
    element("setup-text").textContent = say(word, { serial: terminal && terminal.serial });
    element("setup-go").hidden = element("setup-name").hidden = !again;
  }

  function stop() {
    terminal = null;
    forgetList();
    drawSetup("stopped", false);
    if (!element("setup").open) { element("setup").showModal(); }
  }

  /* ── 写一笔：先落到本机，再上传 ── */
  function signed(line) {
    return ["huimin-canteen-1", line.terminal, line.counter, line.previous, line.kind,
      line.voids === null ? "" : line.voids, line.diner, line.site, line.set, line.at, line.channel,
      line.delivery ? "1" : "0", line.charged_fen].join("\n");
  }

  function writeEntry(kind, values) {
    return navigator.locks.request("huimin-canteen-" + site, async function () {
      var own = await result(kept.transaction("terminals").objectStore("terminals").get(site));
      var line = {
        terminal: own.serial, counter: own.counter + 1, previous: own.previous, kind: kind, voids: values.voids || null,
        diner: values.diner, site: site, set: values.set, at: countyTime(now()), channel: values.channel,
        delivery: values.delivery, charged_fen: values.charged_fen
      };
      line.mac = hex(await crypto.subtle.sign("HMAC", own.key, bytes(signed(line))));
      own.counter = line.counter;
      own.previous = line.mac;
      var entry = {
        id: own.serial + ":" + String(line.counter).padStart(12, "0"), state: "pending", reason: "", undone: false, line: line
      };
      await write(["terminals", "entries"], function (terminals, rows) {
        terminals.put(own);
        rows.put(entry);
        if (kind === "void") {
          var meal = entries.find(function (one) { return one.line.counter === values.voids; });
          meal.undone = true;
          rows.put(meal);
        }
      });
      entries.push(entry);
      return entry;
    });
  }

  async function send() {
    if (sending || !kept) { return; }
    sending = true;
    try {
      for (;;) {
        var waiting = pending().slice(0, SENT_AT_ONCE);
        if (!waiting.length) { break; }
        var answer = await ask("send", {
          lines: waiting.map(function (one) { return JSON.stringify(one.line); }).join("\n")
        });
        await settle(waiting, answer.lines);
      }
    } catch (trouble) {
      if (!trouble.line && !trouble.refused) { throw trouble; }
    } finally {
      sending = false;
      drawNet();
      drawRecent();
    }
  }

  /* 服务器逐笔答复以后才算上传；没有答复的留着再传。 */
  function settle(waiting, outcomes) {
    var said = {};
    outcomes.forEach(function (one) { said[one.counter] = one; });
    return write(["entries"], function (rows) {
      waiting.forEach(function (entry) {
        var one = said[entry.line.counter];
        if (!one) { return; }
        var bad = one.outcome === "conflict" || one.outcome === "refused";
        entry.state = bad ? "attention" : "sent";
        entry.reason = bad ? one.reason : "";
        rows.put(entry);
        if (one.code === "E_TERMINAL_REVOKED" || one.code === "E_TERMINAL_BLOCKED") { stop(); }
      });
    });
  }

  function pending() { return entries.filter(function (one) { return one.state === "pending"; }); }

  async function readEntries() {
    var all = await result(kept.transaction("entries").objectStore("entries").getAll());
    var day = today();
    var old = all.filter(function (one) { return one.state !== "pending" && one.line.at.slice(0, 10) !== day; });
    if (old.length) {
      await write(["entries"], function (rows) { old.forEach(function (one) { rows.delete(one.id); }); });
    }
    entries = all.filter(function (one) { return old.indexOf(one) === -1 && one.line.site === site; });
  }

  /* ── 就餐人 ── */
  async function digestOf(token) {
    return hex(await crypto.subtle.digest("SHA-256", bytes(token.trim().toLowerCase())));
  }

  async function take(typed, how) {
    var token = typed.trim();
    if (!token) { return; }
    if (!list) { return turnAway(say("no_list")); }
    var known = list.byCode[token] || list.byCard[await digestOf(token)] || null;
    channel = how;
    await meet(known, token);
  }

  async function meet(known, token) {
    var turn = ++looking;
    guest = known;
    shown = null;
    if (known) { draw(); }
    var found = null;
    try {
      found = await ask("find", {
        diner: known ? known.code : token, set: set.code, delivery: delivery() ? "1" : ""
      }, known ? LOOK_PATIENCE : PATIENCE);
    } catch (trouble) {
      if (turn !== looking) { return; }
      if (!known) { return turnAway(trouble.refused ? trouble.message : say(net === "online" ? "unknown" : "unknown_offline")); }
    }
    if (turn !== looking) { return; }
    if (found) {
      shown = found;
      guest = known || { code: found.code, name: found.name, pay: {}, ate: [] };
      list.byCode[guest.code] = guest;
    }
    draw();
    speak();
  }

  function turnAway(reason) {
    clear();
    band("bad", reason);
  }

  function delivery() { return element("delivery").getAttribute("aria-pressed") === "true"; }

  /* 这位在这个套餐要付多少：联网以服务器为准，断网以名单为准。 */
  function bill() {
    var fee = delivery() ? list.fee_fen : 0;
    var refusal = shown ? shown.refusal : guest.ate.indexOf(set.meal) !== -1 && (guest.pay[set.code] || 0) < set.price_fen ? "E_MEAL_DUP" : "";
    if (refusal) {
      return { kind: "full_price", code: refusal, reason: shown ? shown.reason : say(refusal), own: set.price_fen + fee, parts: {}, fee: fee };
    }
    if (shown) {
      return { kind: "meal", own: shown.self_pay_fen, parts: shown.parts, fee: shown.fee_fen };
    }
    var own = guest.pay[set.code];
    own = own === undefined ? set.price_fen : own;
    return { kind: "meal", own: own + fee, parts: own < set.price_fen ? { subsidy: set.price_fen - own } : {}, fee: fee };
  }

  async function confirmMeal() {
    if (!guest || !list || !terminal || element("confirm").disabled) { return; }
    looking += 1; /* 还没到的查询答复不再重画：不然按键又亮了，一餐会记两笔。 */
    element("confirm").disabled = true;
    var due = bill();
    var served = guest;
    var entry = await writeEntry(due.kind, {
      diner: served.code, set: set.code, channel: channel, delivery: delivery(), charged_fen: due.own
    });
    if (list) {
      markEaten(entry);
      await keepList();
    }
    clear();
    band("ok", say("done") + " · " + served.name);
    send();
  }

  async function undo() {
    var last = lastMeal();
    if (!last) { return; }
    await writeEntry("void", {
      voids: last.line.counter, diner: last.line.diner, set: last.line.set, channel: last.line.channel,
      delivery: last.line.delivery, charged_fen: 0
    });
    var eater = list && list.byCode[last.line.diner];
    if (eater) {
      eater.ate = eater.ate.filter(function (meal) { return meal !== mealOf(last.line.set); });
      await keepList();
    }
    draw();
    send();
  }

  function lastMeal() {
    var meals = entries.filter(function (one) {
      return one.line.kind !== "void" && !one.undone && one.state !== "attention" && one.line.at.slice(0, 10) === today();
    });
    return meals[meals.length - 1] || null;
  }

  function mealOf(code) {
    var found = list && list.sets.find(function (one) { return one.code === code; });
    return found ? found.meal : "";
  }

  function clear() {
    looking += 1;
    guest = shown = null;
    draw();
    element("reader").value = "";
    element("reader").focus();
  }

  async function closeDay() {
    await send();
    var count = pending().length;
    if (count) { return band("bad", say("unsent", { count: count })); }
    if (!window.confirm(say("ask_close"))) { return; }
    try {
      var done = await ask("close", { pending: count });
      band("ok", say("closed", { meals: done.meals, charged: money(done.charged_fen) }));
    } catch (trouble) {
      band("bad", trouble.refused ? trouble.message : say("offline", { count: count }));
    }
  }

  /* ── 画 ── */
  function band(state, text) {
    element("band").dataset.state = state;
    element("band-text").textContent = text;
  }

  function draw() {
    drawNet();
    drawServing();
    drawGuest();
    drawRecent();
  }

  function drawNet() {
    var count = pending().length;
    var state = net === "online" ? (count ? "sending" : "online") : net;
    element("net").classList.toggle("on", state === "online");
    element("net-text").textContent = say(state, { count: count });
    element("clock").textContent = clock();
  }

  function drawServing() {
    var hours = list && set ? list.times[set.meal] || ["", ""] : null;
    element("serving").textContent = hours ? say("meal_line", {
      day: list.day, meal: say(set.meal), from: hours[0], to: hours[1], set: set.name, price: money(set.price_fen)
    }) : "";
    var minutes = Math.round(Math.abs(skew) / 60000);
    element("note").textContent = !list ? say("no_list")
      : minutes >= 5 ? say("clock_wrong", { minutes: minutes }) : say("list_of", { time: list.fetched });
  }

  function drawGuest() {
    element("diet").hidden = !(shown && shown.diet);
    element("diet-text").textContent = shown ? shown.diet : "";
    element("kinds").replaceChildren.apply(element("kinds"), shown && shown.tier ? [made("span", "tag plain", shown.tier)] : []);
    element("month").textContent = shown ? say("month", { count: shown.month_meals + 1 }) : "";
    element("split").replaceChildren();
    element("parts").replaceChildren();
    if (!guest || !list || !set) {
      element("name").textContent = say("ready");
      element("initial").replaceChildren(nobody.cloneNode(true));
      element("facts").textContent = "";
      element("amount").textContent = "0.00";
      element("confirm").disabled = true;
      element("confirm-text").textContent = say("confirm", { amount: "0.00" });
      band("wait", say("wait"));
      return;
    }
    var due = bill();
    element("name").textContent = guest.name;
    element("initial").textContent = guest.name.slice(0, 1);
    element("facts").textContent = shown && shown.age !== null
      ? say(shown.tail ? "age_tail" : "age", { age: shown.age, tail: shown.tail }) : "";
    element("amount").textContent = money(due.own);
    element("confirm").disabled = Boolean(due.code) && due.code !== "E_MEAL_DUP";
    element("confirm-text").textContent = say(due.code ? "full_price" : "confirm", { amount: money(due.own) });
    band(due.code ? "bad" : "ok", due.code ? due.reason : say("ok"));
    drawParts(due);
  }

  var HUES = { county: 1, town: 6, charity: 7, operator: 4, subsidy: 1, own: 3, fee: 5 };

  function drawParts(due) {
    var lines = [part("base", set.name, money(set.price_fen))];
    Object.keys(due.parts).forEach(function (name) {
      lines.push(part(name, say(name), "− " + money(due.parts[name])));
      share(name, due.parts[name]);
    });
    if (due.fee) { lines.push(part("fee", say("fee"), "+ " + money(due.fee))); }
    lines.push(part("own", say("own"), money(due.own)));
    share("own", due.own);
    element("parts").replaceChildren.apply(element("parts"), lines);
  }

  function part(name, title, amount) {
    var line = made("li", name === "base" ? "base" : "", "");
    if (HUES[name]) { line.dataset.hue = HUES[name]; }
    line.append(made("span", name === "own" ? "b" : "", title), made("b", "", amount));
    return line;
  }

  function share(name, fen) {
    if (!fen) { return; }
    var piece = made("i", "", say(name).slice(0, 2) + " " + fen / 100);
    piece.dataset.hue = HUES[name];
    piece.style.flexGrow = fen;
    element("split").append(piece);
  }

  function drawRecent() {
    var meals = entries.filter(function (one) { return one.line.kind !== "void" && one.line.at.slice(0, 10) === today(); });
    var wanted = meals.filter(function (one) { return one.state === "attention" && !one.undone; })
      .concat(meals.slice(-RECENT).reverse().filter(function (one) { return one.state !== "attention" || one.undone; }));
    element("recent").replaceChildren.apply(element("recent"), wanted.slice(0, RECENT + 4).map(recentLine));
    element("undo").disabled = !lastMeal();
    element("count-here").textContent = meals.filter(function (one) { return !one.line.delivery && !one.undone; }).length;
    element("count-away").textContent = meals.filter(function (one) { return one.line.delivery && !one.undone; }).length;
  }

  function recentLine(entry) {
    var eater = list && list.byCode[entry.line.diner];
    var state = entry.undone ? "undone" : entry.state;
    var kinds = { pending: "tag warn", sent: "tag ok", attention: "tag bad", undone: "tag plain" };
    var line = made("li", "", "");
    var small = made("small", "", entry.line.at.slice(11, 16) + " · " + say(entry.line.channel === "name" ? "by_name" : "card"));
    small.append(made("span", kinds[state], say(state)));
    if (entry.reason) { small.append(made("span", "", entry.reason)); }
    line.append(made("b", "", eater ? eater.name : "…"), made("b", "", "¥" + money(entry.line.charged_fen)), small);
    return line;
  }

  function made(name, kind, text) {
    var one = document.createElement(name);
    if (kind) { one.className = kind; }
    if (text) { one.textContent = text; }
    return one;
  }

  function speak() {
    if (!guest || !window.speechSynthesis || element("aloud").getAttribute("aria-pressed") !== "true") { return; }
    var due = bill();
    var text = due.code ? due.reason : say("yuan", { yuan: String(due.own / 100) });
    var spoken = new SpeechSynthesisUtterance(say("speak", { name: guest.name, yuan: text }));
    spoken.lang = document.documentElement.lang;
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(spoken);
  }

  /* ── 查姓名 ── */
  function search() {
    if (!list) { return; }
    element("search-text").value = "";
    element("found").replaceChildren();
    element("search").showModal();
    element("search-text").focus();
  }

  function matches() {
    var typed = element("search-text").value.trim().toLowerCase();
    return typed && list ? list.diners.filter(function (one) {
      return one.name.indexOf(typed) !== -1 || one.initials.indexOf(typed) === 0;
    }).slice(0, 8) : [];
  }

  function drawFound() {
    element("found").replaceChildren.apply(element("found"), matches().map(function (one) {
      var line = made("li", "", "");
      var button = made("button", "btn block", one.name);
      button.type = "button";
      button.addEventListener("click", function () { choose(one); });
      line.append(button);
      return line;
    }));
  }

  function choose(one) {
    element("search").close();
    channel = "name";
    meet(one, one.code);
  }

  /* ── 键盘和按钮 ── */
  function toggle(id, act) {
    element(id).addEventListener("click", function () {
      element(id).setAttribute("aria-pressed", element(id).getAttribute("aria-pressed") === "true" ? "false" : "true");
      act();
      element("reader").focus();
    });
  }

  function nextSet() {
    if (!list || list.sets.length < 2) { return; }
    var place = list.sets.findIndex(function (one) { return one.code === set.code; });
    set = list.sets[(place + 1) % list.sets.length];
    if (guest) { meet(list.byCode[guest.code] || guest, guest.code); } else { draw(); }
  }

  document.addEventListener("keydown", function (event) {
    if (element("setup").open) { return; }
    if (element("search").open) {
      if (event.key === "Enter" && event.target === element("search-text")) {
        event.preventDefault();
        var first = matches()[0];
        if (first) { choose(first); }
      }
      return;
    }
    if (event.key === "F2") { event.preventDefault(); nextSet(); }
    if (event.key === "F4") { event.preventDefault(); search(); }
    if (event.key === "Escape") { event.preventDefault(); clear(); }
    if (event.key === "Enter" && (event.target === element("reader") || event.target === document.body)) {
      event.preventDefault();
      var typed = element("reader").value;
      element("reader").value = "";
      guarded(typed.trim() ? take.bind(null, typed, "card") : confirmMeal);
    }
  });

  element("reader").addEventListener("blur", function () {
    window.setTimeout(function () {
      var inside = document.activeElement && document.activeElement !== document.body;
      if (!inside && !element("search").open && !element("setup").open) { element("reader").focus(); }
    }, 50);
  });
  element("search-text").addEventListener("input", drawFound);
  element("search").addEventListener("close", function () { element("reader").focus(); });
  element("setup").addEventListener("cancel", function (event) { event.preventDefault(); });
  element("setup-go").addEventListener("click", function () { guarded(registerHere); });
  element("cancel").addEventListener("click", clear);
  element("change").addEventListener("click", nextSet);
  element("confirm").addEventListener("click", function () { guarded(confirmMeal); });
  element("undo").addEventListener("click", function () { guarded(undo); });
  element("close").addEventListener("click", function () { guarded(closeDay); });
  element("by-name").addEventListener("click", search);
  element("by-card").addEventListener("click", function () { element("reader").focus(); });
  toggle("delivery", function () { if (guest) { meet(guest, guest.code); } });
  toggle("aloud", function () {});
  window.addEventListener("online", tick);

  async function guarded(act) {
    try {
      await act();
    } catch (trouble) {
      band("bad", trouble.refused ? trouble.message : trouble.line ? say(net, { count: pending().length }) : String(trouble));
      if (!trouble.line && !trouble.refused) { throw trouble; }
    }
  }

  /* ── 开始，以及每隔一会儿 ── */
  async function begin() {
    await readList();
    try { await fetchList(); } catch (trouble) { if (!trouble.line) { throw trouble; } }
    await readEntries();
    if (list) { pending().forEach(markEaten); }
    draw();
    element("reader").focus();
    send();
  }

  var listedAt = Date.now();

  async function tick() {
    if (!kept) { return; }
    if (list && list.day !== today()) { forgetList(); }
    try {
      if (!(terminal && terminal.key)) { if (terminal) { await fetchKey(); } return; }
      if (!list || net !== "online" || Date.now() - listedAt > FRESH_LIST) {
        await fetchList();
        listedAt = Date.now();
      }
    } catch (trouble) {
      if (!trouble.line && !trouble.refused) { throw trouble; }
    }
    drawServing();
    await send();
  }

  /* 只把这一页存下来，断网也打得开。 */
  async function keepPage() {
    if (!navigator.serviceWorker) { return; }
    await navigator.serviceWorker.register(at.dataset.base + "worker.js", { scope: at.dataset.base });
    await navigator.serviceWorker.ready;
    var store = await caches.open("huimin-counter-1");
    var needed = [location.pathname, at.dataset.icons];
    document.querySelectorAll("link[rel=stylesheet], script[src], link[rel=icon]").forEach(function (one) {
      needed.push(one.href || one.src);
    });
    await Promise.all(needed.map(async function (address) {
      var answer = await fetch(address);
      if (answer.ok && !answer.redirected) { await store.put(address, answer); }
    }));
    at.dataset.kept = "true";
  }

  async function start() {
    if (!window.crypto || !crypto.subtle || !navigator.locks) { return band("bad", say("unsafe")); }
    kept = await open(KEPT_DATABASE, ["terminals", "entries"]);
    if (await setUp()) { await begin(); }
    window.setInterval(tick, POLL);
    window.setInterval(drawNet, 1000);
    await keepPage();
  }

  guarded(start);
})();
