// Says on the page that a passkey did not work; the library would only log it.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const trouble of document.querySelectorAll("[data-passkey-trouble]")) {
    trouble.hidden = false;
  }
});
