/* When the page's own scripts do not run. For browsers of any age, so in the JavaScript of 2009. */
addEventListener("load", function () {
  var sentence = document.getElementById("too-old");
  if (!sentence) return; // main.js has taken it away
  sentence.hidden = false;
  document.getElementById("begin").hidden = true;
});
