/* 断网时打开收银窗口：只存窗口这一页和它的样式、脚本、图标，别的一概不存。 */
"use strict";

var STORE = "huimin-counter-1";
var PATIENCE = 4000;

self.addEventListener("install", function () { self.skipWaiting(); });

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) {
      return name.startsWith("huimin-counter-") && name !== STORE;
    }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

self.addEventListener("fetch", function (event) {
  var request = event.request;
  var address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (request.mode === "navigate") {
    event.respondWith(fresh(request));
  } else if (address.pathname.endsWith("/counter.js") || address.pathname.indexOf("/static/") !== -1) {
    event.respondWith(kept(request));
  }
});

/* 页面：先问服务器，问不到就用存着的那一份。 */
function fresh(request) {
  return Promise.race([
    fetch(request).then(function (answer) { return keep(request, answer); }),
    new Promise(function (resolve, reject) { setTimeout(reject, PATIENCE); })
  ]).catch(function () {
    return caches.match(request, { ignoreSearch: true }).then(function (found) { return found || fetch(request); });
  });
}

/* 样式、脚本、图标：地址随内容变，存着就用。 */
function kept(request) {
  return caches.match(request).then(function (found) {
    return found || fetch(request).then(function (answer) { return keep(request, answer); });
  });
}

function keep(request, answer) {
  if (!answer.ok || answer.redirected) { return answer; }
  var copy = answer.clone();
  return caches.open(STORE).then(function (store) { return store.put(request, copy); }).then(function () { return answer; });
}
