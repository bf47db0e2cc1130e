"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];

  // Cells without a value come last, whichever way the others are sorted.
  const sort = (column, descending) => {
    const text = heads[column].dataset.sort === "text";
    const value = (row) => {
      const v = row.cells[column].dataset.v;
      return v === undefined || text ? v : Number(v);
    };
    const compare = (a, b) => {
      const x = value(a), y = value(b);
      if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
      const order = text ? x.localeCompare(y, undefined, { sensitivity: "base", numeric: true }) : x - y;
      return descending ? -order : order;
    };
    body.append(...[...body.rows].sort(compare));
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };
  heads.forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    const label = document.createElement("span");
    label.append(...head.childNodes);
    button.append(label);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      // Numbers are asked for the largest first.
      sort(column, now ? now === "ascending" : head.dataset.sort === "number");
    });
    head.append(button);
  });

  const found = [...document.querySelectorAll("[data-find]")];
  const status = document.getElementById("shown");
  const nobody = document.getElementById("nobody");
  const input = document.getElementById("filter");
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const element of found) {
      element.hidden = !words.every((word) => element.dataset.find.includes(word));
    }
    const left = [...body.rows].filter((row) => !row.hidden).length;
    nobody.hidden = left > 0;
    status.textContent = words.length ? left + " of " + body.rows.length + " shown" : "";
  };
  input.addEventListener("input", filter);
  // There is nothing to choose from one person.
  input.closest(".filter").hidden = body.rows.length < 2;
  filter();

  // A link opens the person, and one to a person who is filtered away shows
  // everybody again.
  const follow = () => {
    const target = document.getElementById(location.hash.slice(1));
    const person = target && target.closest(".person");
    if (!person) return;
    if (person.hidden) {
      input.value = "";
      filter();
    }
    person.open = true;
    person.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  follow();
})();
