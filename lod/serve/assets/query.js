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
    persistenceId: "lod",
    populateFromUrl: false,
    requestConfig: { endpoint, method: "POST" },
    yasqe: { autocompleters: [], createShareableLink: undefined, prefixCcApi: undefined },
  });

  const name = place.dataset.name || "SPARQL";
  const same = Object.values(editor._tabs).find((tab) => tab.getPersistedJson().yasqe.value === text);
  const tab = same || editor.addTab(true, { name, yasqe: { value: text } });
  editor.selectTabId(tab.getId());
  tab.setEndpoint(endpoint);
  form.hidden = true;
})();
