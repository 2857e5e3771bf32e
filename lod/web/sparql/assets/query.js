// Puts the editor in the place of the plain field; where it cannot be had, the field stays.
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
  place.querySelector(".CodeMirror textarea").ariaLabel = place.dataset.label;
  place.querySelector(".CodeMirror-scroll").tabIndex = 0; // for those who scroll by keys
  tab.getYasr().on("drawn", () => setTimeout(nameParts));
  form.hidden = true;

  // Names what the component's own table leaves without a name for those who do not see it.
  function nameParts() {
    for (const size of place.querySelectorAll("select.tableSizer")) size.ariaLabel = place.dataset.size;
    for (const head of place.querySelectorAll("th .dt-column-title:empty")) head.textContent = "#";
  }
})();
