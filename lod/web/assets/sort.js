// Sorts a table by the head that is clicked, in place; without this script each head is a link to the sorted page.
"use strict";

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells];
  const collator = new Intl.Collator(document.documentElement.lang);

  for (const [column, head] of heads.entries()) {
    head.querySelector("a")?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const first = column ? "descending" : "ascending";
      const other = column ? "ascending" : "descending";
      const order = head.ariaSort === first ? other : first;
      for (const each of heads) each.ariaSort = null;
      head.ariaSort = order;
      sort(column, order === "ascending" ? 1 : -1);
    });
  }

  function sort(column, sign) {
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => compare(a.cells[column], b.cells[column], sign));
    table.tBodies[0].append(...rows);
  }

  // Cells without a value come last in both orders.
  function compare(a, b, sign) {
    if (a.tagName === "TH") return sign * collator.compare(...[a, b].map((name) => name.dataset.key ?? name.textContent));
    const values = [a, b].map((cell) => cell.dataset.value);
    if (values.includes(undefined)) return (values[0] === undefined) - (values[1] === undefined);
    return sign * (values[0] - values[1]);
  }
}
