// Draws every element of class "curve" from the JSON at its data-src; also those that htmx puts into the page later.
"use strict";
(function () {
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function options(place, data) {
    const axis = { stroke: style("--ink-2"), grid: { stroke: style("--line"), width: 1 }, ticks: { show: false } };
    return {
      width: place.clientWidth,
      height: 300,
      legend: { live: false },
      cursor: { y: false },
      scales: { x: { time: false } },
      axes: [{ ...axis, label: data.x_caption }, { ...axis, label: data.y_caption, size: 60 }],
      series: [{ label: data.x_caption }, { label: data.y_caption, stroke: style("--brand"), width: 2, points: { show: false } }],
    };
  }

  async function draw(place) {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "begun";
    const answer = await fetch(place.dataset.src, { credentials: "same-origin" });
    if (!answer.ok) {
      place.textContent = place.dataset.failed;
      return;
    }
    const data = await answer.json();
    place.textContent = "";
    const plot = new uPlot(options(place, data), [data.x, data.y], place);
    place.dataset.drawn = String(data.x.length);
    window.addEventListener("resize", () => plot.setSize({ width: place.clientWidth, height: 300 }));
  }

  function drawAll() {
    for (const place of document.querySelectorAll(".curve[data-src]")) draw(place);
  }
  drawAll();
  new MutationObserver(drawAll).observe(document.body, { childList: true, subtree: true });
})();
