"use strict";
(() => {
  const box = document.querySelector(".find");
  if (!box) return;
  box.hidden = false;
  const groups = [...document.querySelectorAll(".group")].map(el => ({
    el, open: el.open, count: el.querySelector("summary small"), items: [...el.querySelectorAll("li")].map(li => ({ li, text: li.textContent.toLowerCase() })),
  }));
  const input = box.querySelector("input"), shown = document.getElementById("shown");
  const whole = n => n.toLocaleString("en-US");
  const most = 500; // more objects than these are printed only where they are unfolded
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
      g.count.textContent = (words.length ? `${whole(here)} of ` : "") + whole(g.items.length);
      g.el.hidden = here === 0;
      g.el.open = words.length ? here > 0 : g.open;
    }
    shown.textContent = words.length ? `${whole(found)} of ${whole(all)}` : "";
  };
  let waiting = 0;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 120); });
  addEventListener("beforeprint", () => { for (const g of groups) if (g.items.length <= most) g.el.open = true; });
  addEventListener("afterprint", find);
})();
