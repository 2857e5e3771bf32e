// Replaces the plain text field by the editor; without the editor's script the field remains.
"use strict";

(() => {
  const form = document.getElementById("ask");
  const place = document.getElementById("editor");
  if (!form || !place || typeof Yasgui === "undefined") return;

  const endpoint = new URL(place.dataset.endpoint, location.href).href;
  const text = form.elements.query.value;

  place.hidden = false;
  const editor = new Yasgui(place, {
    autoAddOnInit: false,
    autofocus: false,
    copyEndpointOnNewTab: true,
    endpointCatalogueOptions: { getData: () => [] },
    persistenceId: null,
    populateFromUrl: false,
    requestConfig: { endpoint, method: "POST" },
    yasqe: { autocompleters: [], createShareableLink: undefined, prefixCcApi: undefined },
  });

  const tab = editor.addTab(true, { yasqe: { value: text } });
  tab.setEndpoint(endpoint);
  // The Tab key moves on, as everywhere: nobody is trapped in the editor (WCAG 2.1.2).
  const input = tab.getYasqe();
  input.setOption("extraKeys", { ...input.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
  place.querySelector(".CodeMirror textarea").ariaLabel = place.dataset.label;
  place.querySelector(".CodeMirror-scroll").tabIndex = 0; // so that it can be scrolled by keyboard
  tab.getYasr().on("drawn", () => setTimeout(labelParts));
  form.hidden = true;

  // Labels what the component's own table leaves without a label for screen readers.
  function labelParts() {
    for (const size of place.querySelectorAll("select.tableSizer")) size.ariaLabel = place.dataset.size;
    for (const head of place.querySelectorAll("th .dt-column-title:empty")) head.textContent = "#";
  }
})();
