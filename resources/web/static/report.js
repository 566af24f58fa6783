// Compares the QR that was scanned (its fragment never reaches the server) with the one on record for this code.
"use strict";
(function () {
  const place = document.getElementById("qr-check");
  if (!place) return;
  const scanned = window.location.hash.slice(1);
  const known = place.dataset.fragment;
  let outcome = "none";
  if (scanned && known) outcome = scanned === known ? "same" : "differs";
  else if (scanned) outcome = "unrecorded";
  for (const part of document.querySelectorAll("[data-outcome]")) {
    part.hidden = !part.dataset.outcome.split(" ").includes(outcome);
  }
})();
