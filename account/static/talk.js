// A conversation that nobody looks at asks for nothing: what comes meanwhile is read when somebody is back.

document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.target.closest?.("#talk")) event.preventDefault();
});
