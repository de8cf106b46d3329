// What is looked at inside a page, each a function that gives what is wrong with it. They run in the
// browser, so that they see what a person's browser makes of the page.

// Wider than the window: somebody would have to scroll sideways.
export function overflow() {
  const width = document.documentElement.clientWidth;
  const found = document.documentElement.scrollWidth > width ? ["the page"] : [];
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest(".unseen, .skip, thead")) continue;
    if (box.right > width + 0.5) found.push(`${element.tagName} ${element.textContent.slice(0, 40)}`);
  }
  return found;
}

// Names, headings, headers and references that a screen reader goes by.
export function structure() {
  const found = [];
  const check = (good, what) => good || found.push(what);
  const all = (selector) => [...document.querySelectorAll(selector)];
  check(document.documentElement.lang === "en", "no language");
  check(document.title.trim() !== "", "no title");
  for (const one of ["h1", "main", "header", "footer", "nav[aria-label]", "a.skip[href='#main']"]) {
    check(all(one).length === 1, `${all(one).length} of ${one}`);
  }
  const levels = all("h1, h2, h3, h4").map((heading) => Number(heading.tagName[1]));
  levels.forEach((level, i) => check(i === 0 || level <= levels[i - 1] + 1, `h${level} is skipped to`));
  for (const field of all("input, select")) check(field.labels.length === 1, `${field.name}: no label`);
  for (const named of all("a, button, caption, th, h1, h2, label")) {
    check(named.textContent.trim() !== "", `${named.outerHTML.slice(0, 80)}: no name`);
  }
  for (const table of all("table")) check(table.caption !== null, "a table without a caption");
  for (const header of all("th")) check(["col", "row"].includes(header.scope), "a th without scope");
  for (const picture of all("svg")) {
    check(picture.getAttribute("role") === "img" && picture.getAttribute("aria-label"), "a silent svg");
  }
  const ids = all("[id]").map((element) => element.id);
  check(new Set(ids).size === ids.length, "an id twice");
  for (const name of ["aria-labelledby", "aria-describedby", "for"]) {
    for (const of of all(`[${name}]`)) {
      check(document.getElementById(of.getAttribute(name)), `${name} leads nowhere`);
    }
  }
  for (const link of all("a[href^='#']")) {
    check(document.getElementById(link.hash.slice(1)), `${link.hash} leads nowhere`);
  }
  return found;
}

// Links: within this site, or plainly http or https to elsewhere, without a query, telling nothing.
export function links() {
  const found = [];
  for (const link of document.querySelectorAll("a")) {
    const url = new URL(link.getAttribute("href"), "http://this.site/");
    const ours = url.origin === "http://this.site";
    const good = ours ? !link.hasAttribute("rel")
      : ["http:", "https:"].includes(url.protocol) && !url.search && !url.hash && !url.username
        && link.rel === "noopener noreferrer";
    if (!good) found.push(link.outerHTML.slice(0, 120));
  }
  return found;
}

// Text against what it stands on, by https://www.w3.org/TR/WCAG21/#contrast-minimum: 4.5 to 1; bars
// and borders of fields: 3 to 1.
export function contrast() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const found = new Set();
  const check = (element, colour, least) => {
    const is = ratio(colour, ground(element));
    if (is < least) found.add(`${element.tagName}.${element.getAttribute("class")}: ${is.toFixed(2)}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || element.closest("svg, select")) continue;
    check(element, getComputedStyle(element).color, 4.5);
  }
  for (const field of document.querySelectorAll("input, select, button")) {
    check(field, getComputedStyle(field).color, 4.5);
    check(field.parentElement, getComputedStyle(field).borderTopColor, 3);
  }
  for (const bar of document.querySelectorAll("rect.some")) {
    check(bar.closest("svg"), getComputedStyle(bar).fill, 3);
  }
  return [...found];
}

// Of the element that has the focus: what it is, and whether its ring is seen.
export function focused() {
  const element = document.activeElement;
  if (element === document.body) return null;
  const order = [...document.querySelectorAll("a[href], input, select, button")];
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    index: order.indexOf(element),
    of: order.length,
    name: element.outerHTML.slice(0, 80),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.top >= -1 && box.left >= -1 && box.bottom <= innerHeight + 1
      && box.right <= innerWidth + 1,
    box: [box.top, box.bottom, innerHeight],
  };
}

// Of many pages as the browser reads them: their elements and attributes, but for the links
// elsewhere, of which a hostile text makes none.
export function shapes(pages) {
  return pages.map((html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const counts = {};
    const count = (name) => { counts[name] = (counts[name] ?? 0) + 1; };
    const bad = [];
    for (const element of page.querySelectorAll("*")) {
      if (element.matches("a[rel]")) {
        const url = URL.canParse(element.getAttribute("href")) && new URL(element.getAttribute("href"));
        const good = url && ["http:", "https:"].includes(url.protocol) && !url.search && !url.username;
        if (!good || element.attributes.length !== 2) bad.push(element.outerHTML.slice(0, 200));
        continue;
      }
      count(element.tagName);
      for (const { name } of element.attributes) count(`${element.tagName} ${name}`);
    }
    const comments = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT).nextNode();
    if (comments) bad.push("a comment");
    return { shape: JSON.stringify(Object.entries(counts).sort()), bad };
  });
}
