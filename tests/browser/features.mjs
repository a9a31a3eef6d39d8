/**
 * Which features of browsers the page's sources use, by the names of MDN's browser-compat-data:
 * `node features.mjs '{"chrome": "119"}' file.js file.css file.html` prints {used: [name], young: {name: [who lacks it]}}.
 * Our scripts are read with their types, so that a field of ours is not taken for one of a browser's. A file in vendor/
 * is read for globals alone, and for what is young. A syntax that is too young is an error.
 */

import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { createRequire } from "node:module";
import { parse } from "acorn";
import * as css from "css-tree";
import * as html from "parse5";
import ts from "typescript";

const bcd = createRequire(import.meta.url)("@mdn/browser-compat-data");
const { api, css: styles, html: markup, javascript: { builtins } } = bcd;
// Later years brought static blocks of classes, and await outside of functions, which Safari gets wrong.
const YEAR_OF_SYNTAX = 2021;

const [list, ...paths] = process.argv.slice(2);
const BROWSERS = Object.entries(JSON.parse(list));
const noted = new Map();

const numbers = (version) => version.replace("≤", "").split(".").map(Number);
const isNotAfter = (one, other) => {
  const [[major, minor = 0], [most, more = 0]] = [numbers(one), numbers(other)];
  return major < most || (major === most && minor <= more);
};

/** Whole support counts, without a flag, a prefix or another name. */
function has(said, version) {
  return [said].flat().some((one) => {
    const plain = one?.version_added && !one.flags && !one.prefix && !one.alternative_name && !one.partial_implementation;
    return plain && /^≤?\d/.test(one.version_added) && isNotAfter(one.version_added, version) && !one.version_removed;
  });
}

function lacking({ __compat: { support } }) {
  return BROWSERS.filter(([name, version]) => !has(support[name], version)).map(([name]) => name);
}

/** @returns {boolean} whether there was something to note */
function note(name, feature) {
  if (feature?.__compat) noted.set(name, lacking(feature));
  return Boolean(feature?.__compat);
}

/** Members of whatever interface, by their own name: types call some interfaces otherwise than MDN does. */
const members = new Map();
for (const [root, interfaces] of Object.entries({ api, "javascript.builtins": builtins })) {
  for (const [owner, feature] of Object.entries(interfaces)) {
    for (const [name, member] of Object.entries(feature)) {
      if (member.__compat) members.set(name, [...(members.get(name) ?? []), [`${root}.${owner}.${name}`, member]]);
    }
  }
}

/** Where nobody says whose it is, it is worth a note if every one of that name is young. */
function noteAny(name) {
  const all = members.get(name) ?? [];
  if (all.length && all.every(([, feature]) => lacking(feature).length)) note(...all[0]);
}

/** @returns {boolean} */
function noteGlobal(name) {
  const known = { api, "api.Window": api.Window, "javascript.builtins": builtins };
  return Object.entries(known).some(([root, all]) => note(`${root}.${name}`, all[name]));
}

/** @returns {boolean} */
function noteMember(type, member) {
  const name = type.replace(/Constructor$/, "");
  const owner = name.startsWith("Navigator") && !api[name] ? "Navigator" : name; // of which types make many
  const places = [member, `${member}_static`].flatMap((key) => [
    [`api.${owner}.${key}`, api[owner]?.[key]],
    [`javascript.builtins.${owner}.${key}`, builtins[owner]?.[key]],
  ]);
  return places.some((place) => note(...place));
}

/** Members of an interface, of the value that stands for it (`declare var Response: {…}`), and globals. */
function noteDeclaration({ parent }, name) {
  const holder = ts.isTypeLiteralNode(parent) ? parent.parent : ts.isInterfaceDeclaration(parent) ? parent : null;
  const owner = holder?.name?.text;
  if (!owner) noteGlobal(name);
  else if (!noteMember(owner, name)) noteAny(name);
}

const OPTIONS = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
};

function readScripts(files) {
  const program = ts.createProgram(files, OPTIONS);
  const checker = program.getTypeChecker();
  const symbolOf = (node) => {
    const { parent } = node;
    if (!ts.isBindingElement(parent) || !ts.isObjectBindingPattern(parent.parent)) return checker.getSymbolAtLocation(node);
    return checker.getTypeAtLocation(parent.parent).getProperty(node.text);
  };
  const isOfBrowsers = (declaration) => program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  const visit = (node) => {
    const declarations = (ts.isIdentifier(node) && symbolOf(node)?.declarations) || [];
    for (const declaration of declarations.filter(isOfBrowsers)) noteDeclaration(declaration, node.text);
    const listens = ts.isCallExpression(node) && node.expression.name?.text === "addEventListener";
    if (listens) noteAny(`${node.arguments[0].text}_event`);
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(program.getSourceFile(file));
}

function readVendored(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const visit = (node) => {
    const global = ts.isIdentifier(node) && /^[A-Z]\w{3}/.test(node.text) && node.parent.name !== node;
    if (global) noteGlobal(node.text);
    const member = ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) ? node : null;
    if (member) noteMember(member.expression.text.replace(/^[a-z]/, (first) => first.toUpperCase()), member.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function noteValue(property, { type, name, unit }) {
  const { types } = styles;
  if (type === "Identifier") note(`css.properties.${property}.${name}`, styles.properties[property]?.[name]);
  if (type === "Dimension") note(`css.types.length.${unit}`, types.length[unit]);
  if (type === "Function") for (const of of [types, types.color, types.gradient]) note(`css.types.${name}`, of[name]);
}

function readStyles(text) {
  css.walk(css.parse(text, { parseCustomProperty: true }), function (node) {
    if (node.type === "Declaration") {
      note(`css.properties.${node.property}`, styles.properties[node.property]);
      css.walk(node.value, (part) => noteValue(node.property, part));
    }
    if (node.type === "Atrule") note(`css.at-rules.${node.name}`, styles["at-rules"][node.name]);
    if (node.type === "Feature") note(`css.at-rules.media.${node.name}`, styles["at-rules"].media[node.name]);
    if (node.type.startsWith("Pseudo")) note(`css.selectors.${node.name}`, styles.selectors[node.name]);
    const nested = node.type === "Rule" && this.rule && this.rule !== node;
    if (nested || node.type === "NestingSelector") note("css.selectors.nesting", styles.selectors.nesting);
  });
}

function readMarkup(node) {
  const element = markup.elements[node.tagName];
  note(`html.elements.${node.tagName}`, element);
  for (const { name, value } of node.attrs ?? []) {
    const known = element?.[name] ?? markup.global_attributes[name];
    note(`html.elements.${node.tagName}.${name}`, known);
    note(`html.elements.${node.tagName}.${name}.${value}`, known?.[value]);
  }
  for (const child of node.childNodes ?? []) readMarkup(child);
}

const withExtension = (extension) => paths.filter((path) => extname(path) === extension);
const scripts = [...withExtension(".js"), ...withExtension(".mjs")];
const ours = scripts.filter((path) => !path.includes("/vendor/"));
for (const path of scripts) {
  const syntax = path.endsWith("/old.js") ? { ecmaVersion: 5 } : { ecmaVersion: YEAR_OF_SYNTAX, sourceType: "module" };
  parse(readFileSync(path, "utf8"), syntax);
}
readScripts(ours);
for (const path of withExtension(".css")) readStyles(readFileSync(path, "utf8"));
for (const path of withExtension(".html")) readMarkup(html.parse(readFileSync(path, "utf8")));
const used = [...noted.keys()].sort();
for (const path of scripts) if (!ours.includes(path)) readVendored(path);

const young = Object.fromEntries([...noted].filter(([, who]) => who.length).sort());
console.log(JSON.stringify({ used, young }));
