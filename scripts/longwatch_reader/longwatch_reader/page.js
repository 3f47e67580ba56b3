// Draws the figures of the page, shows and hides arms in all of them at once, follows light and dark, and
// draws all of it plainly for paper.
(function () {
  "use strict";
  const page = JSON.parse(document.getElementById("page-data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const coarse = window.matchMedia("(pointer: coarse)");
  const hidden = new Set();
  let onPaper = false;

  function theme() {
    return page.themes[dark.matches && !onPaper ? "dark" : "light"];
  }

  // Sets what a path as "marker.line.color" names.
  function put(object, path, value) {
    const keys = path.split(".");
    const last = keys.pop();
    keys.reduce((at, key) => (at[key] = at[key] || {}), object)[last] = value;
  }

  function isShown(meta) {
    if (onPaper || !meta || !meta.arms) { return true; }
    return meta.any ? meta.arms.some((arm) => !hidden.has(arm)) : !meta.arms.some((arm) => hidden.has(arm));
  }

  function tracesOf(figure, narrow, width) {
    const colours = theme();
    return figure.data.map((trace) => {
      const copy = structuredClone(trace);
      copy.visible = isShown(trace.meta) && !(narrow && trace.meta && trace.meta.names);
      for (const [path, name] of Object.entries((trace.meta && trace.meta.theme) || {})) {
        put(copy, path, colours[name]);
      }
      if (trace.meta && trace.meta.scales) { copy.marker.size = Math.max(4, trace.marker.size * Math.min(width / 1150, 1)); }
      if (onPaper && copy.textfont) { copy.textfont.size = 8; }
      if (trace.meta && trace.meta.narrow_hover && window.innerWidth < 600) { copy.hovertemplate = trace.meta.narrow_hover; }
      // Numbers beside marks have no room on a narrow screen; hover and tables have them.
      if (trace.meta && trace.meta.numbers && window.innerWidth < 600 && !onPaper) { copy.mode = "markers"; }
      return copy;
    });
  }

  function layoutOf(figure, width) {
    const colours = theme();
    const layout = structuredClone(figure.layout);
    layout.width = width;
    if (onPaper) {
      layout.height *= 0.74;
      layout.font.size = 10;
      for (const axis of ["xaxis", "yaxis"]) { put(layout[axis], "title.font.size", 10); }
    }
    layout.uirevision = "kept";
    layout.font.color = colours.text;
    Object.assign(layout.hoverlabel, { bgcolor: colours.halo, bordercolor: colours.zero });
    layout.hoverlabel.font.color = colours.text;
    Object.assign(layout.modebar, { color: colours.zero, activecolor: colours.text });
    for (const axis of ["xaxis", "yaxis"]) {
      const shows = !/rgba/.test(layout[axis].gridcolor || "");
      layout[axis].gridcolor = shows ? colours.grid : layout[axis].gridcolor;
      layout[axis].linecolor = colours.zero;
    }
    for (const shape of layout.shapes || []) { shape.line.color = colours.zero; }
    if (layout.meta && layout.meta.map) {
      layout.plot_bgcolor = colours.sea;
      const legend = onPaper ? 56 : width < 600 ? 150 : 70;
      layout.height = Math.max(width / (onPaper ? 2 : layout.meta.aspect), 320) + legend;
      layout.margin.b = legend;
    }
    // A finger on a figure scrolls the page.
    layout.dragmode = coarse.matches ? false : layout.meta && layout.meta.map ? "pan" : "zoom";
    return layout;
  }

  function draw() {
    for (const figure of page.figures) {
      const place = document.getElementById(figure.id);
      const width = Math.floor(place.parentElement.getBoundingClientRect().width);
      if (width < 10) { continue; }
      const narrow = width < 600 && Boolean(figure.layout.meta && figure.layout.meta.map);
      const config = {
        displaylogo: false, displayModeBar: onPaper || width < 600 ? false : "hover",
        modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
      };
      Plotly.react(place, tracesOf(figure, narrow, width), layoutOf(figure, width), config);
      if (!place.dataset.heard) {
        place.dataset.heard = "yes";
        // A legend shows and hides an arm everywhere; what is of no arm stays.
        place.on("plotly_legendclick", (event) => {
          const meta = event.data[event.curveNumber].meta;
          if (meta && meta.arms && meta.arms.length === 1) { toggle(meta.arms[0]); }
          return false;
        });
        place.on("plotly_legenddoubleclick", () => false);
      }
    }
    for (const row of document.querySelectorAll("[data-arms]")) {
      row.hidden = !isShown({ arms: JSON.parse(row.dataset.arms) });
    }
  }

  function toggle(arm) {
    if (!hidden.delete(arm)) { hidden.add(arm); }
    for (const box of document.querySelectorAll("input[data-arm]")) {
      if (box.dataset.arm === arm) { box.checked = !hidden.has(arm); }
    }
    draw();
  }

  function setPaper(value) {
    if (onPaper === value) { return; }
    onPaper = value;
    document.body.classList.toggle("paper", value);
    draw();
  }

  for (const box of document.querySelectorAll("input[data-arm]")) {
    box.checked = true;
    box.addEventListener("change", () => toggle(box.dataset.arm));
  }
  dark.addEventListener("change", draw);
  window.addEventListener("beforeprint", () => setPaper(true));
  window.addEventListener("afterprint", () => setPaper(false));
  window.matchMedia("print").addEventListener("change", (event) => setPaper(event.matches));
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width && !onPaper) {
      width = window.innerWidth;
      draw();
    }
  });
  draw();
  document.body.dataset.drawn = "yes";
})();
