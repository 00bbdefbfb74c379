// What a page does besides what its forms and links do by themselves: the worker, for when there is no network.

const { lang, dataset } = document.documentElement;

if ("serviceWorker" in navigator) {
  if (!("whose" in dataset)) caches.open("kept").then((cache) => cache.delete("/")); // of nobody: nothing is kept
  navigator.serviceWorker.register("/worker.js").catch(() => {});
  navigator.serviceWorker.ready.then((worker) => worker.active.postMessage({ language: lang }));
}
