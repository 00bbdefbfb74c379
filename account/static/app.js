// What a page does besides what its forms and links do by themselves: the worker, for when there is no network.

const { lang, dataset } = document.documentElement;

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/worker.js").catch(() => {});
  const told = { language: lang, whose: dataset.whose ?? "" };
  navigator.serviceWorker.ready.then((worker) => worker.active.postMessage(told));
}
