"use strict";
(() => {
  const box = document.querySelector(".find");
  if (!box) return;
  box.hidden = false;
  const groups = [...document.querySelectorAll(".group")].map(el => ({
    el, open: el.open, items: [...el.querySelectorAll("li")].map(li => ({ li, text: li.textContent.toLowerCase() })),
  }));
  const input = box.querySelector("input"), shown = document.getElementById("shown");
  const find = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let all = 0, found = 0;
    for (const g of groups) {
      let here = 0;
      for (const { li, text } of g.items) {
        li.hidden = !words.every(w => text.includes(w));
        if (!li.hidden) here++;
      }
      all += g.items.length;
      found += here;
      g.el.hidden = here === 0;
      g.el.open = words.length ? here > 0 : g.open;
    }
    shown.textContent = words.length ? `${found} of ${all}` : "";
  };
  let waiting = 0;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 120); });
  addEventListener("beforeprint", () => { for (const g of groups) g.el.open = true; });
  addEventListener("afterprint", find);
})();
